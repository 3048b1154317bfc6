using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>What becomes of a call.</summary>
public sealed class CallTests : DoorTest
{
    [Theory]
    [InlineData(TestProgram.Echo, "hello")]
    [InlineData(TestProgram.Work, "hello")]
    [InlineData(TestProgram.Post, "from the loop")]
    public void A_call_is_answered_wherever_it_is_worked_on(int procedure, string expected)
    {
        Listen(Serve());
        TestPeer peer = Connect();
        Assert.Equal(expected, peer.Call(procedure, static writer => writer.WriteString("hello")).Text);
        Assert.Equal(expected, peer.Call(procedure, static writer => writer.WriteString("hello")).Text);
        Assert.Empty(Failures);
    }

    [Theory]
    [InlineData(TestProgram.Throw, 1)]
    [InlineData(TestProgram.ThrowInline, 1)]
    [InlineData(TestProgram.Forget, 0)]
    public void A_handler_that_fails_fails_its_call_alone(int procedure, int failures)
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer peer = Connect();
        RpcAnswer answer = peer.Call(procedure);
        Assert.Equal(RpcErrorCode.InternalError, answer.Error!.Code);
        Assert.Equal(failures, Failures.Count);
        Assert.Equal("after", peer.Call(TestProgram.Echo, static writer => writer.WriteString("after")).Text);
        Assert.Equal(0, server.Clients.Single().Requests);
    }

    [Fact]
    public void A_cheap_call_overtakes_a_slow_one_of_the_same_client()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        uint slow = peer.SendCall(TestProgram.Block);
        Assert.Equal("fast", peer.Call(TestProgram.Echo, static writer => writer.WriteString("fast")).Text);
        Program.Gate.Set();
        Assert.Equal(slow, peer.Receive().Header.Serial);
    }

    [Fact]
    public void A_call_that_is_kept_is_ended_later_once()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        uint serial = peer.SendCall(TestProgram.Keep);
        Until(() => Program.Kept.Count == 1);
        RpcCall call = Program.Kept[0];
        Assert.Equal(1, call.Client.Requests);
        call.Result.WriteString("late");
        call.Complete();
        RpcAnswer answer = peer.Receive();
        Assert.Equal((serial, "late"), (answer.Header.Serial, answer.Text));
        Assert.Throws<InvalidOperationException>(call.Complete);
        Assert.Throws<InvalidOperationException>(() => call.Fail(RpcError.UndecodablePayload));
    }

    [Fact]
    public void Errors_belong_to_their_call()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        TestPeer other = Connect();
        RpcAnswer failed = peer.Call(TestProgram.FailOnce, static writer => writer.WriteString("secret of the first"));
        failed.AssertError(1, 7, "internal error: secret of the first");
        Assert.Equal("fine", other.Call(TestProgram.Work, static writer => writer.WriteString("fine")).Text);
        other.Call(TestProgram.Echo).AssertError(39, 7, "Unable to decode message payload");
        peer.Call((int)RemoteProcedure.AuthPolkit).AssertError(45, 7, "authentication failed: authentication failed");
    }

    [Fact]
    public void A_burst_of_calls_that_block_has_all_workers_at_once()
    {
        RpcServer server = Serve();
        Listen(server);
        List<TestPeer> callers = [.. Enumerable.Range(0, 64).Select(_ => Connect())];
        callers.ForEach(static peer => peer.SendCall(TestProgram.Block));
        Until(() => Program.Blocked == 20 && server.WorkerFigures.Queued == 44);
        Assert.Equal((20, 5), (server.WorkerFigures.Workers, server.WorkerFigures.PriorityWorkers));
        Program.Gate.Set();
        callers.ForEach(static peer => Assert.True(peer.Receive().IsOk));
    }

    [Fact]
    public void A_flood_of_urgent_calls_does_not_hold_up_who_comes_new()
    {
        RpcServer server = Serve();
        Listen(server);
        List<TestPeer> callers = [.. Enumerable.Range(0, 40).Select(_ => Connect())];
        callers.ForEach(static peer => peer.SendCall(TestProgram.BlockHigh));
        Until(() => Program.Blocked == 25);
        TestPeer late = Connect();
        RpcAnswer list = late.Call((int)RemoteProcedure.AuthList);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0], list.Payload);
        Program.Gate.Set();
        callers.ForEach(static peer => Assert.True(peer.Receive().IsOk));
    }

    [Fact]
    public void Who_leaves_during_a_call_disturbs_nobody()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer leaving = Connect();
        leaving.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 1);
        Leave(leaving);
        Until(() => server.ClientCount == 0);
        Program.Gate.Set();
        Assert.Equal("still here", Connect().Call(TestProgram.Work, static writer => writer.WriteString("still here")).Text);
    }

    [Fact]
    public void Jobs_of_who_has_left_are_not_begun()
    {
        RpcServer server = Serve(workers: new() { Maximum = 1 });
        Listen(server);
        TestPeer first = Connect();
        TestPeer leaving = Connect();
        first.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 1);
        leaving.SendCall(TestProgram.Throw);
        Until(() => server.WorkerFigures.Queued == 1);
        Leave(leaving);
        Until(() => server.ClientCount == 1);
        Program.Gate.Set();
        Assert.True(first.Receive().IsOk);
        Until(() => server.WorkerFigures.Done == 2);
        Assert.Empty(Failures);
    }

    [Fact]
    public void The_last_answer_goes_out_before_the_end()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        peer.Send([.. TestPeer.Call(TestProgram.End, 1), .. TestPeer.Call(TestProgram.Void, 2)]);
        Assert.Equal(1u, peer.Receive().Header.Serial);
        peer.AssertEnds();
    }

    [Fact]
    public void Who_has_said_all_it_will_say_is_still_answered()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer peer = Connect();
        peer.SendCall(TestProgram.Block);
        peer.SendCall(TestProgram.Work, static writer => writer.WriteString("last words"));
        Kernel.Shutdown(peer.Fd, 1);
        Assert.Equal("last words", peer.Receive().Text);
        Program.Gate.Set();
        Assert.True(peer.Receive().IsOk);
        peer.AssertEnds();
        Assert.Equal(0, server.ClientCount);
    }
}
