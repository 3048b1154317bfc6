using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>What a server lets its clients have.</summary>
public sealed class LimitTests : DoorTest
{
    [Fact]
    public void At_the_most_clients_nobody_is_accepted_until_one_leaves()
    {
        RpcServer server = Serve(new RpcLimits { Clients = 3, AnonymousClients = 3 });
        RpcService service = Listen(server);
        RpcService other = Listen(server, "other");
        List<TestPeer> peers = [.. Enumerable.Range(0, 3).Select(_ => Join(server))];
        Assert.False(service.IsAccepting || other.IsAccepting);
        TestPeer late = Connect("other");
        late.SendCall(TestProgram.Void);
        Assert.True(peers[0].Call(TestProgram.Void).IsOk);
        Assert.Equal(3, server.ClientCount);
        Leave(peers[1]);
        Assert.True(late.Receive().IsOk);
        Assert.Equal([1ul, 3ul, 4ul], server.Clients.Select(static client => client.Id).Order());
    }

    [Fact]
    public void The_limits_can_be_changed_while_clients_are_there()
    {
        RpcServer server = Serve(new RpcLimits { Clients = 1, AnonymousClients = 1 });
        RpcService service = Listen(server);
        Join(server);
        TestPeer late = Connect();
        Assert.False(service.IsAccepting);
        server.Limits = server.Limits with { Clients = 2 };
        Assert.True(late.Call(TestProgram.Void).IsOk);
        server.Limits = server.Limits with { Clients = 1 };
        Assert.False(service.IsAccepting);
        Assert.True(late.Call(TestProgram.Void).IsOk);
        Assert.ThrowsAny<ArgumentException>(() => server.Limits = new RpcLimits { Clients = 1, AnonymousClients = 2 });
    }

    [Fact]
    public void A_client_has_as_many_calls_in_flight_as_it_may()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer peer = Join(server);
        RpcClient client = server.Clients.Single();
        for (int count = 0; count < 16; count++)
        {
            peer.SendCall(TestProgram.Block);
        }

        peer.Send(KeepAlive.Ping);
        Assert.Equal(RpcPrograms.KeepAlive, peer.Receive().Header.Program);
        Until(() => Program.Blocked == 5);
        Settle();
        Assert.Equal((5, 5, 0), (client.Requests, Program.Blocked, server.WorkerFigures.Queued));
        Program.Gate.Set();
        Assert.Equal(Enumerable.Range(1, 16).Select(static serial => (uint)serial),
            Enumerable.Range(0, 16).Select(_ => peer.Receive().Header.Serial).Order());
        Assert.Equal((0, 0), (client.Requests, client.UnreadOctets));
        peer.Send(KeepAlive.Ping);
        Assert.Equal(RpcPrograms.KeepAlive, peer.Receive().Header.Program);
        Assert.False(peer.HasMessage);
    }

    [Fact]
    public void What_is_read_ahead_ends_at_64_KB()
    {
        RpcServer server = Serve(new RpcLimits { Requests = 1 });
        Listen(server);
        TestPeer peer = Join(server);
        RpcClient client = server.Clients.Single();
        peer.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 1);
        string text = new('x', 1000);
        for (int count = 0; count < 200; count++)
        {
            peer.SendCall(TestProgram.Echo, writer => writer.WriteString(text));
        }

        Until(() => client.UnreadOctets >= RpcLimits.ReadAheadMaximum);
        Settle();
        Assert.Equal(RpcLimits.ReadAheadMaximum, client.UnreadOctets);
        peer.Send(KeepAlive.Ping);
        Program.Gate.Set();
        Assert.True(peer.Receive().IsOk);
        for (int count = 0; count < 200; count++)
        {
            Assert.Equal(text, peer.Receive().Text);
        }

        Assert.Equal(RpcPrograms.KeepAlive, peer.Receive().Header.Program);
        Assert.Equal(0, client.UnreadOctets);
    }

    [Fact]
    public void A_message_longer_than_what_is_read_ahead_waits_and_comes()
    {
        RpcServer server = Serve(new RpcLimits { Requests = 1 });
        Listen(server);
        TestPeer peer = Join(server);
        peer.SendCall(TestProgram.Block);
        string text = new('y', 300_000);
        peer.SendCall(TestProgram.Work, writer => writer.WriteString(text));
        Until(() => server.Clients.Single().UnreadOctets == RpcLimits.ReadAheadMaximum);
        Program.Gate.Set();
        Assert.True(peer.Receive().IsOk);
        Assert.Equal(text, peer.Receive().Text);
        Assert.Equal(0, Door.LargeOctets);
    }

    [Fact]
    public void Who_does_not_read_is_not_read_from()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer slow = JoinDeaf(server, out RpcClient client);
        TestPeer other = Join(server);
        for (int count = 0; count < 400; count++)
        {
            slow.SendCall(TestProgram.Big, static writer => writer.WriteInt32(10_000));
        }

        Until(() => client.UnsentOctets > RpcLimits.UnsentMark);
        Settle();
        Assert.InRange(client.UnsentOctets, RpcLimits.UnsentMark, RpcLimits.UnsentMark + 20_000);
        Assert.True(other.Call(TestProgram.Void).IsOk);
        slow.IsReading = true;
        for (int count = 0; count < 400; count++)
        {
            Assert.Equal(10_000, slow.Receive().Payload.Length);
        }

        Assert.Equal(0, client.UnsentOctets);
    }

    [Fact]
    public void A_flood_of_pings_that_nobody_reads_the_answers_of_is_held_back()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer slow = JoinDeaf(server, out RpcClient client);
        byte[] flood = [.. Enumerable.Repeat(KeepAlive.Ping.ToArray(), 1000).SelectMany(static ping => ping)];
        for (int count = 0; count < 40; count++)
        {
            slow.Send(flood);
        }

        Until(() => client.UnsentOctets > RpcLimits.UnsentMark);
        Settle();
        Assert.InRange(client.UnsentOctets, RpcLimits.UnsentMark, 3 * RpcLimits.UnsentMark);
        slow.IsReading = true;
        Until(() => slow.ReceivedOctets == 40_000 * KeepAlive.Size);
    }

    [Fact]
    public void Who_takes_no_events_is_disconnected()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer slow = JoinDeaf(server, out RpcClient client);
        byte[] message = TestPeer.Message(RpcHeader.Event(RpcPrograms.Remote, 376), static writer => writer.Reserve(1_000_000));
        int sent = 0;
        while (client.Send(message))
        {
            sent++;
            Assert.True(sent < 40);
        }

        Assert.True(client.IsClosed);
        Assert.False(client.Send(message));
        Assert.Equal(0, server.ClientCount);
    }

    [Fact]
    public void Small_events_that_nobody_takes_are_not_copied_again_for_each_that_comes()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer slow = JoinDeaf(server, out RpcClient client);
        byte[] message = TestPeer.Message(RpcHeader.Event(RpcPrograms.Remote, 376), static writer => writer.Reserve(52));
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (client.UnsentOctets < 4_000_000)
        {
            Assert.True(client.Send(message));
        }

        // Twice what waits, and all that it was moved out of while it doubled.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4_000_000, 20_000_000);
        Assert.InRange(Door.LargeOctets, 4_000_000, 10_000_000);
        slow.IsReading = true;
        Until(() => client.UnsentOctets == 0);
        Assert.Equal(0, Door.LargeOctets);
    }

    [Fact]
    public void At_the_most_descriptors_nobody_is_accepted_until_one_leaves()
    {
        RpcServer server = Serve(new RpcLimits { Descriptors = 2 });
        RpcService service = Listen(server);
        RpcService other = Listen(server, "other");
        TestPeer first = Join(server);
        Join(server, "other");
        TestPeer late = Connect("other");
        late.SendCall(TestProgram.Void);
        Settle();
        Assert.False(other.IsAccepting);
        Assert.Equal(2, server.ClientCount);
        Leave(first);
        Assert.True(late.Receive().IsOk);
        Assert.False(service.IsSuspended);
    }

    [Fact]
    public void Events_come_between_answers()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer peer = Join(server);
        peer.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 1);
        Assert.True(server.Clients.Single().Send(TestPeer.Message(RpcHeader.Event(RpcPrograms.Remote, 376))));
        RpcAnswer happened = peer.Receive();
        Assert.Equal((RpcMessageType.Message, 376, 1u), (happened.Header.Type, happened.Header.Procedure, happened.Header.Serial));
        Program.Gate.Set();
        Assert.True(peer.Receive().IsOk);
    }
}
