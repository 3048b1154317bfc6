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
        NetlinkSummary summary = new PacketCheck { Seed = (ulong)seed, Sequences = System.Environment.GetEnvironmentVariable("PACKET_MANY") is null ? 60 : 0 }.Run();
        if (System.Environment.GetEnvironmentVariable("PACKET_MANY") is not null)
        {
            string all = "";
            for (ulong at = 0; at < 12; at++)
            {
                NetlinkSummary one = new PacketCheck { Seed = (ulong)seed + (at * 1000), Sequences = 15 }.Run();
                all += one.Found is null ? $"--- none {one.Unsteady}\n" : $"--- {one.FoundSeed} {one.Sequences} {one.Unsteady}\n{one.Found}\n";
                System.IO.File.WriteAllText("/tmp/packets.txt", all);
            }
        }

        Assert.True(summary.Found is null, $"seed {summary.FoundSeed}:\n{summary.Found}");
    }
}
