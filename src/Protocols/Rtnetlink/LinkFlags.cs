using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Flags of a link (<c>IFF_*</c>, <c>man 7 netdevice</c>).</summary>
[Flags]
public enum LinkFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Switched on by an administrator.</summary>
    Up = 0x1,

    /// <summary>Can broadcast.</summary>
    Broadcast = 0x2,

    /// <summary>A loopback.</summary>
    Loopback = 0x8,

    /// <summary>Has two ends.</summary>
    PointToPoint = 0x10,

    /// <summary>Up and operational (RFC 2863).</summary>
    Running = 0x40,

    /// <summary>Has no ARP.</summary>
    NoArp = 0x80,

    /// <summary>Receives everything.</summary>
    Promiscuous = 0x100,

    /// <summary>Part of a bond.</summary>
    Slave = 0x800,

    /// <summary>Can multicast.</summary>
    Multicast = 0x1000,

    /// <summary>The driver has carrier.</summary>
    LowerUp = 0x10000,

    /// <summary>Waits for something above the driver (802.1X).</summary>
    Dormant = 0x20000,
}
