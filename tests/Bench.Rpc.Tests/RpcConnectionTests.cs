using System;
using System.Collections.Generic;
using Spindle.Bench.Rpc.Client;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Bench.Rpc.Tests;

public sealed class RpcConnectionTests : IDisposable
{
    private readonly FarEnd far = new();
    private readonly List<string> answers = [];

    public void Dispose() => far.Dispose();

    [Fact]
    public void Answers_may_come_in_any_order()
    {
        RpcHeader first = CallHostname("first");
        RpcHeader second = CallHostname("second");
        Assert.NotEqual(first.Serial, second.Serial);
        Assert.Equal(2, far.Near.Waiting);
        far.Send([.. FarEnd.Reply(second, "b"), .. FarEnd.Reply(first, "a")]);
        Assert.Equal(["second: b", "first: a"], answers);
        Assert.Equal(0, far.Near.Waiting);
    }

    [Fact]
    public void An_answer_may_come_octet_by_octet()
    {
        RpcHeader call = CallHostname("one");
        foreach (byte octet in FarEnd.Reply(call, "host.example.net"))
        {
            Assert.Empty(answers);
            far.Send(octet);
        }

        Assert.Equal(["one: host.example.net"], answers);
    }

    [Fact]
    public void An_answer_and_a_half_come_together()
    {
        RpcHeader first = CallHostname("first");
        RpcHeader second = CallHostname("second");
        byte[] both = [.. FarEnd.Reply(first, "a"), .. FarEnd.Reply(second, "b")];
        far.Send(both.AsSpan(0, both.Length - 5));
        Assert.Equal(["first: a"], answers);
        far.Send(both.AsSpan(both.Length - 5));
        Assert.Equal(["first: a", "second: b"], answers);
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_is_dropped()
    {
        RpcHeader call = CallHostname("one");
        far.Send(FarEnd.Reply(call with { Serial = 99 }, "x"));
        Assert.Empty(answers);
        far.Send(FarEnd.Reply(call, "y"));
        far.Send(FarEnd.Reply(call, "z"));
        Assert.Equal(["one: y"], answers);
    }

    [Fact]
    public void An_error_is_told()
    {
        RpcHeader call = CallHostname("one");
        XdrWriter writer = new();
        RpcFrame.WriteError(writer, call, RpcError.AuthenticationRequired);
        far.Send(writer.Written);
        Assert.Equal(["one: authentication required (39/7)"], answers);
    }

    [Fact]
    public void A_ping_is_answered()
    {
        far.Send(KeepAlive.Ping);
        RpcHeader pong = far.Take(out _);
        Assert.Equal(KeepAliveMessage.Pong, KeepAlive.Classify(pong));
        far.Send(KeepAlive.Pong);
        Assert.Equal(0, far.Untaken());
    }

    [Fact]
    public void An_event_is_handed_out()
    {
        List<string> events = [];
        far.Near.Event = (RpcConnection _, in RpcHeader header, ReadOnlySpan<byte> payload) =>
        {
            XdrReader reader = new(payload);
            Assert.True(NodeDeviceLifecycleEvent.TryRead(ref reader, out NodeDeviceLifecycleEvent told));
            events.Add($"{header.Procedure} {told.Name} {told.Lifecycle}");
        };
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, RpcHeader.Event(RpcPrograms.Remote, 376));
        new NodeDeviceLifecycleEvent(1, "net_eth0", NodeDeviceLifecycle.Deleted, 0).Write(writer);
        RpcFrame.End(writer, start);
        far.Send(writer.Written);
        Assert.Equal(["376 net_eth0 Deleted"], events);
    }

    [Fact]
    public void Calls_that_are_made_while_answers_are_handed_out_leave_together()
    {
        RpcHeader outer = Call((RpcConnection connection, scoped in RpcReply _) =>
        {
            connection.Call(RemoteProcedure.ConnectGetType, default(EmptyValue), Note("type"));
            connection.Call(RemoteProcedure.ConnectGetVersion, default(EmptyValue), Note("version"));
            Assert.Equal(0, far.Untaken());
        });
        far.Send(FarEnd.Reply(outer, "x"));
        Assert.Equal((int)RemoteProcedure.ConnectGetType, far.Take(out _).Procedure);
        Assert.Equal((int)RemoteProcedure.ConnectGetVersion, far.Take(out _).Procedure);
    }

    [Fact]
    public void A_call_that_does_not_fit_the_socket_leaves_piece_by_piece()
    {
        string xml = new('x', 3_000_000);
        far.Near.Call(RemoteProcedure.InterfaceDefineXml, new TextFlagsValue(xml, 1), Note("define"));
        RpcHeader header = far.Take(out byte[] payload);
        XdrReader reader = new(payload);
        Assert.True(TextFlagsValue.TryRead(ref reader, out TextFlagsValue sent));
        Assert.Equal(new TextFlagsValue(xml, 1), sent);
        far.Send(FarEnd.Reply(header, "done"));
        Assert.Equal(["define: done"], answers);
    }

    [Fact]
    public void When_the_server_closes_every_call_is_told()
    {
        CallHostname("one");
        CallHostname("two");
        bool isLost = false;
        far.Near.Lost = _ => isLost = true;
        far.Close();
        far.Loop.Iterate(mayBlock: true);
        Assert.True(isLost);
        Assert.Equal(["one: the connection was lost", "two: the connection was lost"], answers);
        far.Near.Call(RemoteProcedure.ConnectGetHostname, default(EmptyValue), Note("late"));
        Assert.Equal("late: the connection was lost", answers[^1]);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("0000001b")]
    [InlineData("02000005")]
    [InlineData("ffffffff")]
    public void A_length_that_no_message_has_ends_the_connection(string octets)
    {
        bool isLost = false;
        far.Near.Lost = _ => isLost = true;
        far.Send(Convert.FromHexString(octets));
        Assert.True(isLost);
        Assert.True(far.Near.IsClosed);
    }

    [Fact]
    public void It_opens_as_the_server_wants_it()
    {
        far.Near.Open("interface:///system", Note("opened"));
        RpcHeader list = far.Take(out _);
        Assert.Equal((int)RemoteProcedure.AuthList, list.Procedure);
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, list.Reply(RpcStatus.Ok));
        AuthListResult.Write(writer, AuthenticationMethod.Polkit);
        RpcFrame.End(writer, start);
        far.Send(writer.Written);
        RpcHeader polkit = far.Take(out _);
        Assert.Equal((int)RemoteProcedure.AuthPolkit, polkit.Procedure);
        writer.Reset();
        start = RpcFrame.Begin(writer, polkit.Reply(RpcStatus.Ok));
        new NumberValue(1).Write(writer);
        RpcFrame.End(writer, start);
        far.Send(writer.Written);
        RpcHeader open = far.Take(out byte[] payload);
        XdrReader reader = new(payload);
        Assert.True(OptionalTextFlagsValue.TryRead(ref reader, out OptionalTextFlagsValue opened));
        Assert.Equal(("interface:///system", 0u), (opened.Text, opened.Flags));
        far.Send(FarEnd.Reply(open, "yes"));
        Assert.Equal(["opened: yes"], answers);
    }

    private RpcHeader CallHostname(string name) => Call(Note(name));

    private RpcHeader Call(RpcReplyHandler handler)
    {
        far.Near.Call(RemoteProcedure.ConnectGetHostname, default(EmptyValue), handler);
        return far.Take(out _);
    }

    private RpcReplyHandler Note(string name) => (RpcConnection _, scoped in RpcReply reply) =>
        answers.Add($"{name}: {(reply.TryRead(out TextValue text) ? text.Text : reply.Describe())}");
}
