using System;
using System.Collections.Generic;
using System.Linq;
using static Spindle.DBus.BusArgument;

namespace Spindle.DBus.Tests;

public sealed class ObjectTableTests
{
    private const string Face = "net.connman.Thing";

    private sealed class Thing
    {
        public string State { get; set; } = "idle";

        public BusCall? Kept { get; set; }
    }

    private static readonly BusInterface<Thing> Description = new BusInterface<Thing>(Face)
        .Method("GetProperties", [Out("properties", "a{sv}")], static (thing, call) => call.Reply(thing, Write), BusMethodFlags.Deprecated)
        .Method("SetProperty", [In("name", "s"), In("value", "v")], static (thing, call) =>
        {
            if (call.Arguments[0].TryGetString(out string? name) && name == "State" && call.Arguments[1].TryGetString(out string? state))
            {
                thing.State = state;
                call.Reply();
            }
            else
            {
                call.Error("net.connman.Error.InvalidArguments", "Invalid arguments");
            }
        })
        .Method("Connect", [], static (thing, call) => thing.Kept = call.TryDefer() ? call : thing.Kept)
        .Method("Forget", [], static (_, _) => { })
        .Signal("PropertyChanged", In("name", "s"), In("value", "v"))
        .WithProperties(static (thing, writer) => writer.Entry("State", thing.State), static (thing, call, name, value) =>
        {
            thing.State = value.TryGetString(out string? state) ? state : thing.State;
            call.Reply();
        });

    private readonly Recorder recorder = new();
    private readonly ObjectTable table = new(static () => "0123456789abcdef0123456789abcdef");
    private readonly Thing thing = new();

    public ObjectTableTests()
    {
        table.Add("/", thing, Description);
        table.Add("/net/connman/thing/one", thing, Description);
    }

    private static void Write(Thing thing, BusWriter writer)
    {
        writer.OpenArray();
        writer.Entry("State", thing.State);
        writer.CloseArray();
    }

    [Fact]
    public void Method_is_called_and_answers_the_caller()
    {
        Received reply = recorder.Ask(table, "/net/connman/thing/one", Face, "GetProperties");
        Assert.Equal(BusMessageKind.MethodReturn, reply.Kind);
        Assert.Equal(":1.7", reply.Destination);
        Assert.Equal(1u, reply.ReplySerial);
        Assert.Equal("{'State': <'idle'>}", reply.Values[0].ToString());
    }

    [Fact]
    public void Arguments_arrive()
    {
        Received reply = recorder.Ask(table, "/", Face, "SetProperty", "sv", static writer =>
        {
            writer.WriteString("State");
            writer.WriteVariant("ready");
        });
        Assert.Equal(BusMessageKind.MethodReturn, reply.Kind);
        Assert.Equal("ready", thing.State);
    }

    [Fact]
    public void A_call_without_interface_finds_the_method() =>
        Assert.Equal(BusMessageKind.MethodReturn, recorder.Ask(table, "/", null, "GetProperties").Kind);

    [Theory]
    [InlineData("/", Face, "Nope", "UnknownMethod", Face)]
    [InlineData("/", "net.connman.Other", "GetProperties", "UnknownMethod", "net.connman.Other")]
    [InlineData("/", null, "Nope", "UnknownMethod", "(null)")]
    [InlineData("/net", Face, "GetProperties", "UnknownMethod", Face)]
    [InlineData("/net/connman/thing", Face, "GetProperties", "UnknownMethod", Face)]
    [InlineData("/net/conn", Face, "GetProperties", "UnknownObject", Face)]
    [InlineData("/nothing", Face, "GetProperties", "UnknownObject", Face)]
    [InlineData("/net", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", "UnknownMethod", "org.freedesktop.DBus.ObjectManager")]
    public void What_does_not_exist_is_said_in_ConnMans_words(string path, string? face, string member, string error, string shown)
    {
        Received reply = recorder.Ask(table, path, face, member);
        Assert.Equal("org.freedesktop.DBus.Error." + error, reply.ErrorName);
        Assert.Equal($"Method \"{member}\" with signature \"\" on interface \"{shown}\" doesn't exist\n", reply.Text);
    }

    [Fact]
    public void Wrong_types_are_an_unknown_method()
    {
        Received reply = recorder.Ask(table, "/", Face, "SetProperty", "s", static writer => writer.WriteString("x"));
        Assert.Equal("Method \"SetProperty\" with signature \"s\" on interface \"net.connman.Thing\" doesn't exist\n", reply.Text);
    }

    [Fact]
    public void A_deferred_call_is_answered_once_and_later()
    {
        recorder.Dispatch(table, recorder.Call("/", Face, "Connect"));
        Assert.Empty(recorder.Sent);
        Assert.Equal(1, recorder.Outbox.DeferredCount);
        thing.Kept!.Reply();
        Assert.Equal(BusMessageKind.MethodReturn, recorder.Last.Kind);
        Assert.Equal(0, recorder.Outbox.DeferredCount);
        Assert.Throws<InvalidOperationException>(thing.Kept.Reply);
        Assert.Single(recorder.Sent);
    }

    [Fact]
    public void Deferred_calls_are_bounded()
    {
        for (int i = 0; i < BusOutbox.DeferredMax; i++)
        {
            recorder.Dispatch(table, recorder.Call("/", Face, "Connect"));
        }

        Assert.Empty(recorder.Sent);
        recorder.Dispatch(table, recorder.Call("/", Face, "Connect"));
        Assert.Equal(BusErrors.LimitsExceeded, recorder.Last.ErrorName);
    }

    [Fact]
    public void An_answer_to_an_earlier_connection_goes_nowhere()
    {
        recorder.Dispatch(table, recorder.Call("/", Face, "Connect"));
        recorder.Outbox.StartGeneration();
        thing.Kept!.Reply();
        Assert.Empty(recorder.Sent);
        Assert.Equal(0, recorder.Outbox.DeferredCount);
    }

    [Fact]
    public void Nobody_is_answered_who_does_not_want_it()
    {
        recorder.Dispatch(table, recorder.Call("/", Face, "GetProperties", flags: BusMessageFlags.NoReplyExpected));
        recorder.Dispatch(table, recorder.Call("/", Face, "Nope", flags: BusMessageFlags.NoReplyExpected));
        Assert.Empty(recorder.Sent);
    }

    [Fact]
    public void A_handler_that_forgets_to_answer_is_our_mistake() =>
        Assert.Throws<InvalidOperationException>(() => recorder.Dispatch(table, recorder.Call("/", Face, "Forget")));

    [Fact]
    public void Introspection_describes_objects()
    {
        string xml = recorder.Ask(table, "/net/connman/thing/one", "org.freedesktop.DBus.Introspectable", "Introspect").Text;
        Assert.Contains("<interface name=\"org.freedesktop.DBus.Introspectable\">", xml, StringComparison.Ordinal);
        Assert.Contains("<arg name=\"properties\" type=\"a{sv}\" direction=\"out\"/>", xml, StringComparison.Ordinal);
        Assert.Contains("<annotation name=\"org.freedesktop.DBus.Deprecated\" value=\"true\"/>", xml, StringComparison.Ordinal);
        Assert.Contains("<signal name=\"PropertyChanged\">\n      <arg name=\"name\" type=\"s\"/>", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("ObjectManager", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("<node name", xml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "net")]
    [InlineData("/net", "connman")]
    [InlineData("/net/connman", "thing")]
    [InlineData("/net/connman/thing", "one,two")]
    [InlineData("/nothing", "")]
    public void Introspection_lists_children_on_the_way_down(string path, string children)
    {
        table.Add("/net/connman/thing/two", thing, Description);
        string xml = recorder.Ask(table, path, "org.freedesktop.DBus.Introspectable", "Introspect").Text;
        IEnumerable<string> names = System.Xml.Linq.XDocument.Parse(xml[xml.IndexOf("<node>", StringComparison.Ordinal)..])
            .Root!.Elements("node").Select(static node => node.Attribute("name")!.Value);
        Assert.Equal(children, string.Join(',', names));
    }

    [Fact]
    public void Managed_objects_have_empty_properties() => Assert.Equal(
        "{'/net/connman/thing/one': {'org.freedesktop.DBus.Introspectable': {}, 'net.connman.Thing': {}}}",
        recorder.Ask(table, "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects").Values[0].ToString());

    [Fact]
    public void Properties_are_read_and_set_the_standard_way()
    {
        const string Properties = "org.freedesktop.DBus.Properties";
        Assert.Equal("{'State': <'idle'>}", recorder.Ask(table, "/", Properties, "GetAll", "s", static w => w.WriteString(Face)).Values[0].ToString());
        Assert.Equal("<'idle'>", recorder.Ask(table, "/", Properties, "Get", "ss", static w => { w.WriteString(Face); w.WriteString("State"); }).Values[0].ToString());
        Assert.Equal(BusErrors.UnknownProperty, recorder.Ask(table, "/", Properties, "Get", "ss", static w => { w.WriteString(Face); w.WriteString("No"); }).ErrorName);
        Assert.Equal(BusErrors.UnknownInterface, recorder.Ask(table, "/", Properties, "GetAll", "s", static w => w.WriteString("a.b")).ErrorName);
        recorder.Ask(table, "/", Properties, "Set", "ssv", static w => { w.WriteString(Face); w.WriteString("State"); w.WriteVariant("online"); });
        Assert.Equal("online", thing.State);
    }

    [Fact]
    public void Peer_answers_everywhere()
    {
        Assert.Equal(BusMessageKind.MethodReturn, recorder.Ask(table, "/nothing", "org.freedesktop.DBus.Peer", "Ping").Kind);
        Assert.Equal(32, recorder.Ask(table, "/", "org.freedesktop.DBus.Peer", "GetMachineId").Text.Length);
        Assert.Equal("Unknown method invoked on org.freedesktop.DBus.Peer interface", recorder.Ask(table, "/", "org.freedesktop.DBus.Peer", "Foo").Text);
    }

    [Fact]
    public void Too_many_arguments_are_refused_and_counted()
    {
        Received reply = recorder.Ask(table, "/", Face, "SetProperty", "au", static writer =>
        {
            writer.OpenArray();
            for (uint i = 0; i < 20_000; i++)
            {
                writer.WriteUInt32(i);
            }

            writer.CloseArray();
        });
        Assert.Equal(BusErrors.LimitsExceeded, reply.ErrorName);
        Assert.Equal(1, table.RefusedCalls);
    }

    [Fact]
    public void A_removed_object_is_gone()
    {
        Assert.True(table.Remove("/net/connman/thing/one"));
        Assert.False(table.Remove("/net/connman/thing/one"));
        Assert.Equal(BusErrors.UnknownObject, recorder.Ask(table, "/net/connman/thing/one", Face, "GetProperties").ErrorName);
    }
}
