using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The IPv4 routes: how they come to be there, and what makes them go.</summary>
internal sealed class Routes4(NetworkStack stack)
{
    public RouteTables Tables { get; } = new(IpFamily.V4);

    /// <summary>Adds a route, as RTM_NEWROUTE with these flags does.</summary>
    public Answer Add(Route route, int flags)
    {
        List<Route> routes = Tables.Make(route.Table);
        int first = routes.FindIndex(other => IsRival(other, route));
        int told = MessageFlags.Create | (first < 0 ? MessageFlags.Exclusive : 0);
        if (first >= 0)
        {
            bool isThere = routes.Exists(other => IsRival(other, route) && other.IsSameAs(route));
            if ((flags & MessageFlags.Exclusive) != 0)
            {
                return Answer.Fail(Errno.EEXIST);
            }

            if ((flags & MessageFlags.Replace) != 0)
            {
                return Replace(routes, first, route, isThere);
            }

            if (isThere)
            {
                return Answer.Fail(Errno.EEXIST);
            }

            told |= flags & MessageFlags.Append;
        }

        if ((flags & MessageFlags.Create) == 0)
        {
            return Answer.Fail(Errno.ENOENT);
        }

        routes.Insert(PlaceOf(routes, route, (flags & MessageFlags.Append) != 0), route);
        Tell(route, MessageType.NewRoute, told);
        return Answer.Done;
    }

    /// <summary>Removes the first route that is as asked for.</summary>
    public Answer Delete(in RouteWish wish)
    {
        if (!Tables.HasTable(wish.Table))
        {
            return Answer.Fail(Errno.ESRCH, "FIB table does not exist");
        }

        foreach (Route route in Tables.Of(wish.Table))
        {
            if (wish.Takes(route))
            {
                Tables.Remove(route);
                Tell(route, MessageType.DeleteRoute, 0);
                return Answer.Done;
            }
        }

        return Answer.Fail(Errno.ESRCH);
    }

    /// <summary>An address is no longer the machine's: routes of the main table that make packets come from it go, and no others.</summary>
    public void DropSource(IpAddress address)
    {
        foreach (Route route in Tables.Of(Route.MainTable).FindAll(route => route.PreferredSource == address))
        {
            Tables.Remove(route);
            Tell(route, MessageType.DeleteRoute, 0);
        }
    }

    /// <summary>A link is switched off, or goes: its routes vanish, and nobody is told. Those to the machine itself stay as long
    /// as the link is there.</summary>
    public void DropLink(SimulatedLink link, bool isGone)
    {
        foreach (Route route in new List<Route>(Tables.All()))
        {
            if (route.Link == link && (isGone || route.Scope != RouteScope.Host))
            {
                Tables.Remove(route);
            }
        }
    }

    /// <summary>The carrier came or went.</summary>
    public void MarkCarrier(SimulatedLink link)
    {
        foreach (Route route in Tables.All())
        {
            if (route.Link == link && route.Scope != RouteScope.Host)
            {
                route.IsLinkDown = !link.HasCarrier;
            }
        }
    }

    private static bool IsRival(Route other, Route route) => other.Destination == route.Destination
        && other.TypeOfService == route.TypeOfService && other.Metric == route.Metric;

    // Those to one destination are sorted by type of service and metric; a new one goes before its equals, or behind.
    private static int PlaceOf(List<Route> routes, Route route, bool isLast)
    {
        for (int index = 0; index < routes.Count; index++)
        {
            Route other = routes[index];
            if (other.Destination != route.Destination || other.TypeOfService > route.TypeOfService)
            {
                continue;
            }

            if (other.TypeOfService < route.TypeOfService || other.Metric > route.Metric || (!isLast && other.Metric == route.Metric))
            {
                return index;
            }
        }

        return routes.Count;
    }

    private Answer Replace(List<Route> routes, int first, Route route, bool isThere)
    {
        if (isThere)
        {
            return routes[first].IsSameAs(route) ? Answer.Done : Answer.Fail(Errno.EEXIST);
        }

        routes[first] = route;
        Tell(route, MessageType.NewRoute, MessageFlags.Replace);
        return Answer.Done;
    }

    private void Tell(Route route, MessageType type, int flags) => stack.Tell.Route([route], type, flags);
}
