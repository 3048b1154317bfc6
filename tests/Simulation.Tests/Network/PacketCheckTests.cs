using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Packets.Checking;
using Xunit;

namespace Spindle.Simulation.Tests.Network;

/// <summary>The model's sockets against the running kernel's, in namespaces.</summary>
[Collection("running kernel")]
public sealed class PacketCheckTests
{
    [Fact]
    public void The_model_agrees_with_the_running_kernel_on_random_datagrams_and_frames()
    {
        long seed = long.Parse(System.Environment.GetEnvironmentVariable("PACKET_SEED") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        NetlinkSummary summary = new PacketCheck { Seed = (ulong)seed, Sequences = 60 }.Run();
        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
    }
}
