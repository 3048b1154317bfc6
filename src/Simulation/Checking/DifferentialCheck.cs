using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Kernels.Raw;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>What a differential check has done so far.</summary>
/// <param name="Sequences">Sequences that were played.</param>
/// <param name="Operations">Steps of them.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Found">The difference that ended it, made short; null if there was none.</param>
/// <param name="FoundSeed">The seed of its sequence.</param>
/// <param name="Flaky">Differences that were not there each time that the same sequence was played again.</param>
public sealed record CheckSummary(
    long Sequences, long Operations, TimeSpan Elapsed, Difference? Found, ulong FoundSeed, IReadOnlyList<Difference> Flaky);

/// <summary>Plays random sequences on the model and on the running kernel, until they differ or enough were played.</summary>
public sealed class DifferentialCheck
{
    private const int ReplaysMax = 3;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    private readonly LinuxKernel kernel = new();

    /// <summary>The number of the first sequence: equal seeds play equal sequences.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many sequences.</summary>
    public long Sequences { get; init; } = 1000;

    /// <summary>A mistake to put into the model, to see that it is found.</summary>
    public Mutation Mutation { get; init; }

    /// <summary>Which sequences.</summary>
    public SequenceKind Kind { get; init; } = SequenceKind.Random;

    /// <summary>Whether a difference is made short, which takes a moment.</summary>
    public bool Shrinks { get; init; } = true;

    /// <summary>Plays; <paramref name="progress"/> is told about every second.</summary>
    public CheckSummary Run(Action<CheckSummary>? progress = null)
    {
        CheckSummary summary = new(0, 0, TimeSpan.Zero, null, 0, []);
        while (summary.Sequences < Sequences && summary.Found is null)
        {
            CheckSummary before = summary;
            OwnDescriptors.Run(firstDescriptor => summary = RunSlice(before, firstDescriptor));
            progress?.Invoke(summary);
        }

        return summary;
    }

    private CheckSummary RunSlice(CheckSummary before, int firstDescriptor)
    {
        using Comparison comparison = new(firstDescriptor, RawDescriptors.DescriptorLimit(), mutation: Mutation);
        Instant startedAt = kernel.Now(ClockId.Monotonic);
        long sequences = before.Sequences;
        Difference? found = null;
        ulong seed = 0;
        List<Difference> flaky = [.. before.Flaky];
        while (sequences < Sequences && found is null && kernel.Now(ClockId.Monotonic) - startedAt < Slice)
        {
            seed = Seed + (ulong)sequences++;
            found = comparison.Play(SequencesOf.Seed(Kind, seed));
            if (found is not null && !IsSteady(comparison, found))
            {
                flaky.Add(found);
                found = null;
            }
        }

        long operations = before.Operations + comparison.Operations;
        TimeSpan elapsed = before.Elapsed + (kernel.Now(ClockId.Monotonic) - startedAt);
        if (found is not null && Shrinks)
        {
            Difference whole = found;
            found = Shrinker.Shrink(found, steps => comparison.Play(steps) is { } shorter && shorter.IsLike(whole)
                && (Mutation != Mutation.None || IsSteady(comparison, shorter)) ? shorter : null);
        }

        return new CheckSummary(sequences, operations, elapsed, found, found is null ? 0 : seed, flaky);
    }

    // What somebody else on the machine has done to a sequence, they do not do again.
    private static bool IsSteady(Comparison comparison, Difference found)
    {
        for (int replay = 0; replay < ReplaysMax; replay++)
        {
            if (comparison.Play(found.Steps) is not { } again || !again.IsLike(found))
            {
                return false;
            }
        }

        return true;
    }
}
