using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>The routes of all tables but the kernel's local one.</summary>
internal sealed class RouteMirror(MirrorContext context)
{
    private const int CountMax = 1 << 21;

    private readonly RouteTable routes = new(CountMax);
    private readonly int[] counts = new int[2];
    private int sweepNext = int.MaxValue;
    private IpFamily sweepFamily;

    /// <summary>Routes that are there.</summary>
    public int Count(IpFamily family) => counts[(int)family];

    /// <summary>The routes that are there.</summary>
    public IEnumerable<Route> Values
    {
        get
        {
            for (int i = 0; i < routes.SlotCount; i++)
            {
                if (routes.IsUsed(i) && !DumpStamps.IsDead(routes[i].Stamp))
                {
                    yield return routes[i].Route;
                }
            }
        }
    }

    public void Apply(NetlinkMessage message, bool inDump)
    {
        if (!RouteMessage.TryParse(message, out RouteMessage parsed))
        {
            context.Counters.Dropped++;
            return;
        }

        // The dump of one family may not speak for the other (a kernel without IPv6 answers with IPv4).
        if (parsed.IsInternal || (inDump && context.Stamps.Dumping != TableOf(parsed.Family)))
        {
            return;
        }

        if (!parsed.TryRead(out Route route, out RouteNexthops nexthops))
        {
            context.Counters.Dropped++;
            return;
        }

        bool isReplacement = !inDump && (message.Header.Flags & NetlinkFlags.Replace) != 0;
        bool isRemoval = message.Header.Type == NetlinkMessageType.DeleteRoute;
        if (isReplacement && !isRemoval)
        {
            Replace(route);
        }

        if (nexthops.IsEmpty)
        {
            ApplyOne(route, isRemoval, inDump);
            return;
        }

        while (nexthops.TryNext(out Route one))
        {
            ApplyOne(one, isRemoval, inDump);
        }
    }

    public void BeginSweep(IpFamily family)
    {
        sweepFamily = family;
        sweepNext = 0;
    }

    public bool TrySweep(out RtnetlinkOutput output)
    {
        for (; sweepNext < routes.SlotCount; sweepNext++)
        {
            if (!routes.IsUsed(sweepNext) || routes[sweepNext].Route.Family != sweepFamily)
            {
                continue;
            }

            Route route = routes[sweepNext].Route;
            uint stamp = routes[sweepNext].Stamp;
            if (DumpStamps.IsDead(stamp))
            {
                routes.RemoveAt(sweepNext);
            }
            else if (!context.Stamps.IsCurrent(TableOf(sweepFamily), stamp))
            {
                routes.RemoveAt(sweepNext);
                counts[(int)sweepFamily]--;
                output = new(RtnetlinkOutputKind.RouteVanished) { Route = route };
                return true;
            }
        }

        sweepNext = int.MaxValue;
        routes.Trim();
        output = default;
        return false;
    }

    private void ApplyOne(in Route route, bool isRemoval, bool inDump)
    {
        int index = routes.Find(route);
        if (isRemoval)
        {
            Remove(route, index);
        }
        else
        {
            See(route, index, inDump);
        }
    }

    private void See(in Route route, int index, bool inDump)
    {
        RtnetlinkTables table = TableOf(route.Family);
        uint stamp = context.Stamps.Seen(table, inDump);
        if (index < 0)
        {
            if (!routes.TryAdd(route, stamp))
            {
                context.Counters.Untracked++;
                return;
            }

            TellAppeared(route);
            return;
        }

        ref RouteTable.Slot slot = ref routes[index];
        if (inDump && context.Stamps.IsNotified(table, slot.Stamp))
        {
            return;
        }

        bool wasDead = DumpStamps.IsDead(slot.Stamp);
        bool isSame = slot.Route.IsSameButState(route);
        slot.Route = route;
        slot.Stamp = stamp;
        if (wasDead)
        {
            TellAppeared(route);
        }
        else if (!isSame)
        {
            context.Tell(new(RtnetlinkOutputKind.RouteChanged) { Route = route });
        }
    }

    private void Remove(in Route route, int index)
    {
        RtnetlinkTables table = TableOf(route.Family);
        bool wasThere = index >= 0 && !DumpStamps.IsDead(routes[index].Stamp);
        if (context.Stamps.Dumping == table)
        {
            Bury(route, index);
        }
        else if (index >= 0)
        {
            routes.RemoveAt(index);
            routes.Trim();
        }

        if (wasThere)
        {
            counts[(int)route.Family]--;
            context.Tell(new(RtnetlinkOutputKind.RouteVanished) { Route = route });
        }
        else if (context.Stamps.Dumping != table)
        {
            // What is removed was known under another face: look again.
            context.Suspects |= table;
        }
    }

    /// <summary>Keeps a dead entry, so that the running dump does not bring the route back.</summary>
    private void Bury(in Route route, int index)
    {
        uint stamp = context.Stamps.Removed(TableOf(route.Family));
        if (index >= 0)
        {
            routes[index].Stamp = stamp;
        }
        else
        {
            routes.TryAdd(route, stamp);
        }
    }

    /// <summary>
    /// A replacement names the base alone, and the kernel says no word of what it replaced. With one route of that base
    /// it is clear which; with several it is not, and the table is dumped.
    /// </summary>
    private void Replace(in Route route)
    {
        int first = NextLive(route, -1);
        if (first < 0)
        {
            return;
        }

        if (NextLive(route, first) >= 0)
        {
            context.Suspects |= TableOf(route.Family);
        }
        else if (!routes[first].Route.HasSameIdentity(route))
        {
            Route replaced = routes[first].Route;
            Remove(replaced, first);
        }
    }

    private int NextLive(in Route route, int index)
    {
        do
        {
            index = routes.NextOfBase(route, index);
        }
        while (index >= 0 && DumpStamps.IsDead(routes[index].Stamp));
        return index;
    }

    private void TellAppeared(in Route route)
    {
        counts[(int)route.Family]++;
        context.Tell(new(RtnetlinkOutputKind.RouteAppeared) { Route = route });
    }

    private static RtnetlinkTables TableOf(IpFamily family) =>
        family == IpFamily.V4 ? RtnetlinkTables.RoutesV4 : RtnetlinkTables.RoutesV6;
}
