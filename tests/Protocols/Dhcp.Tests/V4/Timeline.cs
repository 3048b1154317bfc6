using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

/// <summary>A client on virtual time, with everything that came out of it.</summary>
internal sealed class Timeline(DhcpClientConfiguration? configuration = null, ulong seed = 1)
{
    public static readonly DhcpClientConfiguration Default = new() { HardwareAddress = Replies.Mac };

    public DhcpClient Client { get; } = new(configuration ?? Default, seed);

    public Instant Now { get; private set; } = Instant.FromSeconds(1000);

    /// <summary>What came out since the last call of <see cref="Take"/>.</summary>
    public List<DhcpOutput> Outputs { get; } = [];

    /// <summary>Every transition so far.</summary>
    public List<(DhcpClientState From, DhcpClientState To)> Transitions { get; } = [];

    /// <summary>The last message sent.</summary>
    public DhcpMessage LastSent { get; private set; } = null!;

    public uint TransactionId => LastSent.TransactionId;

    public void Step(scoped in DhcpInput input)
    {
        Client.Step(input, Now);
        while (Client.TryTake(out DhcpOutput output))
        {
            Outputs.Add(output);
            LastSent = output.Message ?? LastSent;
            if (output.Kind == DhcpOutputKind.StateChanged)
            {
                Transitions.Add((output.From, output.To));
            }
        }
    }

    /// <summary>Goes on to the next deadline.</summary>
    public TimeSpan StepToDeadline()
    {
        Instant before = Now;
        Assert.False(Client.Deadline.IsNever, "nothing is due");
        Now = Instant.Max(Now, Client.Deadline);
        Step(DhcpInput.TimePassed);
        return Now - before;
    }

    /// <summary>Lets time pass, with every deadline on the way.</summary>
    public void Pass(TimeSpan span)
    {
        Instant end = Now + span;
        while (Client.Deadline <= end)
        {
            StepToDeadline();
        }

        Now = end;
        Step(DhcpInput.TimePassed);
    }

    /// <summary>Lets time pass in one step, as when the machine slept.</summary>
    public void SkipTo(Instant instant)
    {
        Now = instant;
        Step(DhcpInput.TimePassed);
    }

    public void PassUntil(Instant instant) => Pass(instant - Now);

    public void Receive(byte[] octets)
    {
        Assert.True(DhcpPacket.TryParse(octets, out DhcpPacket packet, out DhcpParseError error), error.ToString());
        Step(DhcpInput.MessageReceived(packet, Replies.ServerMac));
    }

    public void ReceiveOffer(uint leaseSeconds = 3600) =>
        Receive(Replies.Bytes(TransactionId, Replies.Options(DhcpMessageType.Offer, leaseSeconds)));

    public void ReceiveAcknowledgement(uint leaseSeconds = 3600) =>
        Receive(Replies.Bytes(TransactionId, Replies.Options(DhcpMessageType.Acknowledge, leaseSeconds)));

    public void ReceiveRefusal(string? server = null) =>
        Receive(Replies.Bytes(
            TransactionId, Replies.Options(DhcpMessageType.Refuse, server: server), IpAddress.AnyV4));

    /// <summary>Through DISCOVER, OFFER, REQUEST and ACK without time passing.</summary>
    public Timeline Bind(uint leaseSeconds = 3600)
    {
        Step(DhcpInput.Started());
        ReceiveOffer(leaseSeconds);
        ReceiveAcknowledgement(leaseSeconds);
        Assert.Equal(DhcpClientState.Bound, Client.State);
        Outputs.Clear();
        return this;
    }

    /// <summary>What came out since the last call, without changes of state.</summary>
    public List<DhcpOutput> Take()
    {
        List<DhcpOutput> taken = [.. Outputs.Where(output => output.Kind != DhcpOutputKind.StateChanged)];
        Outputs.Clear();
        return taken;
    }

    /// <summary>Kinds of what came out since the last call, sent messages as their type.</summary>
    public string TakeKinds() => string.Join(' ', Take().Select(output =>
        output.Message is { } message ? $"{output.Kind}:{message.Type}" : output.Kind.ToString()));
}
