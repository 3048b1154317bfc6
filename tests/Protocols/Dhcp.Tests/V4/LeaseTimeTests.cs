using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

public sealed class LeaseTimeTests
{
    [Fact]
    public void Renew_is_unicast_until_T2()
    {
        Timeline line = new Timeline().Bind();
        Instant bound = line.Now;
        line.PassUntil(bound + TimeSpan.FromSeconds(1799));
        Assert.Empty(line.Take());
        line.PassUntil(bound + TimeSpan.FromSeconds(3149));
        DhcpOutput[] renewals = [.. line.Take()];
        Assert.All(renewals, output =>
        {
            Assert.Equal(DhcpOutputKind.SendUnicast, output.Kind);
            Assert.False(output.IsLast);
            Assert.Equal(Replies.Server, output.Destination);
            Assert.Equal(Replies.Address, output.Source);
            Assert.Equal(Replies.ServerMac, output.DestinationHardwareAddress);
            Assert.Equal(Replies.Address, output.Message!.ClientAddress);
            Assert.Null(Replies.OptionOf(output.Message, DhcpOptionCode.RequestedAddress));
            Assert.Null(Replies.OptionOf(output.Message, DhcpOptionCode.ServerIdentifier));
        });

        // 1800 + 675 + 337 + 169 + 84 + 60 = 3125 s; the next would come after T2.
        Assert.Equal(6, renewals.Length);
        Assert.Equal(DhcpClientState.Renewing, line.Client.State);
        line.PassUntil(bound + TimeSpan.FromSeconds(3150));
        Assert.Equal("SendBroadcast:Request", line.TakeKinds());
        Assert.Equal(DhcpClientState.Rebinding, line.Client.State);
    }

    [Fact]
    public void The_answer_to_a_renewal_starts_the_lease_anew()
    {
        Timeline line = new Timeline().Bind();
        line.PassUntil(line.Client.Deadline);
        line.Take();
        Instant renewed = line.Now;
        Assert.True(line.Client.AwaitsMessages);
        line.ReceiveAcknowledgement(7200);
        DhcpOutput output = Assert.Single(line.Take());
        Assert.Equal(DhcpOutputKind.LeaseRenewed, output.Kind);
        Assert.Equal(renewed + TimeSpan.FromSeconds(7200), output.Lease!.ExpiresAt);
        Assert.Equal(renewed + TimeSpan.FromSeconds(3600), line.Client.Deadline);
    }

    [Fact]
    public void Any_server_may_answer_while_rebinding()
    {
        Timeline line = new Timeline().Bind();
        line.PassUntil(line.Now + TimeSpan.FromSeconds(3200));
        line.Take();
        line.Receive(Replies.Bytes(
            line.TransactionId, Replies.Options(DhcpMessageType.Acknowledge, server: "192.0.2.77")));
        DhcpOutput output = Assert.Single(line.Take());
        Assert.Equal(DhcpOutputKind.LeaseRenewed, output.Kind);
        Assert.Equal(IpAddress.Parse("192.0.2.77"), output.Lease!.ServerIdentifier);
    }

    [Fact]
    public void A_lease_that_nobody_extends_is_lost_when_it_ends_and_the_search_begins()
    {
        Timeline line = new Timeline().Bind(120);
        line.PassUntil(line.Now + TimeSpan.FromSeconds(119.9));
        Assert.DoesNotContain(line.Take(), output => output.Kind == DhcpOutputKind.LeaseLost);
        line.PassUntil(line.Now + TimeSpan.FromSeconds(0.1));
        DhcpOutput[] outputs = [.. line.Take()];
        Assert.Equal(DhcpLossReason.Expired, outputs[0].Reason);
        Assert.Equal(DhcpOutputKind.LeaseLost, outputs[0].Kind);
        Assert.Equal(DhcpMessageType.Discover, outputs[1].Message!.Type);
        Assert.Null(line.Client.Lease);
    }

    [Fact]
    public void A_short_lease_is_asked_for_several_times()
    {
        Timeline line = new Timeline().Bind(120);
        line.PassUntil(line.Now + TimeSpan.FromSeconds(119));
        DhcpOutput[] outputs = [.. line.Take()];
        Assert.True(outputs.Count(output => output.Kind == DhcpOutputKind.SendUnicast) >= 3);
        Assert.True(outputs.Count(output => output.Kind == DhcpOutputKind.SendBroadcast) >= 1);
        Assert.True(outputs.Length < 10);
    }

    [Fact]
    public void Half_of_the_time_that_remains_is_waited_between_renewals_but_at_least_a_minute()
    {
        Timeline line = new Timeline().Bind();
        line.PassUntil(line.Client.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(675), line.Client.Deadline - line.Now);
        line.PassUntil(line.Client.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(337.5), line.Client.Deadline - line.Now);
        line.PassUntil(line.Client.Deadline);
        line.PassUntil(line.Client.Deadline);
        line.PassUntil(line.Client.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(60), line.Client.Deadline - line.Now);
    }

    [Fact]
    public void An_infinite_lease_is_never_renewed()
    {
        Timeline line = new Timeline().Bind(uint.MaxValue);
        Assert.True(line.Client.Deadline.IsNever);
        Assert.Equal(TimeSpan.MaxValue, line.Client.Lease!.LeaseTime);
        line.Pass(TimeSpan.FromDays(3650));
        Assert.Equal(DhcpClientState.Bound, line.Client.State);
        Assert.Empty(line.Take());
    }

    [Fact]
    public void T1_and_T2_of_the_server_are_followed()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.Receive(Replies.Bytes(line.TransactionId, Replies.Options(DhcpMessageType.Acknowledge)
            .AddUInt32(DhcpOptionCode.RenewalTime, 100)
            .AddUInt32(DhcpOptionCode.RebindingTime, 200)));
        Instant bound = line.Now;
        Assert.Equal(bound + TimeSpan.FromSeconds(100), line.Client.Deadline);
        line.PassUntil(bound + TimeSpan.FromSeconds(200));
        Assert.Equal(DhcpClientState.Rebinding, line.Client.State);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(200, 200)]
    [InlineData(300, 200)]
    [InlineData(100, 3600)]
    [InlineData(100, 4000)]
    [InlineData(3600, null)]
    [InlineData(null, 1)]
    [InlineData(-1, -1)]
    public void T1_and_T2_that_make_no_sense_become_a_half_and_seven_eighths(int? renewal, int? rebinding)
    {
        DhcpOptionList options = Replies.Options(DhcpMessageType.Acknowledge);
        if (renewal is { } t1)
        {
            options.AddUInt32(DhcpOptionCode.RenewalTime, (uint)t1);
        }

        if (rebinding is { } t2)
        {
            options.AddUInt32(DhcpOptionCode.RebindingTime, (uint)t2);
        }

        Assert.True(DhcpLease.TryRestore(Replies.Bytes(1, options), Instant.Zero, out DhcpLease? lease));
        Assert.Equal(TimeSpan.FromSeconds(1800), lease!.RenewalTime);
        Assert.Equal(TimeSpan.FromSeconds(3150), lease.RebindingTime);
        Assert.Equal(DhcpLeaseDefects.RenewalTimesInvalid, lease.Defects);
    }

    [Fact]
    public void The_lease_begins_when_its_request_was_sent()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        Instant sent = line.Now;
        line.Pass(TimeSpan.FromMilliseconds(100));
        line.ReceiveAcknowledgement();
        Assert.Equal(sent, line.Client.Lease!.AcquiredAt);
    }

    [Fact]
    public void A_lease_of_a_second_is_used_for_ten()
    {
        Timeline line = new Timeline().Bind(1);
        Assert.Equal(TimeSpan.FromSeconds(10), line.Client.Lease!.LeaseTime);
        Assert.Equal(DhcpLeaseDefects.LeaseTimeRaised, line.Client.Lease.Defects);
    }

    [Fact]
    public void Sleep_over_the_end_of_a_lease_loses_it_and_searches()
    {
        Timeline line = new Timeline().Bind();
        Instant bound = line.Now;
        line.SkipTo(bound + TimeSpan.FromDays(2));
        Assert.Equal(DhcpClientState.Selecting, line.Client.State);
        Assert.Equal(DhcpOutputKind.LeaseLost, line.Take()[0].Kind);
    }
}
