using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The IPv6 routes: how they come to be there, and what makes them go.</summary>
internal sealed class Routes6(NetworkStack stack)
{
    /// <summary>Of routes that others add without one (IP6_RT_PRIO_USER).</summary>
    public const uint UserMetric = 1024;

    /// <summary>Of the routes to a link's networks (IP6_RT_PRIO_ADDRCONF).</summary>
    public const uint PrefixMetric = 256;

    private const long CollectionInterval = 30_000_000_000; // nanoseconds

    public RouteTables Tables { get; } = new(IpFamily.V6);

    /// <summary>Adds a route, as RTM_NEWROUTE with these flags does.</summary>
    public Answer Add(Route route, int flags)
    {
        List<Route> routes = Tables.Make(route.Table);
        List<Route> rivals = routes.FindAll(other => other.Destination == route.Destination && other.Metric == route.Metric);
        if (rivals.Count > 0 && (flags & MessageFlags.Exclusive) != 0)
        {
            return Answer.Fail(Errno.EEXIST);
        }

        bool isReplacing = (flags & MessageFlags.Replace) != 0;
        Route? replaced = rivals.Find(other => other.CanShare == route.CanShare) ?? rivals.FirstOrDefault();
        if (isReplacing && replaced is not null)
        {
            Replace(routes, replaced, route);
            return Answer.Done;
        }

        if (isReplacing && (flags & MessageFlags.Create) == 0)
        {
            return Answer.Fail(Errno.ENOENT, "Can not replace route - no match found");
        }

        if (rivals.Find(other => other.Gateway == route.Gateway && other.Link == route.Link) is { } same)
        {
            if (!same.ExpiresAt.IsNever)
            {
                SetExpiry(same, route.ExpiresAt); // one that stays is not made to go
                same.IsAdvertised &= route.IsAdvertised; // somebody else's now, whom routers cannot take it from
            }

            return Answer.Fail(Errno.EEXIST);
        }

        routes.Insert(PlaceOf(routes, route), route);
        int told = MessageFlags.Create | (rivals.Count == 0 ? MessageFlags.Exclusive : 0) | (flags & MessageFlags.Append);
        ArmExpiry(route);
        stack.Tell.Route([route, .. Tables.Siblings(route).Where(sibling => sibling != route)], MessageType.NewRoute, told);
        return Answer.Done;
    }

    /// <summary>Removes the first route that is as asked for.</summary>
    public Answer Delete(in RouteWish wish)
    {
        if (!Tables.HasTable(wish.Table))
        {
            return Answer.Fail(Errno.ESRCH, "FIB table does not exist");
        }

        bool isEmpty = true;
        foreach (Route route in Tables.Of(wish.Table))
        {
            isEmpty &= route.Destination != wish.Destination;
            if (wish.Takes(route))
            {
                Remove(route);
                return Answer.Done;
            }
        }

        return Answer.Fail(isEmpty && IsNobodys(wish) ? Errno.ENOENT : Errno.ESRCH);
    }

    // Where there is no default route the kernel keeps one of its own that leads nowhere, and that may not be removed.
    private bool IsNobodys(in RouteWish wish) => wish.Destination.Length == 0 && (wish.Gateway is null or { IsUnspecified: true }) && (wish.Metric is null or uint.MaxValue)
        && (wish.Protocol is null or Route.KernelProtocol) && (wish.LinkIndex is null || wish.LinkIndex == stack.Loopback.Index);

    /// <summary>Removes a route that is there, and tells.</summary>
    public void Remove(Route route)
    {
        Tables.Remove(route);
        stack.Tell.Route([route], MessageType.DeleteRoute, 0);
    }

    /// <summary>The link no longer speaks IPv6: its routes go.</summary>
    public void DropLink(SimulatedLink link)
    {
        foreach (uint table in TablesInOrder())
        {
            foreach (Route route in RouteOrder.Walk(Tables.Of(table), route => route.Link == link))
            {
                Remove(route);
            }
        }
    }

    /// <summary>An address is no longer the machine's: what made packets come from it does so no more.</summary>
    public void DropSource(IpAddress address)
    {
        foreach (uint table in TablesInOrder())
        {
            List<Route> routes = Tables.Make(table);
            for (int index = 0; index < routes.Count; index++)
            {
                if (routes[index].PreferredSource == address)
                {
                    routes[index] = WithoutSource(routes[index]);
                }
            }
        }
    }

    /// <summary>Another time to live, from now on.</summary>
    public void SetExpiry(Route route, Instant at)
    {
        route.ExpiresAt = at;
        ArmExpiry(route);
    }

    /// <summary>A link's packets are to be of another length: routes that have a length of their own follow if it is greater, or
    /// was the link's; <see cref="SimulatedLink.Ipv6Mtu"/> is what it is until then.</summary>
    public void SetMtu(SimulatedLink link, uint mtu)
    {
        foreach (Route route in Tables.All())
        {
            if (route.Link == link && route.Mtu != 0 && (route.Mtu >= mtu || route.Mtu == link.Ipv6Mtu))
            {
                route.SetMetric(Route.MtuMetric, mtu);
            }
        }

        link.Ipv6Mtu = mtu;
    }

    /// <summary>The link has become a router: it believes no other, if not told to.</summary>
    public void DropRouters()
    {
        List<Route> routes = [.. Tables.Of(Route.MainTable)];
        foreach (Route route in routes)
        {
            if (route.Destination.Length == 0 && route.IsAdvertised
                && route.Link is { } link && link.Settings[LinkSetting.AcceptRa] != 2)
            {
                Remove(route);
            }
        }
    }

    /// <summary>The carrier came or went.</summary>
    public void MarkCarrier(SimulatedLink link)
    {
        foreach (Route route in Tables.All())
        {
            if (route.Link == link && route.Type != RouteType.Local && !route.IsAnycastAddress && !route.Rejects)
            {
                route.IsLinkDown = !link.HasCarrier;
            }
        }
    }

    private static Route WithoutSource(Route route) => new(route.Table, route.Destination)
    {
        Metric = route.Metric,
        Type = route.Type,
        Protocol = route.Protocol,
        Gateway = route.Gateway,
        Link = route.Link,
        IsOnLink = route.IsOnLink,
        IsLinkDown = route.IsLinkDown,
        Metrics = route.Metrics,
        Mtu = route.Mtu,
        Preference = route.Preference,
        IsAdvertised = route.IsAdvertised,
        ExpiresAt = route.ExpiresAt,
    };

    private static int PlaceOf(List<Route> routes, Route route)
    {
        for (int index = 0; index < routes.Count; index++)
        {
            if (routes[index].Destination == route.Destination && routes[index].Metric > route.Metric)
            {
                return index;
            }
        }

        return routes.Count;
    }

    private List<uint> TablesInOrder()
    {
        List<uint> numbers = [];
        foreach (Route route in Tables.All())
        {
            if (numbers.Count == 0 || numbers[^1] != route.Table)
            {
                numbers.Add(route.Table);
            }
        }

        return numbers;
    }

    private void Replace(List<Route> routes, Route replaced, Route route)
    {
        foreach (Route sibling in Tables.Siblings(replaced))
        {
            if (sibling != replaced)
            {
                routes.Remove(sibling);
            }
        }

        routes[routes.IndexOf(replaced)] = route;
        ArmExpiry(route);
        stack.Tell.Route([route], MessageType.NewRoute, MessageFlags.Replace);
    }

    // What vanishes is collected twice a minute; until then it is there, and serves nobody.
    private void ArmExpiry(Route route)
    {
        route.IsOver = false;
        if (!route.ExpiresAt.IsNever)
        {
            stack.Machine.Monotonic.Set(route.ExpiresAt, () => Expire(route));
        }
    }

    private void Expire(Route route)
    {
        Instant now = stack.Machine.Monotonic.Now;
        if (route.ExpiresAt <= now && !route.IsOver && Tables.Of(route.Table).Contains(route))
        {
            route.IsOver = true;
            long next = (now.Nanoseconds / CollectionInterval + 1) * CollectionInterval;
            stack.Machine.Monotonic.Set(new Instant(next), () => Collect(route));
        }
    }

    private void Collect(Route route)
    {
        if (route.IsOver && Tables.Of(route.Table).Contains(route))
        {
            Remove(route);
        }
    }
}
