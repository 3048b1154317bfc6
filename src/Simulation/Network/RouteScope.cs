namespace Spindle.Simulation.Network;

/// <summary>How far an address or a route's destination is (<c>RT_SCOPE_*</c>, <c>man 7 rtnetlink</c>).</summary>
internal enum RouteScope : byte
{
    /// <summary>Anywhere.</summary>
    Universe = 0,

    /// <summary>Within the site (IPv6, deprecated).</summary>
    Site = 200,

    /// <summary>On the link.</summary>
    Link = 253,

    /// <summary>On this machine.</summary>
    Host = 254,

    /// <summary>Does not exist.</summary>
    Nowhere = 255,
}
