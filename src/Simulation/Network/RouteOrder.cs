using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>The order in which the kernel comes by the routes of an IPv6 table: as a tree of their bits is walked, what is below
/// a prefix before the prefix itself.</summary>
internal sealed class RouteOrder : IComparer<Route>
{
    public static RouteOrder Instance { get; } = new();

    /// <summary>The routes of a table that satisfy a condition, in order.</summary>
    public static List<Route> Walk(IEnumerable<Route> routes, Func<Route, bool> condition)
    {
        List<(Route Route, int Place)> found = [];
        foreach (Route route in routes)
        {
            if (condition(route))
            {
                found.Add((route, found.Count));
            }
        }

        found.Sort((x, y) =>
        {
            int order = Instance.Compare(x.Route, y.Route);
            return order != 0 ? order : x.Place.CompareTo(y.Place);
        });
        return found.ConvertAll(one => one.Route);
    }

    public int Compare(Route? x, Route? y)
    {
        if (x is null || y is null)
        {
            return 0;
        }

        IpPrefix first = x.Destination;
        IpPrefix second = y.Destination;
        if (first == second)
        {
            return 0;
        }

        if (first.Length > second.Length && second.Contains(first.Address))
        {
            return -1;
        }

        return second.Length > first.Length && first.Contains(second.Address)
            ? 1
            : first.Address.ToBits().CompareTo(second.Address.ToBits());
    }
}
