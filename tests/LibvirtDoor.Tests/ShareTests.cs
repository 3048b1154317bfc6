using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>What clients take of each other's turn and memory.</summary>
public sealed class ShareTests : DoorTest
{
    private const int Maximum = 2_000_000;

    private protected override int LargeMaximum => Maximum;

    [Fact]
    public void A_turn_works_off_some_messages_of_a_client_and_then_others_have_theirs()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer flood = Join(server);
        TestPeer other = Join(server);
        RpcClient flooder = server.Clients.First();
        byte[] calls = [.. Enumerable.Range(1, 2000).SelectMany(static serial => TestPeer.Call(TestProgram.Void, (uint)serial))];
        flood.Send(calls);
        other.SendCall(TestProgram.Void);
        Until(() => other.HasMessage);
        Assert.InRange(flooder.UnreadOctets, calls.Length / 2, calls.Length);
        for (uint serial = 1; serial <= 2000; serial++)
        {
            Assert.Equal(serial, flood.Receive().Header.Serial);
        }

        Assert.Equal(0, flooder.UnreadOctets);
    }

    [Fact]
    public void Whoever_leaves_in_the_middle_of_a_flood_is_let_go()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer flood = Join(server);
        RpcClient flooder = server.Clients.Single();
        flood.Send([.. Enumerable.Range(1, 2000).SelectMany(static serial => TestPeer.Call(TestProgram.Void, (uint)serial))]);
        Until(() => flooder.UnreadOctets > 0);
        Leave(flood);
        Until(() => server.ClientCount == 0);
        Settle();
        Assert.Equal(0, flooder.UnreadOctets);
        Assert.Empty(Failures);
    }

    [Fact]
    public void Who_holds_the_most_goes_when_another_needs_room()
    {
        RpcServer server = Serve();
        Listen(server);
        List<TestPeer> hogs = [];
        for (int count = 0; count < 4; count++)
        {
            // A message that is never whole.
            TestPeer hog = Join(server);
            hog.Send(TestPeer.Call(TestProgram.Echo, 1, static writer => writer.Reserve(900_000)).AsSpan(0, 400_000 + (count * 10_000)));
            hogs.Add(hog);
        }

        RpcClient[] clients = [.. server.Clients];
        Until(() => clients.Sum(static client => client.UnreadOctets) == 1_660_000 || clients.Any(static client => client.IsClosed));
        TestPeer good = Join(server);
        string text = new('x', 80_000);
        Assert.Equal(text, good.Call(TestProgram.Work, writer => writer.WriteString(text)).Text);
        Assert.Contains(hogs, static hog => hog.IsEnded);
        Assert.False(good.IsEnded);
        Assert.InRange(Door.LargeOctets, 0, Maximum);
    }

    [Fact]
    public void Answers_that_nobody_takes_are_counted_too()
    {
        RpcServer server = Serve();
        Listen(server);
        JoinDeaf(server, out RpcClient client);
        byte[] message = TestPeer.Message(RpcHeader.Event(RpcPrograms.Remote, 376), static writer => writer.Reserve(100_000));
        while (client.Send(message))
        {
            Assert.InRange(Door.LargeOctets, 0, Maximum);
        }

        Assert.True(client.IsClosed);
        Assert.Equal(0, Door.LargeOctets);
    }
}
