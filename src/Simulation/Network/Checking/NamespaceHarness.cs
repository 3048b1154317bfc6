using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Plays sequences until one differs, and each time that it is played again, or enough were played, and makes that one short.</summary>
internal sealed class NamespaceHarness<TStep>(
    NamespaceCheck check, Func<ulong, List<TStep>> make, Func<Kernel, IReadOnlyList<TStep>, SequenceDifference<TStep>?> play)
{
    private const int Replays = 3;
    private const int ShrinksMax = 800;

    private readonly LinuxKernel kernel = new();

    public NamespaceSummary Run(Action<NamespaceSummary>? progress)
    {
        NamespacePlayer<TStep> player = new(kernel, play);
        Instant startedAt = kernel.Now(ClockId.Monotonic);
        NamespaceSummary summary = new(0, 0, TimeSpan.Zero, null, 0, []);
        while (summary.Sequences < check.Sequences && summary.Found is null)
        {
            ulong first = check.Seed + (ulong)summary.Sequences;
            List<IReadOnlyList<TStep>> round = [];
            for (long rest = Math.Min(check.Workers, check.Sequences - summary.Sequences); rest > 0; rest--)
            {
                round.Add(make(first + (ulong)round.Count));
            }

            summary = Settle(player, summary, first, round, player.PlayAll(round));
            summary = summary with { Elapsed = kernel.Now(ClockId.Monotonic) - startedAt };
            progress?.Invoke(summary);
        }

        return summary;
    }

    private NamespaceSummary Settle(
        NamespacePlayer<TStep> player, NamespaceSummary summary, ulong first,
        List<IReadOnlyList<TStep>> round, SequenceDifference<TStep>?[] found)
    {
        for (int index = 0; index < round.Count && summary.Found is null; index++)
        {
            SequenceDifference<TStep>? steady = found[index] is { } once ? Again(player, once) : null;
            summary = summary with
            {
                Sequences = summary.Sequences + 1,
                Operations = summary.Operations + round[index].Count,
                Found = steady is null ? null : (check.Shrinks ? Shrink(player, steady) : steady).ToString(),
                FoundSeed = steady is null ? 0 : first + (ulong)index,
                Flaky = found[index] is { } gone && steady is null ? [.. summary.Flaky, $"# seed {first + (ulong)index}, last step {gone}"] : summary.Flaky,
            };
        }

        return summary;
    }

    // What a busy machine, or somebody else on it, has done to a sequence, they do not do each time again.
    private static SequenceDifference<TStep>? Again(NamespacePlayer<TStep> player, SequenceDifference<TStep> found)
    {
        SequenceDifference<TStep>? again = found;
        for (int replay = 0; replay < Replays && again is not null; replay++)
        {
            again = player.PlayAll([found.Steps])[0] is { } one && one.IsLike(found) ? one : null;
        }

        return again;
    }

    // Leaves out a part, from the end to the beginning; the first of several attempts at once that still differs is gone on with.
    private SequenceDifference<TStep> Shrink(NamespacePlayer<TStep> player, SequenceDifference<TStep> difference)
    {
        SequenceDifference<TStep> best = difference;
        int plays = 0;
        for (int part = Math.Max(best.Steps.Count / 2, 1); part > 0 && plays < ShrinksMax;)
        {
            bool hasShrunk = false;
            for (int start = best.Steps.Count - part; start >= 0 && plays < ShrinksMax;)
            {
                List<IReadOnlyList<TStep>> attempts = Attempts(best.Steps, part, start);
                plays += attempts.Count;
                SequenceDifference<TStep>?[] found = player.PlayAll(attempts);
                int hit = Array.FindIndex(found, one => one is not null && one.IsLike(difference) && Again(player, one) is { } again && again.IsLike(difference));
                start -= part * (hit < 0 ? attempts.Count : hit + 1);
                best = hit < 0 ? best : found[hit]!;
                hasShrunk |= hit >= 0;
                start = Math.Min(start, best.Steps.Count - part);
            }

            part = hasShrunk ? Math.Min(part, Math.Max(best.Steps.Count / 2, 1)) : part / 2;
        }

        return best;
    }

    private List<IReadOnlyList<TStep>> Attempts(IReadOnlyList<TStep> steps, int part, int start)
    {
        List<IReadOnlyList<TStep>> attempts = [];
        for (; start >= 0 && attempts.Count < check.Workers; start -= part)
        {
            List<TStep> shorter = [.. steps];
            shorter.RemoveRange(start, part);
            attempts.Add(shorter);
        }

        return attempts;
    }
}
