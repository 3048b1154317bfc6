using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

/// <summary>Wrong, hostile and foreign messages: counted, said, not followed.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("0.0.0.0", DhcpRefusal.AddressMissing)]
    [InlineData("0.1.2.3", DhcpRefusal.AddressReserved)]
    [InlineData("127.0.0.1", DhcpRefusal.AddressLoopback)]
    [InlineData("224.0.0.1", DhcpRefusal.AddressMulticast)]
    [InlineData("239.255.255.255", DhcpRefusal.AddressMulticast)]
    [InlineData("240.0.0.1", DhcpRefusal.AddressReserved)]
    [InlineData("255.255.255.255", DhcpRefusal.AddressReserved)]
    [InlineData("192.0.2.0", DhcpRefusal.AddressNotAHost)]
    [InlineData("192.0.2.255", DhcpRefusal.AddressNotAHost)]
    [InlineData("192.0.2.1", DhcpRefusal.AddressOfServer)]
    public void An_address_that_no_host_can_bear_is_refused(string address, DhcpRefusal expected)
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Take();
        byte[] offer = Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Offer), IpAddress.Parse(address));
        AssertRefused(line, offer, DhcpClientState.Selecting, expected);

        line.ReceiveOffer();
        line.Take();
        byte[] acknowledgement = Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Acknowledge), IpAddress.Parse(address));
        AssertRefused(line, acknowledgement, DhcpClientState.Requesting, expected, 2);
    }

    [Theory]
    [InlineData("255.0.255.0")]
    [InlineData("0.0.0.0")]
    [InlineData("254.0.0.0")]
    [InlineData("0.0.0.255")]
    public void A_netmask_that_is_none_is_refused(string netmask)
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Take();
        byte[] offer = Replies.Bytes(line.TransactionId, Replies.Options(DhcpMessageType.Offer, netmask: netmask));
        AssertRefused(line, offer, DhcpClientState.Selecting, DhcpRefusal.NetmaskInvalid);
    }

    [Theory]
    [InlineData("255.255.255.254", "192.0.2.255")]
    [InlineData("255.255.255.255", "192.0.2.255")]
    public void The_ends_of_the_smallest_subnets_are_hosts(string netmask, string address)
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Receive(Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Offer, netmask: netmask), IpAddress.Parse(address)));
        Assert.Equal(DhcpClientState.Requesting, line.Client.State);
    }

    [Theory]
    [InlineData(null, DhcpRefusal.ServerIdentifierMissing)]
    [InlineData("0.0.0.0", DhcpRefusal.ServerIdentifierInvalid)]
    [InlineData("255.255.255.255", DhcpRefusal.ServerIdentifierInvalid)]
    [InlineData("224.0.0.1", DhcpRefusal.ServerIdentifierInvalid)]
    [InlineData("127.0.0.1", DhcpRefusal.ServerIdentifierInvalid)]
    public void A_server_that_does_not_say_who_it_is_is_refused(string? server, DhcpRefusal expected)
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Take();
        DhcpOptionList options = new DhcpOptionList().Add(DhcpOptionCode.MessageType, (byte)DhcpMessageType.Offer);
        if (server is not null)
        {
            options.Add(DhcpOptionCode.ServerIdentifier, IpAddress.Parse(server));
        }

        AssertRefused(line, Replies.Bytes(line.TransactionId, options), DhcpClientState.Selecting, expected);
    }

    [Fact]
    public void A_refused_offer_does_not_keep_the_next_one_away()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Receive(Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Offer), IpAddress.BroadcastV4));
        line.ReceiveOffer();
        line.ReceiveAcknowledgement();
        Assert.Equal(DhcpClientState.Bound, line.Client.State);
    }

    [Fact]
    public void What_is_not_for_us_is_only_counted()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Take();
        DhcpOptionList offer = Replies.Options(DhcpMessageType.Offer);
        line.Receive(Replies.Bytes(line.TransactionId + 1, offer));
        line.Receive(Replies.Bytes(line.TransactionId, offer, mac: Replies.ServerMac));
        line.Receive(Replies.Bytes(line.LastSent));
        line.Receive(Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Offer).Add(DhcpOptionCode.ClientIdentifier, [9, 9])));
        line.Receive(Replies.Bytes(
            line.TransactionId, new DhcpOptionList().Add(DhcpOptionCode.ServerIdentifier, Replies.Server)));
        line.Receive(Replies.Bytes(line.TransactionId, Replies.Options(DhcpMessageType.ForceRenew)));
        line.Receive(Replies.Bytes(line.TransactionId, Replies.Options((DhcpMessageType)77)));
        Assert.Empty(line.Take());
        Assert.Equal(DhcpClientState.Selecting, line.Client.State);
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.ForeignTransaction));
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.ForeignHardwareAddress));
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.NotAReply));
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.ForeignClientIdentifier));
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.MessageTypeMissing));
        Assert.Equal(2, line.Client.RefusalsOf(DhcpRefusal.Unexpected));
    }

    [Fact]
    public void A_server_that_repeats_our_identifier_is_followed()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Receive(Replies.Bytes(
            line.TransactionId,
            Replies.Options(DhcpMessageType.Offer).Add(DhcpOptionCode.ClientIdentifier, [1, 2, 0, 0, 0, 0, 1])));
        Assert.Equal(DhcpClientState.Requesting, line.Client.State);
    }

    [Fact]
    public void An_acknowledgement_of_another_server_or_address_is_refused()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.Take();
        byte[] otherServer = Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Acknowledge, server: "192.0.2.66"));
        line.Receive(otherServer);
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.ForeignServer));
        byte[] otherAddress = Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Acknowledge), IpAddress.Parse("192.0.2.51"));
        AssertRefused(line, otherAddress, DhcpClientState.Requesting, DhcpRefusal.AddressNotTheRequested);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(null)]
    public void An_acknowledgement_without_time_is_refused(uint? seconds)
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.Take();
        DhcpOptionList options = new DhcpOptionList()
            .Add(DhcpOptionCode.MessageType, (byte)DhcpMessageType.Acknowledge)
            .Add(DhcpOptionCode.ServerIdentifier, Replies.Server);
        if (seconds is { } value)
        {
            options.AddUInt32(DhcpOptionCode.LeaseTime, value);
        }

        AssertRefused(
            line, Replies.Bytes(line.TransactionId, options), DhcpClientState.Requesting, DhcpRefusal.LeaseTimeInvalid);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(null)]
    public void An_offer_without_time_is_refused_before_it_costs_a_request(byte[]? time)
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Take();
        DhcpOptionList options = new DhcpOptionList()
            .Add(DhcpOptionCode.MessageType, (byte)DhcpMessageType.Offer)
            .Add(DhcpOptionCode.ServerIdentifier, Replies.Server);
        if (time is not null)
        {
            options.Add(DhcpOptionCode.LeaseTime, time);
        }

        AssertRefused(
            line, Replies.Bytes(line.TransactionId, options), DhcpClientState.Selecting, DhcpRefusal.LeaseTimeInvalid);
    }

    [Fact]
    public void The_first_refusal_by_the_server_is_followed_by_a_search_at_once()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started(Replies.Address));
        line.Take();
        line.ReceiveRefusal();
        Assert.Equal("SendBroadcast:Discover", line.TakeKinds());
        Assert.Null(Replies.OptionOf(line.LastSent, DhcpOptionCode.RequestedAddress));
    }

    [Fact]
    public void A_server_that_goes_on_refusing_is_asked_ever_less_often()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        Instant end = line.Now + TimeSpan.FromMinutes(10);
        int requests = 0;
        while (line.Now < end)
        {
            if (line.Client.State == DhcpClientState.Selecting)
            {
                line.ReceiveOffer();
                line.ReceiveRefusal();
                requests++;
            }
            else
            {
                line.StepToDeadline();
            }
        }

        Assert.InRange(requests, 8, 20);
    }

    [Fact]
    public void A_refused_renewal_loses_the_lease()
    {
        Timeline line = new Timeline().Bind();
        line.PassUntil(line.Client.Deadline);
        line.Take();
        line.ReceiveRefusal("192.0.2.66");
        Assert.Empty(line.Take());
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.ForeignServer));
        line.ReceiveRefusal();
        DhcpOutput[] outputs = [.. line.Take()];
        Assert.Equal(DhcpOutputKind.LeaseLost, outputs[0].Kind);
        Assert.Equal(DhcpLossReason.Refused, outputs[0].Reason);
        Assert.Equal(DhcpMessageType.Discover, outputs[1].Message!.Type);
    }

    [Fact]
    public void Nothing_is_followed_while_bound()
    {
        Timeline line = new Timeline().Bind();
        line.ReceiveRefusal();
        line.ReceiveOffer();
        line.ReceiveAcknowledgement(10);
        Assert.Empty(line.Take());
        Assert.Equal(DhcpClientState.Bound, line.Client.State);
        Assert.Equal(3, line.Client.RefusalsOf(DhcpRefusal.Unexpected));
    }

    private static void AssertRefused(
        Timeline line, byte[] octets, DhcpClientState state, DhcpRefusal expected, long count = 1)
    {
        line.Receive(octets);
        DhcpOutput output = Assert.Single(line.Take());
        Assert.Equal(DhcpOutputKind.MessageRefused, output.Kind);
        Assert.Equal(expected, output.Refusal);
        Assert.Equal(Replies.ServerMac, output.Sender);
        Assert.Equal(count, line.Client.RefusalsOf(expected));
        Assert.Equal(state, line.Client.State);
    }
}
