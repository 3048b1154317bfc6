using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using Spindle.DBus.Libdbus;
using Spindle.Kernels;
using static Spindle.DBus.BusArgument;
using AddressFamily = Spindle.Kernels.AddressFamily;
using SocketAddress = Spindle.Kernels.SocketAddress;
using SocketType = Spindle.Kernels.SocketType;

namespace Spindle.DBus.Tests;

/// <summary>The connection against a real dbus-daemon, with gdbus and dbus-send as callers.</summary>
public sealed class BusConnectionTests : IDisposable
{
    private const string Name = "net.spindle.Test";
    private const string Face = "net.spindle.Test.Thing";

    private static readonly BusInterface<BusConnectionTests> Description = new BusInterface<BusConnectionTests>(Face)
        .Method("Echo", [In("text", "s"), Out("text", "s")], static (_, call) =>
            call.Reply(call, static (asked, writer) => writer.WriteValue(asked.Arguments[0])))
        .Method("Later", [Out("answer", "s")], static (test, call) => test.kept = call.TryDefer() ? call : null)
        .Method("Bad", [Out("text", "s"), Out("dict", "a{sv}")], static (_, call) => call.Reply(static writer =>
        {
            writer.WriteString([(byte)'x', 0xFF, 0xFE, 0]);
            writer.OpenArray();
            writer.Entry("Lone", "\ud800");
            writer.CloseArray();
        }))
        .Method("Fail", [], static (_, call) => call.Error("net.spindle.Error.Nope", "It did not work"))
        .Method("Properties", [Out("properties", "a{sv}")], static (_, call) => call.Reply(static writer =>
        {
            writer.OpenArray();
            for (int i = 0; i < 30; i++)
            {
                writer.Entry("Property" + i, "value");
            }

            writer.CloseArray();
        }))
        .Signal("Told", In("text", "s"));

    private readonly PrivateBus bus = new();
    private readonly Turning turning = new();
    private readonly ObjectTable objects;
    private readonly LibdbusTransport transport;
    private readonly BusConnection connection;
    private BusCall? kept;

    public BusConnectionTests()
    {
        objects = new ObjectTable(() => MachineId.Read(turning.Loop.Kernel));
        objects.Add("/", this, Description);
        transport = new LibdbusTransport(turning.Loop, bus.Address);
        connection = new BusConnection(turning.Loop, transport, objects, Name);
        connection.Start();
    }

    public void Dispose()
    {
        connection.Dispose();
        turning.Dispose();
        bus.Dispose();
    }

    private void Own() => turning.Until(() => connection.State == BusConnectionState.NameOwned, "the name");

    private string Gdbus(string method, params string[] arguments) => turning.Run(
        "gdbus", ["call", "--address", bus.Address, "-d", Name, "-o", "/", "-m", method, .. arguments]);

    [Fact]
    public void Gdbus_calls_and_is_answered()
    {
        Own();
        Assert.Equal("('häh?',)\n", Gdbus(Face + ".Echo", "häh?"));
        Assert.Equal("()\n", Gdbus("org.freedesktop.DBus.Peer.Ping"));
        Assert.Matches("[0-9a-f]{32}", Gdbus("org.freedesktop.DBus.Peer.GetMachineId"));
        Assert.StartsWith(":1.", connection.UniqueName!, StringComparison.Ordinal);
        Assert.Equal(0, connection.BadMessages);
    }

    [Fact]
    public void Errors_arrive_with_name_and_text()
    {
        Own();
        Assert.Contains("net.spindle.Error.Nope: It did not work", Gdbus(Face + ".Fail"), StringComparison.Ordinal);
        string unknown = turning.Run("dbus-send", "--bus=" + bus.Address, "--print-reply", "--dest=" + Name, "/", Face + ".Echo", "int32:1");
        Assert.Equal(
            "Error org.freedesktop.DBus.Error.UnknownMethod: Method \"Echo\" with signature \"i\" on interface "
            + "\"net.spindle.Test.Thing\" doesn't exist\n\n", unknown);
        Assert.Contains(
            "UnknownObject",
            turning.Run("dbus-send", "--bus=" + bus.Address, "--print-reply", "--dest=" + Name, "/no", Face + ".Echo"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Gdbus_understands_the_introspection()
    {
        Own();
        objects.Add("/net/spindle/deep/one", this, Description);
        string shown = turning.Run("gdbus", "introspect", "--address", bus.Address, "-d", Name, "-o", "/", "--recurse");
        Assert.Contains("interface net.spindle.Test.Thing {", shown, StringComparison.Ordinal);
        Assert.Contains("Echo(in  s text,", shown, StringComparison.Ordinal);
        Assert.Contains("node /net/spindle/deep/one {", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_text_arrives_repaired()
    {
        Own();
        Assert.Equal("('x\ufffd\ufffd\ufffd', {'Lone': <'\ufffd'>})\n", Gdbus(Face + ".Bad"));
    }

    [Fact]
    public void A_deferred_call_is_answered_later()
    {
        Own();
        turning.Loop.AddTimer((_, _) => kept!.Reply(static writer => writer.WriteString("now"))).ArmAfter(TimeSpan.FromMilliseconds(300));
        Assert.Equal("('now',)\n", Gdbus(Face + ".Later"));
    }

    [Fact]
    public void Long_answers_are_the_same_the_second_time_and_for_another_caller()
    {
        Own();
        string first = Gdbus(Face + ".Properties");
        Assert.Equal(30, first.Split("Property").Length - 1);
        Assert.Equal(first, Gdbus(Face + ".Properties"));
        Assert.Equal(first, Gdbus(Face + ".Properties"));
    }

    [Fact]
    public void Signals_are_heard_by_a_client_of_ours()
    {
        Own();
        using Client client = new(this);
        List<string> heard = [];
        BusSubscription told = client.Connection.Subscribe(
            new BusMatch { Sender = Name, Interface = Face }, signal => heard.Add(signal.Values[0].ToString()));
        BusSubscription managed = client.Connection.Subscribe(
            new BusMatch { Interface = "org.freedesktop.DBus.ObjectManager" }, signal => heard.Add(signal.Member + signal.Values[0] + signal.Values[1]));
        client.Settle();
        connection.Signal("/", Face, "Told", "s", static writer => writer.WriteString("you"));
        objects.Add("/one", this, Description);
        objects.Remove("/one");
        turning.Until(() => heard.Count == 3, "three signals");
        Assert.Equal(
            ["'you'", "InterfacesAdded'/one'{'org.freedesktop.DBus.Introspectable': {}, 'net.spindle.Test.Thing': {}}",
             "InterfacesRemoved'/one'['org.freedesktop.DBus.Introspectable', 'net.spindle.Test.Thing']"], heard);
        told.Remove();
        managed.Remove();
        client.Settle();
        connection.Signal("/", Face, "Told", "s", static writer => writer.WriteString("nobody"));
        client.Settle();
        Assert.Equal(3, heard.Count);
    }

    [Fact]
    public void Calls_of_ours_end_with_answer_error_timeout_or_cancel()
    {
        Own();
        using Client client = new(this);
        Assert.Equal("'hello'", client.Ask(Face, "Echo", "s", static writer => writer.WriteString("hello")).Values[0].ToString());
        BusReply failed = client.Ask(Face, "Fail");
        Assert.Equal("net.spindle.Error.Nope", failed.ErrorName);
        Assert.Equal("It did not work", failed.ErrorMessage);
        Assert.Equal(BusErrors.NoReply, client.Ask(Face, "Later", timeout: TimeSpan.FromMilliseconds(50)).ErrorName);
        bool isCalled = false;
        BusPendingCall cancelled = client.Connection.Call(new BusRequest(Name, "/", Face, "Later"), _ => isCalled = true)!;
        cancelled.Cancel();
        Assert.Equal(BusErrors.NameHasNoOwner, client.Ask(new BusRequest("net.nobody", "/", Face, "Echo")).ErrorName);
        Assert.False(isCalled || cancelled.IsPending);
    }

    [Fact]
    public void Owners_of_names_are_followed()
    {
        Own();
        List<string?> clientOwner = [];
        List<string?> nameOwner = [];
        Client client = new(this);
        string unique = client.Connection.UniqueName!;
        connection.WatchName(unique, clientOwner.Add);
        client.Connection.WatchName(Name, nameOwner.Add);
        turning.Until(() => clientOwner.Count == 1 && nameOwner.Count == 1, "the owners");
        Assert.Equal(connection.UniqueName, nameOwner[0]);
        client.Dispose();
        turning.Until(() => clientOwner.Count == 2, "the client's end");
        Assert.Equal([unique, null], clientOwner);
    }

    [Fact]
    public void A_watch_for_one_who_is_gone_says_so()
    {
        Own();
        List<string?> owner = [];
        connection.WatchName(":1.4711", owner.Add);
        turning.Until(() => owner.Count == 1, "the owner");
        Assert.Null(owner[0]);
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        Own();
        List<string> refused = [];
        using BusConnection second = new(turning.Loop, new LibdbusTransport(turning.Loop, bus.Address), new ObjectTable(static () => ""), Name);
        second.NameRefused += refused.Add;
        second.Start();
        turning.Until(() => refused.Count == 1, "the refusal");
        Assert.Equal("another program owns the name net.spindle.Test on the bus", refused[0]);
        using BusConnection third = new(turning.Loop, new LibdbusTransport(turning.Loop, bus.Address), new ObjectTable(static () => ""), "net.forbidden");
        third.NameRefused += refused.Add;
        third.Start();
        turning.Until(() => refused.Count == 2, "the second refusal");
        Assert.StartsWith("the bus refuses the name net.forbidden", refused[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_bus_may_go_away_and_come_back()
    {
        Own();
        List<BusReply> answers = [];
        List<string?> owner = [];
        connection.WatchName(connection.UniqueName!, owner.Add);
        turning.Until(() => owner.Count == 1, "the owner");
        connection.Call(new BusRequest(Name, "/", Face, "Later"), answers.Add);
        turning.Until(() => kept is not null, "the call");
        bus.End();
        turning.Until(() => connection.State == BusConnectionState.Waiting, "the loss");
        Assert.Equal(BusErrors.Disconnected, answers.Single().ErrorName);
        Assert.Null(owner.Last());
        Assert.True(kept!.IsStale);
        kept.Reply(static writer => writer.WriteString("to nobody"));
        connection.Signal("/", Face, "Told", "s", static writer => writer.WriteString("nobody"));
        objects.Add("/meanwhile", this, Description);
        bus.Start();
        Own();
        Assert.Equal("('again',)\n", Gdbus(Face + ".Echo", "again"));
        Assert.Contains("meanwhile", Gdbus("org.freedesktop.DBus.ObjectManager.GetManagedObjects"), StringComparison.Ordinal);
        Assert.Equal(1, connection.Disconnections);
    }

    [Fact]
    public void A_bus_that_is_not_there_yet_is_waited_for()
    {
        bus.End();
        using BusConnection early = new(turning.Loop, new LibdbusTransport(turning.Loop, bus.Address), new ObjectTable(static () => ""));
        early.Start();
        turning.Until(() => early.State == BusConnectionState.Waiting, "the failure");
        Assert.Contains("cannot connect", early.LastFailure, StringComparison.Ordinal);
        bus.Start();
        turning.Until(() => early.IsConnected, "the connection");
    }

    [Fact]
    public void A_stopped_bus_delays_nothing_else()
    {
        bus.Pause(true);
        using BusConnection late = new(turning.Loop, new LibdbusTransport(turning.Loop, bus.Address), new ObjectTable(static () => ""));
        late.Start();
        Stopwatch longest = new();
        TimeSpan worst = TimeSpan.Zero;
        int ticks = 0;
        turning.Loop.AddTimer((timer, _) =>
        {
            worst = longest.Elapsed > worst && ticks > 0 ? longest.Elapsed : worst;
            longest.Restart();
            ticks++;
            timer.ArmAfter(TimeSpan.FromMilliseconds(5));
        }).ArmAfter(TimeSpan.Zero);
        turning.Until(() => ticks == 100, "the timer");
        Assert.False(late.IsConnected);
        Assert.True(worst < TimeSpan.FromSeconds(1), $"The loop stood still for {worst}.");
        bus.Pause(false);
        turning.Until(() => late.IsConnected, "the connection");
    }

    [Fact]
    public void A_stopped_bus_whose_queue_of_connections_is_full_delays_nothing_else()
    {
        bus.Pause(true);
        Assert.True(SocketAddress.TryUnix(bus.Address["unix:path=".Length..], out SocketAddress address));
        List<int> sockets = [];
        Result connected = default;
        while (connected.IsOk)
        {
            sockets.Add(turning.Loop.Kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int);
            connected = turning.Loop.Kernel.Connect(sockets[^1], address);
        }

        Assert.Equal(Errno.EAGAIN, connected.Error);
        using BusConnection late = new(turning.Loop, new LibdbusTransport(turning.Loop, bus.Address), new ObjectTable(static () => ""));
        late.Start();
        turning.For(TimeSpan.FromMilliseconds(200));
        Assert.False(late.IsConnected);
        sockets.ForEach(socket => turning.Loop.Kernel.Close(socket));
        bus.Pause(false);
        turning.Until(() => late.IsConnected, "the connection");
    }

    [Fact]
    public void A_stopped_bus_gets_no_more_than_a_bounded_queue_of_signals_and_a_resync_later()
    {
        Own();
        int resyncs = 0;
        connection.Resynchronise += () => resyncs++;
        bus.Pause(true);
        string text = new('x', 10_000);
        for (int i = 0; i < 1000; i++)
        {
            connection.Signal("/", Face, "Told", "s", writer => writer.WriteString(text));
        }

        Assert.InRange(transport.OutgoingSize, BusConnection.OutgoingSoftMax, BusConnection.OutgoingSoftMax + 20_000);
        Assert.True(connection.Outbox.DroppedSignals > 500);
        Assert.Equal(0, resyncs);
        bus.Pause(false);
        turning.Until(() => resyncs == 1, "the word to tell everything anew");
        Assert.False(connection.Outbox.AreSignalsHeldBack);
        Assert.Equal(BusConnectionState.NameOwned, connection.State);
        Assert.Equal("('still',)\n", Gdbus(Face + ".Echo", "still"));
    }

    [Fact]
    public void A_flood_of_calls_is_answered_to_the_last()
    {
        Own();
        using Client client = new(this);
        int answered = 0;

        // A bus daemon lets one connection wait for 128 answers.
        for (int sent = 0; sent < 1000; sent += 100)
        {
            for (int i = 0; i < 100; i++)
            {
                client.Connection.Call(new BusRequest(Name, "/", Face, "Properties"), reply => answered += reply.IsError ? 0 : 1);
            }

            turning.Until(() => answered == sent + 100, "a hundred answers");
        }
    }

    [Fact]
    public void Another_thread_is_refused_and_the_connection_lives_on()
    {
        Own();
        Assert.Contains("belongs to the thread", OnAnotherThread(connection.Dispose)?.Message, StringComparison.Ordinal);
        Assert.Contains("belongs to the thread", OnAnotherThread(transport.Close)?.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(OnAnotherThread(() => transport.Send([])));
        Assert.IsType<InvalidOperationException>(OnAnotherThread(transport.OpenAhead));
        Assert.IsType<InvalidOperationException>(OnAnotherThread(
            () => connection.Signal("/", Face, "Told", "s", static writer => writer.WriteString("you"))));
        Assert.Equal(BusConnectionState.NameOwned, connection.State);
        Assert.Equal("('still',)\n", Gdbus(Face + ".Echo", "still"));
    }

    [Fact]
    public void A_connection_that_nobody_waits_for_any_more_is_closed()
    {
        string path = Path.Combine(Path.GetTempPath(), $"spindle-{Guid.NewGuid():N}");
        using Socket listener = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using LibdbusTransport unwanted = new(turning.Loop, "unix:path=" + path);
        unwanted.Open();
        using Socket accepted = listener.Accept();
        using NetworkStream stream = new(accepted) { ReadTimeout = 30_000 };
        using StreamReader lines = new(stream);
        Assert.StartsWith("\0AUTH EXTERNAL", lines.ReadLine(), StringComparison.Ordinal);

        // No turn is made between: what the connecting thread had, nobody took.
        unwanted.Close();
        Assert.Null(lines.ReadLine());
        File.Delete(path);
    }

    private static Exception? OnAnotherThread(Action action)
    {
        Exception? thrown = null;
        Thread thread = new(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        return thrown;
    }

    private sealed class Client : IDisposable
    {
        private readonly BusConnectionTests test;

        public Client(BusConnectionTests test)
        {
            this.test = test;
            Connection = new BusConnection(
                test.turning.Loop, new LibdbusTransport(test.turning.Loop, test.bus.Address), new ObjectTable(static () => ""));
            Connection.Start();
            test.turning.Until(() => Connection.IsConnected, "the client's connection");
        }

        public BusConnection Connection { get; }

        public BusReply Ask(string face, string member, string signature = "", Action<BusWriter>? body = null, TimeSpan? timeout = null) =>
            Ask(new BusRequest(Name, "/", face, member) { Signature = signature, Arguments = body, Timeout = timeout ?? TimeSpan.FromSeconds(25) });

        public BusReply Ask(BusRequest request)
        {
            BusReply? got = null;
            Connection.Call(request, reply => got = reply);
            test.turning.Until(() => got is not null, request.Member);
            return got!;
        }

        /// <summary>A round trip through us: what was sent before has arrived.</summary>
        public void Settle() => Ask("org.freedesktop.DBus.Peer", "Ping");

        public void Dispose() => Connection.Dispose();
    }
}
