using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Routers.Checking;

namespace Spindle.Simulation.Network;

/// <summary>What the model makes of router advertisements against what the running kernel makes of them. Needs root or a user
/// namespace, and says so if it has neither.</summary>
[Collection("running kernel")]
public sealed class RouterCheckTests
{
    [Fact]
    public void Model_and_running_kernel_make_the_same_of_random_router_advertisements()
    {
        NamespaceSummary summary = new NamespaceCheck { Subject = CheckSubject.Routers, Sequences = 16, Seed = 1, Workers = 16, Shrinks = false }.Run();
        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
        Assert.Equal(16, summary.Sequences);
    }

    [Fact]
    public void Equal_seeds_make_equal_sequences()
    {
        Assert.Equal(RouterGenerator.Make(7).ConvertAll(step => step.Text), RouterGenerator.Make(7).ConvertAll(step => step.Text));
    }
}
