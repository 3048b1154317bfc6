using System;

namespace Spindle.Simulation.Network.Internet;

/// <summary>States of a neighbour (RFC 4861, section 7.3.2; <c>NUD_*</c>, <c>man 7 rtnetlink</c>). ARP's have the same.</summary>
[Flags]
internal enum NeighborState : byte
{
    /// <summary>Nothing was done about it yet.</summary>
    None = 0,

    /// <summary>Asked for, no answer yet.</summary>
    Incomplete = 0x01,

    /// <summary>Has answered of late.</summary>
    Reachable = 0x02,

    /// <summary>Its address is known; whether it is there is not.</summary>
    Stale = 0x04,

    /// <summary>Was sent something, and may yet show that it is there.</summary>
    Delay = 0x08,

    /// <summary>Is asked directly.</summary>
    Probe = 0x10,

    /// <summary>Has not answered.</summary>
    Failed = 0x20,

    /// <summary>By hand: it need not be asked.</summary>
    NoArp = 0x40,

    /// <summary>By hand: for good.</summary>
    Permanent = 0x80,
}
