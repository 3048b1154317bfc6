namespace Spindle.Simulation.Network;

/// <summary>What a route does (<c>RTN_*</c>, <c>man 7 rtnetlink</c>).</summary>
internal enum RouteType : byte
{
    Unspecified = 0,

    /// <summary>To a gateway or a link.</summary>
    Unicast = 1,

    /// <summary>The machine's own.</summary>
    Local = 2,

    /// <summary>Accepted as broadcast, sent as broadcast.</summary>
    Broadcast = 3,

    /// <summary>Accepted as local, sent as unicast, one of several.</summary>
    Anycast = 4,

    Multicast = 5,

    /// <summary>Dropped without a word: EINVAL for who sends.</summary>
    Blackhole = 6,

    /// <summary>EHOSTUNREACH.</summary>
    Unreachable = 7,

    /// <summary>EACCES.</summary>
    Prohibit = 8,

    /// <summary>Not in this table.</summary>
    Throw = 9,

    /// <summary>Was address translation once; leads nowhere.</summary>
    Translated = 10,

    /// <summary>Was for a resolver outside; leads nowhere.</summary>
    External = 11,
}
