using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Where a packet of the machine's own goes: the tables, and what holds without them where a link is named.</summary>
/// <remarks>IPv4 takes it from a named link that everything is on it, where no route says otherwise; broadcasts and multicasts go
/// out by the link named, or by that of their source; a source must be one of the machine's (<c>man 7 ip</c>).</remarks>
internal sealed class OutputRoutes(NetworkStack network)
{
    public bool TryFind(RouteQuery query, out RouteChoice route, out Errno error)
    {
        route = default;
        error = Errno.None;
        if (query.Destination.IsV6)
        {
            return TryFindV6(query, out route, out error);
        }

        IpAddress destination = query.Destination;
        if (query.Source is { } source && !source.IsUnspecified)
        {
            if (source.IsMulticast || source == IpAddress.BroadcastV4 || !network.IsLocal(source))
            {
                error = Errno.ENETUNREACH;
                return false;
            }

            if (query.OutputLink is null && IsForMany(destination))
            {
                query = query with { OutputLink = LinkOf(source) };
            }
        }

        if (query.OutputLink is { } named)
        {
            if (!named.IsUp)
            {
                error = Errno.ENETUNREACH;
                return false;
            }

            if (IsForMany(destination))
            {
                route = OnLink(named, destination, query.Source);
                return true;
            }
        }

        if (network.FindRoute(query, out route, out error))
        {
            if (query.Source is { IsLoopback: true } && route.Link.Kind != LinkKind.Loopback)
            {
                error = Errno.EINVAL; // what comes from the loopback stays there
                return false;
            }

            route = IsForMany(destination) ? route with { Type = TypeOf(destination) } : route;
            return true;
        }

        if (query.OutputLink is { } link && error == Errno.ENETUNREACH)
        {
            route = OnLink(link, destination, query.Source);
            error = query.Source is { IsLoopback: true } && link.Kind != LinkKind.Loopback ? Errno.EINVAL : Errno.None;
            return error == Errno.None;
        }

        return false;
    }

    private bool TryFindV6(in RouteQuery query, out RouteChoice route, out Errno error)
    {
        bool isFound = network.FindRoute(query, out route, out error);
        if (isFound && query.Destination.IsMulticast)
        {
            route = route with { Type = RouteType.Multicast };
        }

        return isFound;
    }

    private static bool IsForMany(IpAddress destination) => destination.IsMulticast || destination == IpAddress.BroadcastV4;

    private static RouteType TypeOf(IpAddress destination) =>
        destination.IsMulticast ? RouteType.Multicast : destination == IpAddress.BroadcastV4 ? RouteType.Broadcast : RouteType.Unicast;

    private RouteChoice OnLink(SimulatedLink link, IpAddress destination, IpAddress? source) => new(TypeOf(destination), link)
    {
        PreferredSource = source is { IsUnspecified: false } given ? given : FirstOf(link, destination),
        Scope = RouteScope.Link,
    };

    private SimulatedLink? LinkOf(IpAddress source)
    {
        foreach (InterfaceAddress address in network.Addresses(family: IpFamily.V4))
        {
            if (address.Local == source)
            {
                return address.Link;
            }
        }

        return null;
    }

    // One of the link's; else any that is no link's alone.
    private IpAddress FirstOf(SimulatedLink link, IpAddress destination)
    {
        InterfaceAddress? first = null;
        foreach (InterfaceAddress address in network.Addresses(link, IpFamily.V4))
        {
            if (address.Network.Contains(destination))
            {
                return address.Local;
            }

            first ??= address;
        }

        if (first is not null)
        {
            return first.Local;
        }

        foreach (InterfaceAddress address in network.Addresses(family: IpFamily.V4))
        {
            if (address.Scope is not (RouteScope.Link or RouteScope.Host))
            {
                return address.Local;
            }
        }

        return IpAddress.AnyV4;
    }
}
