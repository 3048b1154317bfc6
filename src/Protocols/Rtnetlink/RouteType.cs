namespace Spindle.Protocols.Rtnetlink;

/// <summary>What a route does with packets (<c>RTN_*</c>).</summary>
public enum RouteType : byte
{
    /// <summary>Not said.</summary>
    Unspecified = 0,

    /// <summary>To a gateway or a link.</summary>
    Unicast = 1,

    /// <summary>To this machine.</summary>
    Local = 2,

    /// <summary>To this machine and the link, as a broadcast.</summary>
    Broadcast = 3,

    /// <summary>To this machine, as an anycast.</summary>
    Anycast = 4,

    /// <summary>A multicast.</summary>
    Multicast = 5,

    /// <summary>Dropped silently.</summary>
    Blackhole = 6,

    /// <summary>Refused: no route to host.</summary>
    Unreachable = 7,

    /// <summary>Refused: prohibited.</summary>
    Prohibit = 8,

    /// <summary>Not in this table: the next rule is tried.</summary>
    Throw = 9,

    /// <summary>Translated (unused).</summary>
    Translate = 10,
}
