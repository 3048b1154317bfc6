using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What the kernel knows of a neighbour (<c>NUD_*</c>; RFC 4861, section 7.3.2): one of these, or none.</summary>
[Flags]
public enum NeighborState : ushort
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>It was asked for its hardware address and has not answered so far.</summary>
    Incomplete = 0x01,

    /// <summary>It has answered, or something above has heard from it, of late.</summary>
    Reachable = 0x02,

    /// <summary>It has not been heard from of late; nothing was sent to it since.</summary>
    Stale = 0x04,

    /// <summary>Something was sent to it, and may yet be answered.</summary>
    Delay = 0x08,

    /// <summary>It is being asked whether it is there.</summary>
    Probe = 0x10,

    /// <summary>It has not answered.</summary>
    Failed = 0x20,

    /// <summary>There is no need to ask: groups, and links without hardware addresses.</summary>
    NoArp = 0x40,

    /// <summary>Set by hand, for good.</summary>
    Permanent = 0x80,
}
