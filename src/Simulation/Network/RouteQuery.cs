using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>Where does a packet go?</summary>
/// <param name="Destination">Whom it is for.</param>
internal readonly record struct RouteQuery(IpAddress Destination)
{
    /// <summary>From which address; null if that is to be found.</summary>
    public IpAddress? Source { get; init; }

    /// <summary>The socket is bound to a link (SO_BINDTODEVICE), or the address has a scope; null for any.</summary>
    public SimulatedLink? OutputLink { get; init; }

    /// <summary>The link that it must leave by is not there: of all routes those of IPv4 that reject are left, which ask for no link (those
    /// of IPv6 are on the loopback link).</summary>
    public bool IsOutputMissing { get; init; }

    /// <summary>The link that it came in by; null for a packet of our own.</summary>
    public SimulatedLink? InputLink { get; init; }

    /// <summary>SO_MARK.</summary>
    public uint Mark { get; init; }
}
