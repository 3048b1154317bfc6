using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Flags of an address (<c>IFA_F_*</c>).</summary>
[Flags]
public enum AddressFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>IPv4: secondary. IPv6: temporary (RFC 8981).</summary>
    Secondary = 0x01,

    /// <summary>No duplicate address detection.</summary>
    NoDetection = 0x02,

    /// <summary>Usable before duplicate address detection ended (RFC 4429).</summary>
    Optimistic = 0x04,

    /// <summary>Somebody else has it.</summary>
    DetectionFailed = 0x08,

    /// <summary>Mobile IPv6 home address.</summary>
    Home = 0x10,

    /// <summary>Its preferred lifetime is over.</summary>
    Deprecated = 0x20,

    /// <summary>Duplicate address detection still goes on.</summary>
    Tentative = 0x40,

    /// <summary>No lifetime, or not from a router advertisement.</summary>
    Permanent = 0x80,

    /// <summary>The kernel makes temporary addresses beside it.</summary>
    ManageTemporary = 0x100,

    /// <summary>No route to its prefix is made for it.</summary>
    NoPrefixRoute = 0x200,

    /// <summary>A multicast group is joined for it.</summary>
    MulticastAutoJoin = 0x400,

    /// <summary>Made by RFC 7217.</summary>
    StablePrivacy = 0x800,
}
