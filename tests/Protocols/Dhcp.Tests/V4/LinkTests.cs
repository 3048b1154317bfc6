using System;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

/// <summary>Conflicts, carrier, adoption, release.</summary>
public sealed class LinkTests
{
    private static readonly DhcpClientConfiguration Detecting = Timeline.Default with { DetectsConflicts = true };

    [Fact]
    public void An_acknowledged_address_is_looked_for_before_it_is_used()
    {
        Timeline line = new(Detecting);
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.Take();
        line.ReceiveAcknowledgement();
        DhcpOutput probe = Assert.Single(line.Take());
        Assert.Equal(DhcpOutputKind.ProbeAddress, probe.Kind);
        Assert.Equal(Replies.Address, probe.Address);
        line.Pass(TimeSpan.FromSeconds(5));
        line.Step(DhcpInput.AddressFree(IpAddress.Parse("192.0.2.51")));
        Assert.Equal(DhcpClientState.Probing, line.Client.State);
        line.Step(DhcpInput.AddressFree(Replies.Address));
        Assert.Equal("LeaseAcquired", line.TakeKinds());
    }

    [Fact]
    public void A_conflict_is_declined_and_ten_seconds_pass_before_the_next_search()
    {
        Timeline line = new(Detecting);
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.ReceiveAcknowledgement();
        line.Take();
        line.Step(DhcpInput.AddressInUse(Replies.Address));
        Assert.Equal("SendBroadcast:Decline", line.TakeKinds());
        Assert.True(line.LastSent.ClientAddress.IsUnspecified);
        Assert.NotNull(Replies.OptionOf(line.LastSent, DhcpOptionCode.RequestedAddress));
        Assert.NotNull(Replies.OptionOf(line.LastSent, DhcpOptionCode.ServerIdentifier));
        line.Pass(TimeSpan.FromSeconds(9.9));
        Assert.Equal("NoLeaseYet", line.TakeKinds());
        line.Pass(TimeSpan.FromSeconds(0.1));
        Assert.Equal("SendBroadcast:Discover", line.TakeKinds());
    }

    [Fact]
    public void A_pause_after_a_conflict_outlasts_a_restart_of_the_client()
    {
        Timeline line = new(Detecting);
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.ReceiveAcknowledgement();
        line.Step(DhcpInput.AddressInUse(Replies.Address));
        line.Step(DhcpInput.Stopped);
        line.Take();
        line.Step(DhcpInput.Started());
        Assert.Empty(line.Take());
        Assert.Equal(TimeSpan.FromSeconds(6), line.Client.Deadline - line.Now);
        line.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal("NoLeaseYet SendBroadcast:Discover", line.TakeKinds());
    }

    [Fact]
    public void A_conflict_in_use_loses_the_lease()
    {
        Timeline line = new Timeline(Detecting);
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.ReceiveAcknowledgement();
        line.Step(DhcpInput.AddressFree(Replies.Address));
        line.Take();
        line.Step(DhcpInput.AddressInUse(Replies.Address));
        DhcpOutput[] outputs = [.. line.Take()];
        Assert.Equal(DhcpMessageType.Decline, outputs[0].Message!.Type);
        Assert.Equal(DhcpLossReason.Conflict, outputs[1].Reason);
        Assert.Equal(TimeSpan.FromSeconds(6), line.Client.Deadline - line.Now);
    }

    [Fact]
    public void A_cable_out_and_in_asks_for_the_same_address_in_one_round_trip()
    {
        Timeline line = new Timeline().Bind();
        line.Step(DhcpInput.CarrierLost);
        line.Pass(TimeSpan.FromSeconds(100));
        Assert.Empty(line.Take());
        Assert.NotNull(line.Client.Lease);
        line.Step(DhcpInput.CarrierReturned);
        Assert.Equal("SendBroadcast:Request", line.TakeKinds());
        line.ReceiveAcknowledgement();
        Assert.Equal("LeaseAcquired", line.TakeKinds());
    }

    [Fact]
    public void Another_network_refuses_the_old_address_and_gives_a_new_one()
    {
        Timeline line = new Timeline().Bind();
        line.Step(DhcpInput.CarrierLost);
        line.Step(DhcpInput.CarrierReturned);
        line.Take();
        line.ReceiveRefusal("198.51.100.1");
        Assert.Equal("LeaseLost SendBroadcast:Discover", line.TakeKinds());
    }

    [Fact]
    public void A_lease_in_use_stays_when_nobody_answers_after_the_carrier_returned()
    {
        Timeline line = new Timeline().Bind();
        Instant bound = line.Now;
        line.Step(DhcpInput.CarrierReturned);
        line.Pass(TimeSpan.FromSeconds(60));
        Assert.DoesNotContain(line.Take(), output => output.Message is null);
        Assert.NotNull(line.Client.Lease);
        line.PassUntil(bound + TimeSpan.FromSeconds(3600 - 1));
        Assert.DoesNotContain(line.Take(), output => output.Message is null);
        line.Pass(TimeSpan.FromSeconds(10));
        DhcpOutput[] outputs = [.. line.Take()];
        Assert.Contains(outputs, output => output is { Kind: DhcpOutputKind.LeaseLost, Reason: DhcpLossReason.Expired });
        Assert.Contains(outputs, output => output.Kind == DhcpOutputKind.NoLeaseYet);
    }

    [Fact]
    public void A_lease_ends_without_a_carrier_too()
    {
        Timeline line = new Timeline().Bind();
        line.Step(DhcpInput.CarrierLost);
        line.Pass(TimeSpan.FromHours(2));
        Assert.Equal("LeaseLost", line.TakeKinds());
        line.Step(DhcpInput.CarrierReturned);
        Assert.Equal("SendBroadcast:Discover", line.TakeKinds());
        Assert.NotNull(Replies.OptionOf(line.LastSent, DhcpOptionCode.RequestedAddress));
    }

    [Fact]
    public void Without_a_carrier_nothing_is_due()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Step(DhcpInput.CarrierLost);
        Assert.True(line.Client.Deadline.IsNever);
        Assert.False(line.Client.AwaitsMessages);
    }

    [Theory]
    [InlineData(0, DhcpClientState.Bound, "LeaseAcquired")]
    [InlineData(1799, DhcpClientState.Bound, "LeaseAcquired")]
    [InlineData(1800, DhcpClientState.Renewing, "LeaseAcquired SendUnicast:Request")]
    [InlineData(3150, DhcpClientState.Rebinding, "LeaseAcquired SendBroadcast:Request")]
    [InlineData(3600, DhcpClientState.Selecting, "LeaseLost SendBroadcast:Discover")]
    public void A_lease_from_before_a_restart_goes_on_where_it_was(int age, DhcpClientState state, string outputs)
    {
        DhcpLease before = new Timeline().Bind().Client.Lease!;
        Timeline line = new(seed: 7);
        Assert.True(DhcpLease.TryRestore(
            before.Acknowledgement.Span, line.Now - TimeSpan.FromSeconds(age), out DhcpLease? stored));
        Assert.True(before.HasSameConfiguration(stored));
        line.Step(DhcpInput.Adopted(stored!));
        Assert.Equal(outputs, line.TakeKinds());
        Assert.Equal(state, line.Client.State);
        if (line.LastSent is not null)
        {
            Assert.NotEqual(0u, line.TransactionId);
        }
    }

    [Fact]
    public void An_adopted_lease_renews_at_its_time()
    {
        DhcpLease lease = new Timeline().Bind().Client.Lease!;
        Timeline line = new(seed: 7);
        line.Step(DhcpInput.Adopted(lease));
        line.PassUntil(lease.RenewsAt);
        Assert.Equal("LeaseAcquired SendUnicast:Request", line.TakeKinds());
        line.ReceiveAcknowledgement();
        Assert.Equal("LeaseRenewed", line.TakeKinds());
    }

    [Fact]
    public void A_release_tells_the_server()
    {
        Timeline line = new Timeline().Bind();
        line.Step(DhcpInput.Released);
        DhcpOutput[] outputs = [.. line.Take()];
        Assert.Equal(DhcpOutputKind.SendUnicast, outputs[0].Kind);
        Assert.Equal(DhcpMessageType.Release, outputs[0].Message!.Type);
        Assert.True(outputs[0].IsLast);
        Assert.Equal(Replies.Address, outputs[0].Message!.ClientAddress);
        Assert.NotNull(Replies.OptionOf(outputs[0].Message!, DhcpOptionCode.ServerIdentifier));
        Assert.Equal(DhcpLossReason.Released, outputs[1].Reason);
        Assert.Equal(DhcpClientState.Stopped, line.Client.State);
        Assert.True(line.Client.Deadline.IsNever);
    }

    [Fact]
    public void A_stop_keeps_the_lease_with_the_server_and_says_nothing()
    {
        Timeline line = new Timeline().Bind();
        line.Step(DhcpInput.Stopped);
        Assert.Empty(line.Take());
        Assert.True(line.Client.Deadline.IsNever);
        line.Step(DhcpInput.Started(Replies.Address));
        Assert.Equal("SendBroadcast:Request", line.TakeKinds());
    }

    [Fact]
    public void A_transition_says_when_something_happens_next()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.ReceiveOffer();
        line.Outputs.Clear();
        line.ReceiveAcknowledgement();
        DhcpOutput change = Assert.Single(line.Outputs, output => output.Kind == DhcpOutputKind.StateChanged);
        Assert.Equal((DhcpClientState.Requesting, DhcpClientState.Bound), (change.From, change.To));
        Assert.Equal(line.Now + TimeSpan.FromSeconds(1800), change.NextAt);
    }
}
