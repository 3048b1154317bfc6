using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network;

/// <summary>The routes of one version of IP, by table.</summary>
internal sealed class RouteTables
{
    private static readonly List<Route> None = [];

    private readonly SortedDictionary<uint, List<Route>> tables = new(new ByPlace());
    private bool isJoined;

    /// <param name="family">IPv6 has its main and its local table from the start; IPv4 makes each when it is first written to.</param>
    public RouteTables(IpFamily family)
    {
        if (family == IpFamily.V6)
        {
            Make(Route.MainTable);
            Make(Route.LocalTable);
        }

        isJoined = family == IpFamily.V4;
    }

    /// <summary>Tables that were made.</summary>
    public int TableCount => tables.Count;

    public bool HasTable(uint table) => tables.ContainsKey(table);

    /// <summary>The routes of a table; those to one destination in their order.</summary>
    public List<Route> Of(uint table) => tables.TryGetValue(table, out List<Route>? routes) ? routes : None;

    /// <summary>IPv4's local and main table are looked up as one, until a rule is added or deleted.</summary>
    public void Split() => isJoined = false;

    /// <summary>Makes the table if it is not there.</summary>
    public List<Route> Make(uint table)
    {
        if (isJoined && table == Route.LocalTable)
        {
            Make(Route.MainTable);
        }

        if (!tables.TryGetValue(table, out List<Route>? routes))
        {
            tables[table] = routes = [];
        }

        return routes;
    }

    public IEnumerable<Route> All()
    {
        foreach (List<Route> routes in tables.Values)
        {
            foreach (Route route in routes)
            {
                yield return route;
            }
        }
    }

    /// <summary>All routes, next hops of one destination together.</summary>
    public IEnumerable<IReadOnlyList<Route>> Groups()
    {
        foreach (List<Route> routes in tables.Values)
        {
            foreach (Route route in routes)
            {
                IReadOnlyList<Route> group = Siblings(route);
                if (group[0] == route)
                {
                    yield return group;
                }
            }
        }
    }

    /// <summary>The next hops that a route shares its destination and metric with, itself among them.</summary>
    public IReadOnlyList<Route> Siblings(Route route)
    {
        if (!route.CanShare)
        {
            return [route];
        }

        List<Route> found = [];
        foreach (Route other in Of(route.Table))
        {
            if (other.CanShare && other.Destination == route.Destination && other.Metric == route.Metric)
            {
                found.Add(other);
            }
        }

        return found;
    }

    public void Remove(Route route) => tables[route.Table].Remove(route);

    /// <summary>The best route of a table: the longest prefix, and of those the first that serves.</summary>
    /// <param name="table">The table.</param>
    /// <param name="query">The packet.</param>
    /// <param name="scopeMin">Routes that lead farther than this do not serve.</param>
    /// <param name="condition">Others do not serve; null: all may.</param>
    public Route? Find(
        uint table, in RouteQuery query, RouteScope scopeMin = RouteScope.Universe, Func<Route, bool>? condition = null)
    {
        if (!isJoined || table is not (Route.LocalTable or Route.MainTable) || !HasTable(table))
        {
            return FindIn(table, query, scopeMin, condition);
        }

        Route? local = FindIn(Route.LocalTable, query, scopeMin, condition);
        Route? main = FindIn(Route.MainTable, query, scopeMin, condition);
        return local is null || main?.Destination.Length > local.Destination.Length ? main : local;
    }

    private Route? FindIn(uint table, in RouteQuery query, RouteScope scopeMin, Func<Route, bool>? condition)
    {
        Route? best = null;
        foreach (Route route in Of(table))
        {
            bool serves = route.Destination.Contains(query.Destination) && route.TypeOfService == 0 && !route.IsOver
                && (best is null || route.Destination.Length > best.Destination.Length || IsPreferred(route, best))
                && (query.Destination.IsV6 || route.Scope >= scopeMin)
                && ((route.Rejects && query.Destination.IsV4) || (!query.IsOutputMissing && (query.OutputLink is null || route.Link == query.OutputLink)))
                && (condition is null || condition(route));
            best = serves ? route : best;
        }

        return best;
    }

    // RFC 4191, section 3.2: of routers that are as good by all else, the one that says so itself.
    private static bool IsPreferred(Route route, Route than) => route.Preference != than.Preference
        && route.Destination == than.Destination && route.Metric == than.Metric
        && RankOf(route.Preference) > RankOf(than.Preference);

    private static int RankOf(byte preference) => preference == 1 ? 2 : preference == 3 ? 0 : 1;

    /// <summary>What a route that leads nowhere says to who sends.</summary>
    public static Errno ErrorOf(RouteType type) => type switch
    {
        RouteType.Blackhole or RouteType.Translated or RouteType.External => Errno.EINVAL,
        RouteType.Unreachable => Errno.EHOSTUNREACH,
        RouteType.Prohibit => Errno.EACCES,
        _ => Errno.EAGAIN,
    };

    // The order in which the kernel walks its tables: by the last octet of their number.
    private sealed class ByPlace : IComparer<uint>
    {
        public int Compare(uint x, uint y) => (x & 255) != (y & 255) ? (x & 255).CompareTo(y & 255) : y.CompareTo(x);
    }
}
