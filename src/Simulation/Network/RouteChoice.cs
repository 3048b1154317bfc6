using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>Where a packet goes.</summary>
/// <param name="Type">Unicast, local, broadcast or multicast: no other is an answer.</param>
/// <param name="Link">The link that it leaves by; of a local destination the loopback.</param>
internal readonly record struct RouteChoice(RouteType Type, SimulatedLink Link)
{
    /// <summary>The neighbour it is given to; null: the destination itself.</summary>
    public IpAddress? Gateway { get; init; }

    /// <summary>The source address for who has not chosen one; unspecified if the machine has none that would do.</summary>
    public IpAddress PreferredSource { get; init; }

    /// <summary>Of a local destination: the link that it seems to come back by, where that is not the one that has the address.</summary>
    public SimulatedLink? Arrival { get; init; }

    public RouteScope Scope { get; init; }

    /// <summary>The route's own MTU; 0 for the link's.</summary>
    public uint Mtu { get; init; }

    /// <summary>The neighbour: the gateway, or the destination.</summary>
    public IpAddress NextHop(IpAddress destination) => Gateway ?? destination;
}
