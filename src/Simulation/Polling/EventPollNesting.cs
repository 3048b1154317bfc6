using System;
using System.Collections.Generic;
using Spindle.Simulation.Files;

namespace Spindle.Simulation.Polling;

/// <summary>What keeps epolls that watch epolls in bounds: no cycle, no chain of more than five, and not too many paths by which
/// one wake of a file could spread.</summary>
internal static class EventPollNesting
{
    /// <summary>The most links between epolls in a chain (EP_MAX_NESTS).</summary>
    public const int LinksMax = 4;

    // The most paths from a file to outermost epolls, by how many epolls are between; without one between there is no limit.
    private static readonly int[] PathsMax = [int.MaxValue, 500, 100, 50, 10];

    /// <summary>True if <paramref name="outer"/> may watch <paramref name="inner"/>.</summary>
    /// <param name="outer">The epoll that would watch.</param>
    /// <param name="inner">The epoll that would be watched.</param>
    /// <param name="leaves">Gets the files below <paramref name="inner"/> that are not epolls.</param>
    public static bool MayWatch(EventPoll outer, EventPoll inner, List<OpenFile> leaves)
    {
        SimulatedMachine machine = outer.Machine;
        Dictionary<EventPoll, int> depths = [];
        int below = Depth(inner, outer, depths, leaves);
        if (below < 0)
        {
            return machine.Breaks(Mutation.CycleIsAllowed);
        }

        int above = machine.Rules.NestingCountsUpward && !machine.Breaks(Mutation.NestingIgnoresUpward) ? Height(outer, []) : 0;
        int max = machine.Mutation switch
        {
            Mutation.NestingAllowsOneMore => LinksMax + 1,
            Mutation.NestingAllowsOneLess => LinksMax - 1,
            _ => LinksMax,
        };
        return below + 1 + above <= max;
    }

    /// <summary>True if no file has more paths than it may.</summary>
    public static bool PathsFit(List<OpenFile> leaves, SimulatedMachine machine)
    {
        Span<int> counts = stackalloc int[PathsMax.Length];
        foreach (OpenFile leaf in leaves)
        {
            counts.Clear();
            if (!CountPaths(leaf, between: 0, counts, machine))
            {
                return false;
            }
        }

        return true;
    }

    // Links of the longest chain below an epoll, -1 if it leads to the one it must not.
    private static int Depth(EventPoll epoll, EventPoll forbidden, Dictionary<EventPoll, int> known, List<OpenFile> leaves)
    {
        if (epoll == forbidden)
        {
            return -1;
        }

        if (known.TryGetValue(epoll, out int depth))
        {
            return depth;
        }

        known[epoll] = 0;
        foreach (EventPollItem item in epoll.Items)
        {
            if (item.File is not EventPoll inner)
            {
                leaves.Add(item.File);
                continue;
            }

            int below = Depth(inner, forbidden, known, leaves);
            if (below < 0)
            {
                return -1;
            }

            depth = Math.Max(depth, below + 1);
        }

        known[epoll] = depth;
        return depth;
    }

    // Links of the longest chain above an epoll.
    private static int Height(EventPoll epoll, Dictionary<EventPoll, int> known)
    {
        if (known.TryGetValue(epoll, out int height))
        {
            return height;
        }

        for (EventPollItem? item = epoll.FirstWatcher; item is not null; item = item.NextWatcher)
        {
            height = Math.Max(height, Height(item.Owner, known) + 1);
        }

        known[epoll] = height;
        return height;
    }

    private static bool CountPaths(OpenFile file, int between, Span<int> counts, SimulatedMachine machine)
    {
        // Longer chains exist only where nesting is not counted upward; they fail here.
        if (between >= counts.Length)
        {
            return false;
        }

        for (EventPollItem? item = file.FirstWatcher; item is not null; item = item.NextWatcher)
        {
            bool fits = item.Owner.FirstWatcher is null
                ? ++counts[between] <= Limit(between, machine)
                : CountPaths(item.Owner, between + 1, counts, machine);
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private static int Limit(int between, SimulatedMachine machine) => machine.Mutation switch
    {
        Mutation.PathsAreUnlimited => int.MaxValue,
        Mutation.PathLimitIsOneLower => PathsMax[between] - 1,
        Mutation.DirectPathsAreLimited when between == 0 => 5,
        _ => PathsMax[between],
    };
}
