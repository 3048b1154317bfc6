using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Kernels.Raw;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>Plays random sequences on UDP, raw and packet sockets on the model and on the running kernel, each in a network
/// namespace of its own, until they differ or enough were played. Needs root or a user namespace.</summary>
public sealed class PacketCheck
{
    private const int ReplaysMax = 2;
    private const int ShrinksMax = 250;

    private readonly LinuxKernel kernel = new();

    /// <summary>The number of the first sequence: equal seeds play equal sequences.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many sequences.</summary>
    public long Sequences { get; init; } = 100;

    /// <summary>Plays; <paramref name="progress"/> is told after each sequence.</summary>
    /// <exception cref="NetlinkCheckException">No network namespace is to be had here.</exception>
    public NetlinkSummary Run(Action<NetlinkSummary>? progress = null)
    {
        Instant startedAt = kernel.Now(ClockId.Monotonic);
        NetlinkSummary summary = new(0, 0, TimeSpan.Zero, null, 0, 0);
        while (summary.Sequences < Sequences && summary.Found is null)
        {
            ulong seed = Seed + (ulong)summary.Sequences;
            List<PacketStep> steps = PacketGenerator.Make(seed);
            PacketDifference? found = Play(steps);
            PacketDifference? steady = found is null ? null : Again(found);
            summary = summary with
            {
                Sequences = summary.Sequences + 1,
                Operations = summary.Operations + steps.Count,
                Elapsed = kernel.Now(ClockId.Monotonic) - startedAt,
                Found = steady is null ? null : Shrink(steady).ToString(),
                FoundSeed = steady is null ? 0 : seed,
                Unsteady = summary.Unsteady + (found is not null && steady is null ? 1 : 0),
            };
            progress?.Invoke(summary);
        }

        return summary;
    }

    /// <summary>Plays the steps on a thread of its own, in a namespace of its own; null if there is no difference.</summary>
    private PacketDifference? Play(IReadOnlyList<PacketStep> steps)
    {
        PacketDifference? found = null;
        NetlinkCheckException? failure = null;
        using ManualResetEventSlim done = new();
        Result started = kernel.StartThread("packets", () =>
        {
            try
            {
                found = PlayHere(steps);
            }
            catch (NetlinkCheckException exception)
            {
                failure = exception;
            }
            finally
            {
                done.Set();
            }
        });
        if (!started.IsOk)
        {
            throw new NetlinkCheckException($"a thread was refused: {started.Error}");
        }

        done.Wait();
        return failure is null ? found : throw new NetlinkCheckException(failure.Message, failure);
    }

    private PacketDifference? PlayHere(IReadOnlyList<PacketStep> steps)
    {
        Result left = RawNamespaces.LeaveNetwork();
        if (!left.IsOk)
        {
            throw new NetlinkCheckException(
                $"a network namespace was refused ({left.Error}): this needs root, or a user namespace (unshare -rn)");
        }

        SimulatedKernel model = new();
        model.Machine.Network.Detection.IsOn = false;
        using PacketSide modelled = new(model, model.Advance);
        using PacketSide running = new(kernel, span => kernel.Poll([], span));
        for (int index = 0; index < steps.Count; index++)
        {
            string expected = Outcome(steps[index], running);
            string found = Outcome(steps[index], modelled);
            if (expected != found)
            {
                List<PacketStep> played = [];
                for (int one = 0; one <= index; one++)
                {
                    played.Add(steps[one]);
                }

                return new PacketDifference(played, found, expected);
            }
        }

        return null;
    }

    private static string Outcome(PacketStep step, PacketSide side) => step.Play(side) + side.Happened();

    private PacketDifference? Again(PacketDifference found)
    {
        for (int replay = 0; replay < ReplaysMax; replay++)
        {
            if (Play(found.Steps) is { } again)
            {
                return again;
            }
        }

        return null;
    }

    private PacketDifference Shrink(PacketDifference difference)
    {
        PacketDifference best = difference;
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

                List<PacketStep> shorter = [.. best.Steps];
                shorter.RemoveRange(start, part);
                plays++;
                if (Play(shorter) is { } still)
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
