using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Flags of a route and its nexthop (<c>RTNH_F_*</c>, <c>RTM_F_*</c>).</summary>
[Flags]
public enum RouteFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The nexthop is dead: its link is down.</summary>
    Dead = 0x01,

    /// <summary>The gateway is on the link even if no prefix says so.</summary>
    OnLink = 0x04,

    /// <summary>Offloaded to hardware.</summary>
    Offload = 0x08,

    /// <summary>The link has no carrier.</summary>
    LinkDown = 0x10,

    /// <summary>A cached exception, not a route of the table.</summary>
    Cloned = 0x200,
}
