using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network;

/// <summary>The model's route netlink against the running kernel's. Needs root or a user namespace, and says so if it has neither.</summary>
[Collection("running kernel")]
public sealed class NetlinkTests
{
    [Fact]
    public void Model_and_running_kernel_answer_and_tell_the_same_of_random_requests()
    {
        NamespaceSummary summary = new NamespaceCheck { Subject = CheckSubject.Netlink, Sequences = 120, Seed = 1, Workers = 8, Shrinks = false }.Run();
        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
        Assert.Equal(120, summary.Sequences);
    }

    [Fact]
    public void Equal_seeds_make_equal_sequences()
    {
        Assert.Equal(NetlinkGenerator.Make(7).ConvertAll(step => step.Text), NetlinkGenerator.Make(7).ConvertAll(step => step.Text));
    }
}
