using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Packets.Checking;

namespace Spindle.Simulation.Network;

/// <summary>The model's UDP, raw and packet sockets against the running kernel's. Needs root or a user namespace, and says so if it
/// has neither.</summary>
[Collection("running kernel")]
public sealed class PacketTests
{
    [Fact]
    public void Model_and_running_kernel_make_the_same_of_random_packets()
    {
        NamespaceSummary summary = new NamespaceCheck { Subject = CheckSubject.Packets, Sequences = 40, Seed = 1, Shrinks = false }.Run();
        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
        Assert.Equal(40, summary.Sequences);
    }

    [Fact]
    public void Equal_seeds_make_equal_sequences()
    {
        Assert.Equal(PacketGenerator.Make(7).ConvertAll(step => step.Text), PacketGenerator.Make(7).ConvertAll(step => step.Text));
    }
}
