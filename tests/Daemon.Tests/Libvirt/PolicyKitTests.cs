using System;
using System.Collections.Generic;
using Spindle.Daemon.Libvirt;
using Spindle.DBus;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>Questions to PolicyKit over a bus that the test plays.</summary>
public sealed class PolicyKitTests : IDisposable
{
    private readonly EventLoop loop = new(new LinuxKernel());
    private readonly MemoryTransport transport;
    private readonly BusConnection connection;
    private readonly PolicyKitAuthority authority;
    private readonly BusWriter writer = new();
    private readonly List<(string Member, uint Serial, string Destination, string Signature, BusMessageFlags Flags, string Body)> asked = [];
    private uint serial;

    public PolicyKitTests()
    {
        transport = new MemoryTransport(loop) { Peer = OnSent };
        connection = new BusConnection(loop, transport, new ObjectTable(static () => ""));
        authority = new PolicyKitAuthority(connection, loop.Kernel);
    }

    private int Self => loop.Kernel.ProcessId;

    public void Dispose()
    {
        connection.Dispose();
        loop.Dispose();
    }

    [Theory]
    [InlineData(true, false, "", null)]
    [InlineData(true, true, "polkit.dismissed", null)]
    [InlineData(false, false, "", "45/60 authentication failed: access denied by policy")]
    [InlineData(false, true, "", "94/60 authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'")]
    [InlineData(false, false, "polkit.dismissed", "79/60 authentication cancelled: user cancelled authentication process")]
    public void The_question_names_the_process_and_the_answer_is_believed(bool isAllowed, bool wantsChallenge, string detail, string? refusal)
    {
        Connect();
        string? told = "";
        Assert.NotNull(authority.Ask(Self, 1000, "org.libvirt.unix.manage", answer => told = Said(answer), out _));
        Turn(() => asked.Count == 1);
        var question = Assert.Single(asked);
        Assert.Equal(("CheckAuthorization", "org.freedesktop.PolicyKit1", "(sa{sv})sa{ss}us"), (question.Member, question.Destination, question.Signature));
        Assert.Equal(BusMessageFlags.None, question.Flags); // the bus may start polkitd
        ulong start = ProcessStart.Read(loop.Kernel, Self)!.Value;
        Assert.Contains("unix-process", question.Body, StringComparison.Ordinal);
        Assert.Contains($"{Self}", question.Body, StringComparison.Ordinal);
        Assert.Contains($"{start}", question.Body, StringComparison.Ordinal);
        Assert.Contains("1000", question.Body, StringComparison.Ordinal);
        Assert.Contains("org.libvirt.unix.manage", question.Body, StringComparison.Ordinal);
        Assert.Equal("", told);
        Answer(question.Serial, isAllowed, wantsChallenge, detail);
        Turn(() => told != "");
        Assert.Equal(refusal, told);
        Assert.Equal(0, authority.PendingCount);
    }

    [Fact]
    public void Without_polkitd_nobody_is_let_in()
    {
        Connect();
        string? told = null;
        authority.Ask(Self, 1000, "a", answer => told = Said(answer), out _);
        Turn(() => asked.Count == 1);
        Deliver(new BusHeader
        {
            Kind = BusMessageKind.Error,
            Serial = ++serial,
            ReplySerial = asked[0].Serial,
            Sender = BusConnection.BusName,
            ErrorName = "org.freedesktop.DBus.Error.ServiceUnknown",
            Signature = "s",
        }, static w => w.WriteString("no"));
        Turn(() => told is not null);
        Assert.Equal("89/47 error from service: org.freedesktop.DBus.Error.ServiceUnknown: no", told);
    }

    [Fact]
    public void An_answer_of_another_shape_lets_nobody_in()
    {
        Connect();
        string? told = null;
        authority.Ask(Self, 1000, "a", answer => told = Said(answer), out _);
        Turn(() => asked.Count == 1);
        Deliver(new BusHeader
        {
            Kind = BusMessageKind.MethodReturn,
            Serial = ++serial,
            ReplySerial = asked[0].Serial,
            Sender = ":1.9",
            Signature = "b",
        }, static w => w.WriteBoolean(true));
        Turn(() => told is not null);
        Assert.Equal("45/7 authentication failed: authentication failed", told);
    }

    [Fact]
    public void Without_a_bus_or_the_process_the_question_is_refused_at_once()
    {
        Assert.Null(authority.Ask(Self, 1000, "a", static _ => Assert.Fail("told"), out string? refusal));
        Assert.Equal("PolicyKit cannot be asked without the bus", refusal);
        Connect();
        Assert.Null(authority.Ask(0x3FFFFFFF, 1000, "a", static _ => Assert.Fail("told"), out refusal));
        Assert.Equal("its process is gone", refusal);
        Assert.Equal(0, authority.PendingCount);
    }

    [Fact]
    public void An_answer_after_the_client_has_gone_is_dropped_and_the_dialogue_is_taken_back()
    {
        Connect();
        PolicyKitAuthority.Question question = authority.Ask(Self, 1000, "a", static _ => Assert.Fail("told"), out _)!;
        Turn(() => asked.Count == 1);
        question.Drop();
        Answer(asked[0].Serial, true, false, "");
        Turn(() => asked.Count == 2);
        Assert.Equal("CancelCheckAuthorization", asked[1].Member);
        Assert.EndsWith(asked[1].Body.Trim('(', ')'), asked[0].Body.Trim('(', ')'), StringComparison.Ordinal);
        Assert.Equal(0, authority.PendingCount);
    }

    [Fact]
    public void Questions_at_once_are_bounded()
    {
        Connect();
        for (int i = 0; i < PolicyKitAuthority.QuestionsMax; i++)
        {
            Assert.NotNull(authority.Ask(Self, 1000, "a", static _ => { }, out _));
        }

        Assert.Null(authority.Ask(Self, 1000, "a", static _ => { }, out string? refusal));
        Assert.Equal("too many questions to PolicyKit are open", refusal);
    }

    [Fact]
    public void When_the_bus_goes_away_nobody_is_let_in()
    {
        Connect();
        string? told = null;
        authority.Ask(Self, 1000, "a", answer => told = Said(answer), out _);
        Turn(() => asked.Count == 1);
        transport.HangUp();
        Turn(() => told is not null);
        Assert.StartsWith("89/47 error from service: ", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7 (a) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2", 4711ul)]
    [InlineData("7 (a) S 1) 9 (b) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2", 4711ul)]
    [InlineData("7 (a) S 1 7", null)]
    [InlineData("", null)]
    public void A_process_started_when_field_22_says_whatever_it_is_called(string text, ulong? expected) =>
        Assert.Equal(expected, ProcessStart.Parse(text));

    private void Connect()
    {
        connection.Start();
        Turn(() => connection.IsConnected);
        asked.Clear();
    }

    private void Turn(Func<bool> condition)
    {
        for (int turns = 0; !condition() && turns < 1000; turns++)
        {
            loop.Iterate(mayBlock: false);
        }

        Assert.True(condition());
    }

    private void OnSent(ReadOnlySpan<byte> octets)
    {
        Assert.True(BusMessageView.TryParse(octets, out BusMessageView message));
        string member = BusText.Read(message.Member);
        if (member == "Hello")
        {
            Deliver(new BusHeader
            {
                Kind = BusMessageKind.MethodReturn,
                Serial = ++serial,
                ReplySerial = message.Serial,
                Sender = BusConnection.BusName,
                Signature = "s",
            }, static w => w.WriteString(":1.1"));
            return;
        }

        Assert.True(message.TryReadBody(100, out BusValue[] values));
        asked.Add((member, message.Serial, BusText.Read(message.Destination), BusText.Read(message.Signature), message.Flags, string.Join(" ", (object[])values)));
    }

    private static string? Said(RpcError? error) => error is null ? null : $"{(int)error.Code}/{(int)error.Domain} {error.Message}";

    private void Answer(uint to, bool isAllowed, bool wantsChallenge, string detail) => Deliver(
        new BusHeader { Kind = BusMessageKind.MethodReturn, Serial = ++serial, ReplySerial = to, Sender = ":1.9", Signature = "(bba{ss})" },
        w =>
        {
            w.OpenStruct();
            w.WriteBoolean(isAllowed);
            w.WriteBoolean(wantsChallenge);
            w.OpenArray();
            foreach (string key in new[] { "polkit.retains_authorization_after_challenge", detail })
            {
                w.OpenEntry();
                w.WriteString(key);
                w.WriteString("1");
                w.CloseEntry();
            }

            w.CloseArray();
            w.CloseStruct();
        });

    private void Deliver(in BusHeader header, Action<BusWriter> body)
    {
        writer.Begin(header);
        body(writer);
        transport.Deliver(writer.Finish());
    }
}
