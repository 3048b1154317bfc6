using System.Linq;
using Spindle.Kernels;
using Spindle.Simulation;
using Spindle.Simulation.Faults;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>A kernel that has no room for another watch (ENOSPC, ENOMEM): whoever is meant is without it, and the rest goes on.</summary>
public sealed class ShortageTests() : DoorTest(isSimulated: true)
{
    private FaultPlan Faults => ((SimulatedKernel)Kernel).Faults;

    [Fact]
    public void A_listener_that_cannot_be_watched_is_an_error_of_listening()
    {
        RpcServer server = Serve();
        FailNext(SystemCall.EpollAdd, Errno.ENOSPC);
        Result result = server.Listen(new UnixListenerOptions(PathOf("sock")), out RpcService? service);
        Assert.Equal(Errno.ENOSPC, result.Error);
        Assert.Null(service);
        Assert.Empty(server.Services);
        Assert.False(Kernel.Status(PathOf("sock"), out _).IsOk);
        Listen(server);
        Assert.True(Connect().Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void A_listener_that_rested_and_cannot_be_watched_again_tries_again_later()
    {
        RpcServer server = Serve(new RpcLimits { Clients = 1, AnonymousClients = 1 });
        RpcService service = Listen(server);
        TestPeer first = Join(server);
        TestPeer second = Connect();
        Assert.False(service.IsAccepting);
        FailNext(SystemCall.EpollAdd, Errno.ENOSPC);
        Leave(first);
        Until(() => server.ClientCount == 0);
        Assert.True(service.IsSuspended);
        Assert.False(service.IsAccepting);
        Assert.True(second.Call(TestProgram.Void).IsOk);
        Assert.False(service.IsSuspended);
    }

    [Fact]
    public void A_client_that_cannot_be_watched_is_disconnected_and_others_are_served()
    {
        RpcServer server = Serve();
        PeerUser = 1000;
        RpcService service = Listen(server, authentication: RpcAuthentication.PolicyKit);
        Listen(server, "open");
        TestPeer first = Join(server, "open");
        TestPeer second = Connect();
        FailNext(SystemCall.EpollAdd, Errno.ENOMEM);
        second.AssertEnds();
        Assert.Equal((1, 0), (server.ClientCount, service.AnonymousClients));
        Assert.True(first.Call(TestProgram.Void).IsOk);
        Assert.True(Connect("open").Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void A_client_that_cannot_be_watched_for_something_else_is_disconnected_and_others_are_served()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer slow = JoinDeaf(server, out _);
        TestPeer other = Join(server);
        FailNext(SystemCall.EpollChange, Errno.ENOMEM);
        slow.SendCall(TestProgram.Big, static writer => writer.WriteInt32(1_000_000)); // more than the socket takes
        Assert.True(other.Call(TestProgram.Void).IsOk);
        Assert.Equal(2ul, server.Clients.Single().Id);
        Assert.Empty(Failures);
    }

    private void FailNext(SystemCall call, Errno error) => Faults.FailAt(call, Faults.CountOf(call) + 1, error);
}
