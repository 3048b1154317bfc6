using System.Linq;

namespace Spindle.Simulation.Checking;

/// <summary>The check has teeth: a mistake in any rule is found.</summary>
[Collection("running kernel")]
public sealed class MutationTests
{
    public static TheoryData<Mutation> Mutations => new(MutationProof.All);

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_mistake_in_the_model_is_found_in_time(Mutation mutation)
    {
        CheckSummary summary = MutationProof.Find(mutation);
        Assert.True(summary.Found is not null, $"{mutation} stayed unseen for {summary.Sequences} sequences from seed 1");
        Difference? own = MutationProof.PlayWithout(mutation, summary.FoundSeed).Found;
        Assert.True(own is null, $"{mutation} was not found, but a difference without it, with seed {summary.FoundSeed}:\n{own}");
    }

    [Fact]
    public void There_is_a_mistake_for_every_rule()
    {
        Assert.True(MutationProof.All.Count >= 40);
        Assert.Equal(MutationProof.All.Count, MutationProof.All.Distinct().Count());
    }
}
