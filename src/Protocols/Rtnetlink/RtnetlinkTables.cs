using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>The tables of the kernel that are mirrored; each is dumped by a request of its own.</summary>
[Flags]
public enum RtnetlinkTables
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Links.</summary>
    Links = 1,

    /// <summary>Addresses of both families.</summary>
    Addresses = 2,

    /// <summary>IPv4 routes.</summary>
    RoutesV4 = 4,

    /// <summary>IPv6 routes.</summary>
    RoutesV6 = 8,

    /// <summary>Rules of both families.</summary>
    Rules = 16,

    /// <summary>All of them.</summary>
    All = 31,
}
