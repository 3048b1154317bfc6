using System;

namespace Spindle.Simulation.Network;

/// <summary>State of an address (<c>IFA_F_*</c>, <c>man 7 rtnetlink</c>).</summary>
[Flags]
internal enum AddressFlags : uint
{
    None = 0,

    /// <summary>IPv4: not the first of its subnet; IPv6: temporary.</summary>
    Secondary = 0x1,

    /// <summary>Not checked for duplicates.</summary>
    NoDetection = 0x2,

    /// <summary>Used while it is being checked.</summary>
    Optimistic = 0x4,

    /// <summary>Somebody else has it.</summary>
    DetectionFailed = 0x8,

    /// <summary>Of Mobile IPv6.</summary>
    Home = 0x10,

    /// <summary>No longer for new connections.</summary>
    Deprecated = 0x20,

    /// <summary>Being checked for duplicates, or waiting for that.</summary>
    Tentative = 0x40,

    /// <summary>Lives without end.</summary>
    Permanent = 0x80,

    /// <summary>The kernel makes temporary addresses of it.</summary>
    ManageTemporary = 0x100,

    /// <summary>Brings no route to its network.</summary>
    NoPrefixRoute = 0x200,

    /// <summary>Its multicast group is joined.</summary>
    MulticastAutoJoin = 0x400,

    /// <summary>From a secret.</summary>
    StablePrivacy = 0x800,
}
