using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Simulation.Faults;
using Spindle.Simulation;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>What takes its time, on virtual time.</summary>
public sealed class TimeTests : DoorTest
{
    public TimeTests()
        : base(isSimulated: true)
    {
    }

    [Theory]
    [InlineData(5, 5, new[] { 5, 10, 15, 20, 25 }, 30)]
    [InlineData(1, 2, new[] { 1, 2 }, 3)]
    [InlineData(5, 0, new int[] { }, 5)]
    public void A_client_that_is_silent_is_pinged_and_then_disconnected(int interval, int count, int[] pings, int end)
    {
        TestPeer peer = Connect(new RpcLimits { KeepAliveInterval = TimeSpan.FromSeconds(interval), KeepAliveCount = count });
        Assert.True(peer.Call(TestProgram.Watch).IsOk);
        Instant begin = Loop.Now;
        List<int> seen = [];
        while (!peer.IsEnded)
        {
            Until(() => peer.HasMessage || peer.IsEnded);
            if (peer.HasMessage)
            {
                Assert.Equal(KeepAliveMessage.Ping, KeepAlive.Classify(peer.Take().Header));
                seen.Add(Seconds(begin));
            }
        }

        Assert.Equal(pings, seen);
        Assert.Equal(end, Seconds(begin));
    }

    [Fact]
    public void Whatever_is_heard_of_a_client_starts_the_count_anew()
    {
        TestPeer peer = Connect(new RpcLimits());
        Assert.True(peer.Call(TestProgram.Watch).IsOk);
        for (int count = 0; count < 20; count++)
        {
            Assert.Equal(KeepAliveMessage.Ping, KeepAlive.Classify(peer.Receive().Header));
            peer.Send(KeepAlive.Pong);
        }

        for (int count = 0; count < 20; count++)
        {
            Pass(TimeSpan.FromSeconds(4));
            Assert.False(peer.HasMessage);
            Assert.True(peer.Call(TestProgram.Void).IsOk);
        }
    }

    [Fact]
    public void Who_has_not_asked_for_it_is_not_pinged()
    {
        TestPeer peer = Connect(new RpcLimits());
        Assert.True(peer.Call(TestProgram.Void).IsOk);
        Pass(TimeSpan.FromHours(1));
        Assert.False(peer.HasMessage || peer.IsEnded);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Keepalive_can_be_off(int interval)
    {
        TestPeer peer = Connect(new RpcLimits { KeepAliveInterval = TimeSpan.FromSeconds(interval) });
        Assert.True(peer.Call(TestProgram.Watch).IsOk);
        Pass(TimeSpan.FromHours(1));
        Assert.False(peer.HasMessage || peer.IsEnded);
    }

    [Fact]
    public void Who_does_not_say_who_he_is_in_time_makes_room_for_others()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 1 }, authorizer: (_, answer) => answer(null));
        PeerUser = 1000;
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer silent = Join(server);
        Instant begin = Loop.Now;
        TestPeer next = Connect();
        next.SendCall((int)RemoteProcedure.AuthPolkit);
        silent.AssertEnds();
        Assert.Equal(30, Seconds(begin));
        Assert.True(next.Receive().IsOk);
        Pass(TimeSpan.FromHours(1));
        Assert.False(next.IsEnded);
        Assert.True(next.Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void While_somebody_is_asked_there_is_more_time_and_a_refusal_gives_none()
    {
        List<Action<RpcError?>> questions = [];
        RpcServer server = Serve(authorizer: (_, answer) => questions.Add(answer));
        PeerUser = 1000;
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Join(server);
        Instant begin = Loop.Now;
        peer.SendCall((int)RemoteProcedure.AuthPolkit);
        Pass(TimeSpan.FromSeconds(60));
        Assert.Single(questions);
        peer.Call((int)RemoteProcedure.AuthPolkit).AssertError(45, 7, "authentication failed: authentication failed");
        questions[0](RpcError.AuthenticationFailed);
        Until(() => peer.HasMessage);
        peer.Take().AssertError(45, 7, "authentication failed: authentication failed");
        peer.AssertEnds();
        Assert.Equal(60, Seconds(begin));
    }

    [Fact]
    public void A_question_that_nobody_answers_ends_too()
    {
        RpcServer server = Serve(authorizer: static (_, _) => { });
        PeerUser = 1000;
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Join(server);
        Instant begin = Loop.Now;
        peer.SendCall((int)RemoteProcedure.AuthPolkit);
        peer.AssertEnds();
        Assert.Equal(RpcLimits.AuthorizationMaximum, TimeSpan.FromSeconds(Seconds(begin)));
        Assert.Equal(0, server.AnonymousClients);
    }

    [Fact]
    public void Without_descriptors_a_listener_rests_and_tries_again()
    {
        RpcServer server = Serve();
        RpcService service = Listen(server);
        FaultPlan faults = ((SimulatedKernel)Kernel).Faults;
        faults.FailAt(SystemCall.Accept, faults.CountOf(SystemCall.Accept) + 1, Errno.EMFILE);
        TestPeer peer = Connect();
        Until(() => service.IsSuspended);
        Instant begin = Loop.Now;
        Assert.True(peer.Call(TestProgram.Void).IsOk);
        Assert.Equal(1, Seconds(begin));
        Assert.False(service.IsSuspended);
    }

    [Fact]
    public void A_client_that_leaves_ends_the_rest_of_a_listener()
    {
        RpcServer server = Serve(new RpcLimits { AcceptRetry = TimeSpan.FromHours(1) });
        RpcService service = Listen(server);
        TestPeer first = Join(server);
        FaultPlan faults = ((SimulatedKernel)Kernel).Faults;
        faults.FailAt(SystemCall.Accept, faults.CountOf(SystemCall.Accept) + 1, Errno.EMFILE);
        TestPeer peer = Connect();
        Until(() => service.IsSuspended);
        Instant begin = Loop.Now;
        Leave(first);
        Assert.True(peer.Call(TestProgram.Void).IsOk);
        Assert.Equal(0, Seconds(begin));
    }

    [Fact]
    public void Without_threads_a_call_that_needs_one_is_refused_and_others_are_answered()
    {
        Listen(Serve());
        FaultPlan faults = ((SimulatedKernel)Kernel).Faults;
        for (int number = 1; number <= 100; number++)
        {
            faults.FailAt(SystemCall.StartThread, number, Errno.EAGAIN);
        }

        TestPeer peer = Connect();
        peer.Call(TestProgram.Work, static writer => writer.WriteString("x")).AssertError(87, 7, "resource busy: too many calls wait");
        Assert.Equal("inline", peer.Call(TestProgram.Echo, static writer => writer.WriteString("inline")).Text);
        peer.Call(TestProgram.Work, static writer => writer.WriteString("x")).AssertError(87, 7, "resource busy: too many calls wait");
    }

    private TestPeer Connect(RpcLimits limits)
    {
        RpcServer server = Serve(limits);
        Listen(server);
        return Join(server);
    }

    private int Seconds(Instant since) => (int)Math.Round((Loop.Now - since).TotalSeconds);
}
