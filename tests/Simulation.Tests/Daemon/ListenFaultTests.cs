using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Simulation.Faults;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.Tests.Network;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Daemons;

/// <summary>A packet socket whose filter the kernel had no memory for is not deaf for good.</summary>
public sealed class ListenFaultTests
{
    private const ushort EtherType = 0x88B5;

    [Fact]
    public void Who_asks_to_listen_again_is_heard()
    {
        VirtualClock clock = new(Instant.FromSeconds(100));
        Choices choices = new(1);
        SimulatedMachine machine = new(choices.Fork("machine"), clock);
        EthernetSegment segment = new(clock, choices.Fork("weather"));
        SimulatedKernel kernel = machine.StartProcess();
        SimulatedLink link = machine.Network.AddEthernet("eth0", MacAddress.Read([2, 0, 0, 0, 0, 1]));
        link.Cable = segment.Plug(link);
        machine.Network.Control.SetUp(link, true);
        RecordingStation other = new(clock, 99);
        ICable cable = segment.Plug(other);
        EventLoop loop = new(kernel);
        using PacketSocket socket = new(loop, EtherType, static _ => [new BpfInstruction(0x06, 0, 0, 0x10000)]); // RET: all of it
        int heard = 0;
        PacketListener listener = socket.AddListener(link.Index, (scoped in ReceivedPacket _) => heard++);
        Assert.True(socket.Open().IsOk);

        kernel.Faults.FailAt(SystemCall.SetSocketOption, kernel.Faults.CountOf(SystemCall.SetSocketOption) + 1, Errno.ENOMEM);
        Assert.Equal(Errno.ENOMEM, listener.Listen().Error);
        Assert.True(listener.Listen().IsOk);
        cable.Send(other.FrameTo(link.MacAddress, 7));
        loop.TurnUntil(() => heard == 1);
        Assert.Equal(2, socket.Counters.FilterChanges);
    }
}
