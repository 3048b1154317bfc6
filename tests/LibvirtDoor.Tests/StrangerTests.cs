using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>Who has not said who he is has his place, and keeps nobody else out.</summary>
public sealed class StrangerTests : DoorTest
{
    private const int AuthPolkit = (int)RemoteProcedure.AuthPolkit;
    private const uint Alice = 1000;
    private const uint Mallory = 1001;

    public StrangerTests()
        : base(isSimulated: true)
    {
        PeerUser = Alice;
    }

    [Fact]
    public void Strangers_hold_up_their_own_listener_alone()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 2 });
        RpcService locked = Listen(server, "locked", RpcAuthentication.PolicyKit);
        RpcService open = Listen(server, "open");
        TestPeer first = Join(server, "locked");
        Join(server, "locked");
        TestPeer third = Connect("locked");
        Until(() => locked.WaitingClients == 1);
        Assert.Equal((2, 2, 0), (server.AnonymousClients, locked.AnonymousClients, open.AnonymousClients));
        Assert.True(Connect("open").Call(TestProgram.Void).IsOk);
        Leave(first);
        third.Call(TestProgram.Void).AssertError(39, 7, "authentication required");
        Assert.Equal((2, 0), (locked.AnonymousClients, locked.WaitingClients));
    }

    [Fact]
    public void Strangers_take_no_places_of_another_listener_and_places_are_not_given_twice()
    {
        RpcServer server = Serve(new RpcLimits { Clients = 2, AnonymousClients = 2 }, authorizer: (_, answer) => answer(null));
        RpcService first = Listen(server, "first", RpcAuthentication.PolicyKit);
        RpcService second = Listen(server, "second", RpcAuthentication.PolicyKit);
        TestPeer[] strangers = [Join(server, "first"), Join(server, "first")];
        TestPeer[] others = [Join(server, "second"), Join(server, "second")];
        Assert.Equal((4, 4), (server.ClientCount, server.AnonymousClients));

        Assert.True(others[0].Call(AuthPolkit).IsOk);
        Assert.True(strangers[0].Call(AuthPolkit).IsOk);
        Assert.False(first.IsAccepting || second.IsAccepting);
        Assert.Equal((4, 2), (server.ClientCount, server.AnonymousClients));
        strangers[1].SendCall(AuthPolkit);
        strangers[1].AssertEnds();
        Assert.Equal((3, 1), (server.ClientCount, server.AnonymousClients));
        Leave(strangers[0]);
        Until(() => server.ClientCount == 2);
        Assert.True(others[1].Call(AuthPolkit).IsOk);
        Assert.False(first.IsAccepting || second.IsAccepting);
        Leave(others[0]);
        Until(() => first.IsAccepting && second.IsAccepting);
    }

    [Fact]
    public void Root_is_kept_waiting_by_nobody()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 2, QueuedClients = 50 });
        RpcService service = Listen(server, authentication: RpcAuthentication.PolicyKit);
        List<TestPeer> silent = [];
        for (int count = 0; count < 60; count++)
        {
            silent.Add(Connect());
            Settle();
        }

        PeerUser = 0;
        Instant begin = Loop.Now;
        Assert.True(Connect().Call(TestProgram.Void).IsOk);
        Assert.Equal(0, Seconds(begin));
        Until(() => silent.Count(static peer => peer.IsEnded) == 8);
        Assert.Equal((3, 2, 50), (server.ClientCount, service.AnonymousClients, service.WaitingClients));
    }

    [Fact]
    public void Who_has_fewer_places_than_another_gets_one_of_his_after_a_second()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 3 });
        RpcService service = Listen(server, authentication: RpcAuthentication.PolicyKit);
        PeerUser = Mallory;
        TestPeer oldest = Join(server);
        Instant begin = Loop.Now;
        TestPeer[] silent = [Join(server), Join(server), .. Enumerable.Range(0, 10).Select(_ => Connect())];
        Until(() => service.WaitingClients == 10);
        PeerUser = Alice;
        TestPeer other = Connect();
        other.Call(TestProgram.Void).AssertError(39, 7, "authentication required");
        Assert.Equal(1, Seconds(begin));
        Assert.True(oldest.IsEnded);
        Assert.DoesNotContain(silent, static peer => peer.IsEnded);
        Assert.Equal((3, 10), (service.AnonymousClients, service.WaitingClients));
    }

    [Fact]
    public void Nobody_loses_his_place_to_another_of_his_own_before_his_time()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 2 });
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer silent = Join(server);
        Instant begin = Loop.Now;
        Join(server);
        TestPeer third = Connect();
        third.SendCall(TestProgram.Void);
        silent.AssertEnds();
        Assert.Equal(30, Seconds(begin));
        Assert.False(third.Receive().IsOk);
    }

    [Fact]
    public void Who_has_a_single_place_and_is_being_asked_about_keeps_it()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 1 }, authorizer: static (_, _) => { });
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer asked = Join(server);
        Instant begin = Loop.Now;
        asked.SendCall(AuthPolkit);
        PeerUser = Mallory;
        TestPeer other = Connect();
        other.SendCall(TestProgram.Void);
        asked.AssertEnds();
        Assert.Equal(RpcLimits.AuthorizationMaximum, TimeSpan.FromSeconds(Seconds(begin)));
        Assert.False(other.Receive().IsOk);
    }

    [Fact]
    public void When_too_many_wait_the_last_of_whoever_has_the_most_is_disconnected()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 1, QueuedClients = 3 });
        RpcService service = Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer first = Join(server);
        TestPeer second = Connect();
        PeerUser = Mallory;
        TestPeer[] many = [Connect(), Connect(), Connect()];
        many[2].AssertEnds();
        Assert.Equal(3, service.WaitingClients);
        Assert.DoesNotContain<TestPeer>([first, second, many[0], many[1]], static peer => peer.IsEnded);
    }

    [Fact]
    public void A_server_that_ends_disconnects_who_waits()
    {
        RpcServer server = Serve(new RpcLimits { AnonymousClients = 1 });
        RpcService service = Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer first = Join(server);
        TestPeer second = Connect();
        Until(() => service.WaitingClients == 1);
        server.Stop(TimeSpan.FromSeconds(1), static _ => { });
        first.AssertEnds();
        second.AssertEnds();
        Assert.Equal(0, service.WaitingClients);
    }

    private int Seconds(Instant since) => (int)Math.Round((Loop.Now - since).TotalSeconds);
}
