using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>What the netlink check has done so far.</summary>
/// <param name="Sequences">Sequences that were played.</param>
/// <param name="Operations">Requests in them.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Found">The difference that ended it, made short; null if there was none.</param>
/// <param name="FoundSeed">The seed of its sequence.</param>
/// <param name="Unsteady">Differences that were not there when the same sequence was played again.</param>
public sealed record NetlinkSummary(long Sequences, long Operations, TimeSpan Elapsed, string? Found, ulong FoundSeed, long Unsteady);

/// <summary>Plays random link, address, route and rule requests on the model and on the running kernel, each sequence in a
/// network namespace of its own, until they differ or enough were played. Needs root or a user namespace.</summary>
public sealed class NetlinkCheck
{
    private const int ReplaysMax = 3;
    private const int ShrinksMax = 400;

    private readonly LinuxKernel kernel = new();

    /// <summary>The number of the first sequence: equal seeds play equal sequences.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many sequences.</summary>
    public long Sequences { get; init; } = 100;

    /// <summary>Whether a difference is made short, which takes a minute or two.</summary>
    public bool Shrinks { get; init; } = true;

    /// <summary>Plays; <paramref name="progress"/> is told after each sequence.</summary>
    /// <exception cref="NetlinkCheckException">No network namespace is to be had here.</exception>
    public NetlinkSummary Run(Action<NetlinkSummary>? progress = null)
    {
        Instant startedAt = kernel.Now(ClockId.Monotonic);
        NetlinkSummary summary = new(0, 0, TimeSpan.Zero, null, 0, 0);
        while (summary.Sequences < Sequences && summary.Found is null)
        {
            ulong seed = Seed + (ulong)summary.Sequences;
            List<NetlinkStep> steps = NetlinkGenerator.Make(seed);
            NetlinkDifference? found = NetlinkComparison.Play(kernel, steps);
            NetlinkDifference? steady = found is null ? null : Again(found);
            summary = summary with
            {
                Sequences = summary.Sequences + 1,
                Operations = summary.Operations + steps.Count,
                Elapsed = kernel.Now(ClockId.Monotonic) - startedAt,
                Found = steady is null ? null : (Shrinks ? Shrink(steady) : steady).ToString(),
                FoundSeed = steady is null ? 0 : seed,
                Unsteady = summary.Unsteady + (found is not null && steady is null ? 1 : 0),
            };
            progress?.Invoke(summary);
        }

        return summary;
    }

    // What somebody else on the machine has done to a sequence, they do not do again.
    private NetlinkDifference? Again(NetlinkDifference found)
    {
        for (int replay = 0; replay < ReplaysMax; replay++)
        {
            if (NetlinkComparison.Play(kernel, found.Steps) is { } again)
            {
                return again;
            }
        }

        return null;
    }

    private NetlinkDifference Shrink(NetlinkDifference difference)
    {
        NetlinkDifference best = difference;
        int plays = 0;
        for (int part = Math.Max(best.Steps.Count / 2, 1); part > 0 && plays < ShrinksMax;)
        {
            bool hasShrunk = false;
            for (int start = best.Steps.Count - part; start >= 0 && plays < ShrinksMax; start -= part)
            {
                if (start + part > best.Steps.Count || best.Steps.Count == part)
                {
                    continue;
                }

                List<NetlinkStep> shorter = [.. best.Steps];
                shorter.RemoveRange(start, part);
                plays++;
                if (NetlinkComparison.Play(kernel, shorter) is { } still)
                {
                    best = still;
                    hasShrunk = true;
                }
            }

            part = hasShrunk ? Math.Min(part, Math.Max(best.Steps.Count / 2, 1)) : part / 2;
        }

        return best;
    }
}
