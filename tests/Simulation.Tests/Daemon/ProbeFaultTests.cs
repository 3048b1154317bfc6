using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Drivers.Arp;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Arp;
using Spindle.Simulation.Faults;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.Tests.Network;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Daemons;

/// <summary>A probe that could not be sent has asked nobody: the address is not taken for it.</summary>
public sealed class ProbeFaultTests
{
    private readonly RecordingStation line;
    private readonly SimulatedKernel kernel;
    private readonly SimulatedLink link;
    private readonly EventLoop loop;
    private readonly ArpTransport transport;

    public ProbeFaultTests()
    {
        VirtualClock clock = new(Instant.FromSeconds(100));
        Choices choices = new(1);
        SimulatedMachine machine = new(choices.Fork("machine"), clock);
        EthernetSegment segment = new(clock, choices.Fork("weather"));
        kernel = machine.StartProcess();
        link = machine.Network.AddEthernet("eth0", MacAddress.Read([2, 0, 0, 0, 0, 1]));
        link.Cable = segment.Plug(link);
        machine.Network.Control.SetUp(link, true);
        line = new RecordingStation(clock, 99);
        segment.Plug(line);
        loop = new EventLoop(kernel);
        transport = new ArpTransport(loop);
    }

    [Theory]
    [InlineData(Errno.ENOMEM)]
    [InlineData(Errno.ENOBUFS)]
    public void A_link_local_address_is_ours_behind_three_probes_that_went_out(Errno error)
    {
        IpPrefix? found = null;
        using LinkLocalDriver driver = new(transport, link.Index, link.MacAddress, (LinkLocalDriver _, in LinkLocalOutput output) =>
            found = output.Kind == LinkLocalOutputKind.AddressAcquired ? output.Address : found);
        FailSends(1, 3, 4, error);
        driver.Start();
        loop.TurnUntil(() => found is not null);
        Assert.Equal(3, Probes(found!.Value.Address));
    }

    [Fact]
    public void An_address_is_free_behind_three_probes_that_went_out()
    {
        IpAddress address = IpAddress.Parse("192.0.2.7");
        bool isFree = false;
        using AddressConflictDriver driver = new(
            transport, link.Index, link.MacAddress, AddressDefence.DefendOnce,
            (AddressConflictDriver _, in AddressConflictOutput output) => isFree |= output.Kind == AddressConflictOutputKind.AddressFree);
        FailSends(2, 3, 5, Errno.ENOBUFS);
        driver.Probe(address);
        loop.TurnUntil(() => isFree);
        Assert.Equal(3, Probes(address));
    }

    private void FailSends(int one, int two, int three, Errno error)
    {
        long sent = kernel.Faults.CountOf(SystemCall.Send);
        foreach (int number in new[] { one, two, three })
        {
            kernel.Faults.FailAt(SystemCall.Send, sent + number, error);
        }
    }

    private int Probes(IpAddress address) => line.Frames.Count(frame =>
        frame is [_, _, _, _, _, _, _, _, _, _, _, _, 0x08, 0x06, ..] && ArpPacket.TryRead(frame.AsSpan(14), out ArpPacket packet, out _)
        && packet.IsProbe && packet.TargetAddress == address);
}
