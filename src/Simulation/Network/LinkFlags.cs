using System;

namespace Spindle.Simulation.Network;

/// <summary>Flags of a link (<c>IFF_*</c>, <c>man 7 netdevice</c>).</summary>
[Flags]
internal enum LinkFlags : uint
{
    None = 0,

    /// <summary>An administrator wants it to work.</summary>
    Up = 0x1,

    /// <summary>Has a broadcast address.</summary>
    Broadcast = 0x2,

    /// <summary>The machine's own.</summary>
    Loopback = 0x8,

    /// <summary>Has no neighbours to resolve.</summary>
    NoArp = 0x80,

    /// <summary>It works: RFC 2863's state is up or unknown.</summary>
    Running = 0x40,

    /// <summary>Hears all frames, whomever they are for.</summary>
    Promiscuous = 0x100,

    /// <summary>Hears all multicast frames.</summary>
    AllMulticast = 0x200,

    /// <summary>Can carry multicast.</summary>
    Multicast = 0x1000,

    /// <summary>There is a carrier.</summary>
    LowerUp = 0x10000,
}
