using System;
using System.Collections.Generic;
using static Spindle.DBus.BusArgument;

namespace Spindle.DBus.Tests;

/// <summary>The connection with a bus that a test plays: what a real one would never do.</summary>
public sealed class BusConnectionInMemoryTests : IDisposable
{
    private const string Name = "net.spindle.Test";

    private static readonly BusInterface<object> Big = new BusInterface<object>("net.spindle.Test.Big")
        .Method("Get", [Out("texts", "as")], static (_, call) => call.Reply(static writer =>
        {
            writer.OpenArray();
            writer.WriteString(new string('x', 4_000_000));
            writer.CloseArray();
        }));

    private readonly Turning turning = new();
    private readonly MemoryTransport transport;
    private readonly BusConnection connection;
    private readonly List<(string Member, uint Serial, string Destination)> asked = [];
    private readonly BusWriter writer = new();
    private uint serial;
    private string? refuseHello;

    public BusConnectionInMemoryTests()
    {
        ObjectTable objects = new(static () => "");
        objects.Add("/", new object(), Big);
        transport = new MemoryTransport(turning.Loop) { Peer = OnSent };
        connection = new BusConnection(turning.Loop, transport, objects, Name);
    }

    public void Dispose()
    {
        connection.Dispose();
        turning.Dispose();
    }

    private void OnSent(ReadOnlySpan<byte> octets)
    {
        Assert.True(BusMessageView.TryParse(octets, out BusMessageView message));
        if (message.Kind != BusMessageKind.MethodCall)
        {
            return;
        }

        string member = BusText.Read(message.Member);
        asked.Add((member, message.Serial, BusText.Read(message.Destination)));
        switch (member)
        {
            case "Hello" when refuseHello is not null:
                Answer(message.Serial, BusConnection.BusName, "s", w => w.WriteString(refuseHello), BusErrors.LimitsExceeded);
                break;
            case "Hello":
                Answer(message.Serial, BusConnection.BusName, "s", static w => w.WriteString(":1.1"));
                break;
            case "RequestName":
                Answer(message.Serial, BusConnection.BusName, "u", static w => w.WriteUInt32(1));
                break;
        }
    }

    private void Answer(uint to, string sender, string signature, Action<BusWriter> body, string? error = null) => Deliver(
        new BusHeader
        {
            Kind = error is null ? BusMessageKind.MethodReturn : BusMessageKind.Error,
            Serial = ++serial,
            ReplySerial = to,
            Sender = sender,
            ErrorName = error,
            Signature = signature,
        },
        body);

    private void Deliver(in BusHeader header, Action<BusWriter> body)
    {
        writer.Begin(header);
        body(writer);
        transport.Deliver(writer.Finish());
    }

    private void Own()
    {
        connection.Start();
        turning.Until(() => connection.State == BusConnectionState.NameOwned, "the name");
    }

    [Fact]
    public void Only_the_callee_can_answer()
    {
        Own();
        List<BusReply> replies = [];
        connection.Call(new BusRequest(":1.5", "/", "net.connman.Agent", "RequestInput"), replies.Add);
        turning.Until(() => asked.Exists(static call => call.Member == "RequestInput"), "the call");
        uint to = asked.Find(static call => call.Member == "RequestInput").Serial;
        Answer(to, ":1.666", "s", static w => w.WriteString("forged"));
        turning.Until(() => connection.BadMessages == 1, "the forgery");
        Assert.Empty(replies);
        Answer(to, ":1.5", "s", static w => w.WriteString("right"));
        turning.Until(() => replies.Count == 1, "the answer");
        Assert.Equal("'right'", replies[0].Values[0].ToString());
        Answer(to, ":1.5", "s", static w => w.WriteString("again"));
        turning.Until(() => connection.BadMessages == 2, "the second answer");
        Assert.Single(replies);
    }

    [Fact]
    public void Garbage_is_counted_and_changes_nothing()
    {
        Own();
        transport.Deliver("this is no message at all"u8);
        transport.Deliver([]);
        transport.Deliver([(byte)'l', 1, 0, 1, 255, 255, 255, 255, 1, 0, 0, 0, 255, 255, 255, 255]);
        turning.Until(() => connection.BadMessages == 3, "three bad messages");
        Assert.Equal(BusConnectionState.NameOwned, connection.State);
    }

    [Fact]
    public void A_bus_that_takes_no_answers_either_is_given_up()
    {
        Own();
        BusHeader call = new()
        {
            Kind = BusMessageKind.MethodCall,
            Serial = 1,
            Path = "/",
            Interface = "net.spindle.Test.Big",
            Member = "Get",
            Sender = ":1.9",
        };
        writer.Begin(call);
        byte[] octets = writer.Finish().ToArray();
        transport.IsStopped = true;
        turning.For(TimeSpan.FromMilliseconds(10));
        for (int i = 0; i < 8; i++)
        {
            transport.Received!(octets);
        }

        Assert.InRange(transport.OutgoingSize, BusConnection.OutgoingHardMax - 4_100_000, BusConnection.OutgoingHardMax);
        transport.Received!(octets);
        turning.Until(() => connection.State == BusConnectionState.Waiting, "the end");
        Assert.Equal(0, transport.OutgoingSize);
        transport.IsStopped = false;
        Own();
    }

    [Fact]
    public void A_bus_that_does_not_want_us_is_asked_again()
    {
        refuseHello = "too many";
        connection.Start();
        turning.Until(() => connection.State == BusConnectionState.Waiting, "the refusal");
        Assert.Equal("the bus does not want us: too many", connection.LastFailure);
        refuseHello = null;
        turning.Until(() => connection.State == BusConnectionState.NameOwned, "the name");
    }

    [Fact]
    public void Stopping_fails_what_is_pending_and_nothing_comes_after()
    {
        Own();
        List<BusReply> replies = [];
        List<BusConnectionState> states = [];
        connection.StateChanged += states.Add;
        connection.Call(new BusRequest(":1.5", "/", "net.connman.Agent", "Release"), replies.Add);
        connection.Stop();
        Assert.Equal(BusErrors.Disconnected, Assert.Single(replies).ErrorName);
        Assert.Equal([BusConnectionState.Stopped], states);
        connection.Call(new BusRequest(":1.5", "/", "net.connman.Agent", "Release"), replies.Add);
        Assert.Single(replies);
        turning.Until(() => replies.Count == 2, "the refusal, in a later turn");
        Own();
    }

    [Fact]
    public void Pending_calls_are_bounded()
    {
        Own();
        List<BusReply> replies = [];
        for (int i = 0; i < 1024; i++)
        {
            Assert.NotNull(connection.Call(new BusRequest(":1.5", "/", "net.connman.Agent", "Release"), replies.Add));
        }

        Assert.Null(connection.Call(new BusRequest(":1.5", "/", "net.connman.Agent", "Release"), replies.Add));
        turning.Until(() => replies.Count == 1, "the refusal");
        Assert.Equal(BusErrors.LimitsExceeded, replies[0].ErrorName);
    }

    [Fact]
    public void A_signal_is_only_believed_from_whom_it_was_asked_of()
    {
        Own();
        List<BusReceivedSignal> heard = [];
        connection.Subscribe(new BusMatch { Sender = ":1.5", Path = "/", Argument0 = "me" }, heard.Add);
        void Send(string sender, string path, string text) => Deliver(
            new BusHeader
            {
                Kind = BusMessageKind.Signal,
                Serial = ++serial,
                Path = path,
                Interface = "a.b",
                Member = "C",
                Sender = sender,
                Signature = "s",
            },
            w => w.WriteString(text));
        Send(":1.6", "/", "me");
        Send(":1.5", "/x", "me");
        Send(":1.5", "/", "you");
        Send(":1.5", "/", "me");
        turning.Until(() => heard.Count > 0, "the signal");
        Assert.Equal((":1.5", "/"), (Assert.Single(heard).Sender, heard[0].Path));
    }
}
