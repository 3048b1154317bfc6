namespace Spindle.Simulation.Checking;

/// <summary>The model against the running kernel. The seeds are fixed, and printed with what was found.</summary>
[Collection("running kernel")]
public sealed class DifferentialTests
{
    [Theory]
    [InlineData(SequenceKind.Random, 20_000)]
    [InlineData(SequenceKind.Signals, 5000)]
    [InlineData(SequenceKind.PathLimits, 500)]
    [InlineData(SequenceKind.ExclusiveOrder, 1000)]
    [InlineData(SequenceKind.FullRings, 1000)]
    [InlineData(SequenceKind.DisarmedOneShots, 1000)]
    [InlineData(SequenceKind.NestedPruning, 1000)]
    [InlineData(SequenceKind.HeldScans, 300)]
    [InlineData(SequenceKind.Waiters, 100)]
    [InlineData(SequenceKind.LateWakes, 10)]
    [InlineData(SequenceKind.Datagrams, 1000)]
    [InlineData(SequenceKind.Connections, 20)]
    [InlineData(SequenceKind.Files, 300)]
    public void Model_and_running_kernel_agree_on_every_result(SequenceKind kind, long sequences)
    {
        CheckSummary summary = new DifferentialCheck { Kind = kind, Sequences = sequences, Seed = 1 }.Run();
        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
        Assert.Equal(sequences, summary.Sequences);
        Assert.True(summary.Flaky.Count == 0, string.Join("\n\n", summary.Flaky));
    }

    [Fact]
    public void A_difference_is_made_short_and_says_how_to_play_it_again()
    {
        CheckSummary summary = new DifferentialCheck { Mutation = Mutation.AddDoesNotQueue, Sequences = 100 }.Run();
        Assert.NotNull(summary.Found);
        Assert.InRange(summary.Found.Steps.Count, 2, 6);
        Assert.Contains("# model:", summary.Found.ToString(), System.StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_seeds_make_equal_sequences()
    {
        foreach (SequenceKind kind in System.Enum.GetValues<SequenceKind>())
        {
            Assert.Equal(
                string.Join('\n', System.Linq.Enumerable.Select(SequencesOf.Seed(kind, 7), step => step.Text)),
                string.Join('\n', System.Linq.Enumerable.Select(SequencesOf.Seed(kind, 7), step => step.Text)));
        }
    }
}
