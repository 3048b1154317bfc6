using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network;

/// <summary>The model's tunnels against the running kernel's. Needs root or a user namespace, and says so if it has neither.</summary>
[Collection("running kernel")]
public sealed class TunnelTests
{
    [Fact]
    public void Model_and_running_kernel_make_the_same_of_random_tunnels()
    {
        NamespaceSummary summary = new NamespaceCheck { Subject = CheckSubject.Tunnels, Sequences = 20, Seed = 1, Shrinks = false }.Run();
        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
        Assert.Equal(20, summary.Sequences);
    }
}
