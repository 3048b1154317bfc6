using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

public sealed class ClientTests
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_fresh_network_costs_one_exchange_and_no_time()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        Assert.Equal("SendBroadcast:Discover", line.TakeKinds());
        line.ReceiveOffer();
        Assert.Equal("SendBroadcast:Request", line.TakeKinds());
        Assert.Equal("192.0.2.50", new IpText(Replies.OptionOf(line.LastSent, DhcpOptionCode.RequestedAddress)).ToString());
        Assert.Equal("192.0.2.1", new IpText(Replies.OptionOf(line.LastSent, DhcpOptionCode.ServerIdentifier)).ToString());
        line.ReceiveAcknowledgement();

        DhcpOutput acquired = Assert.Single(line.Take());
        Assert.Equal(DhcpOutputKind.LeaseAcquired, acquired.Kind);
        Assert.Equal(IpPrefix.Parse("192.0.2.50/24"), acquired.Lease!.Address);
        Assert.Equal(Replies.ServerMac, acquired.Lease.ServerHardwareAddress);
        Assert.Equal(Instant.FromSeconds(1000), line.Now);
        Assert.Equal(Instant.FromSeconds(1000 + 1800), line.Client.Deadline);
        Assert.False(line.Client.AwaitsMessages);
    }

    [Fact]
    public void A_remembered_address_costs_one_round_trip()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started(Replies.Address));
        Assert.Equal("SendBroadcast:Request", line.TakeKinds());
        Assert.NotNull(Replies.OptionOf(line.LastSent, DhcpOptionCode.RequestedAddress));
        Assert.Null(Replies.OptionOf(line.LastSent, DhcpOptionCode.ServerIdentifier));
        Assert.True(line.LastSent.ClientAddress.IsUnspecified);
        line.ReceiveAcknowledgement();
        Assert.Equal("LeaseAcquired", line.TakeKinds());
        Assert.Equal(
            [
                (DhcpClientState.Stopped, DhcpClientState.InitReboot),
                (DhcpClientState.InitReboot, DhcpClientState.Rebooting),
                (DhcpClientState.Rebooting, DhcpClientState.Bound),
            ],
            line.Transitions);
    }

    [Fact]
    public void A_remembered_address_that_nobody_knows_leads_to_a_search_within_a_second()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started(Replies.Address));
        line.Pass(OneSecond + TimeSpan.FromMilliseconds(50));
        Assert.Equal("SendBroadcast:Request SendBroadcast:Request SendBroadcast:Discover", line.TakeKinds());
        line.ReceiveOffer();
        line.ReceiveAcknowledgement();
        Assert.Equal("SendBroadcast:Request LeaseAcquired", line.TakeKinds());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_lost_first_message_costs_less_than_half_a_second(bool isRemembered)
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            Timeline line = new(seed: seed);
            line.Step(DhcpInput.Started(isRemembered ? Replies.Address : default));
            uint first = line.TransactionId;
            TimeSpan waited = line.StepToDeadline();
            Assert.InRange(waited, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500));
            Assert.Equal(first, line.TransactionId);
        }
    }

    [Fact]
    public void Retransmissions_double_up_to_64_seconds_with_jitter()
    {
        Timeline line = new(Timeline.Default with { NoLeaseAfter = TimeSpan.FromDays(1) });
        line.Step(DhcpInput.Started());
        TimeSpan expected = TimeSpan.FromMilliseconds(300);
        for (int i = 0; i < 12; i++)
        {
            TimeSpan waited = line.StepToDeadline();
            Assert.InRange(waited, expected * 7 / 8, expected * 9 / 8);
            expected = expected * 2 < TimeSpan.FromSeconds(64) ? expected * 2 : TimeSpan.FromSeconds(64);
        }

        Assert.Equal(DhcpClientState.Selecting, line.Client.State);
        Assert.True(line.LastSent.Seconds > 300);
        bool[] flags = [.. line.Take().Select(output => output.Message!.IsBroadcastWanted)];
        Assert.Equal([false, true, false, true], flags[..4]);
    }

    [Fact]
    public void Jitter_differs_from_seed_to_seed_and_so_do_transactions()
    {
        Timeline a = new(seed: 1);
        Timeline b = new(seed: 2);
        a.Step(DhcpInput.Started());
        b.Step(DhcpInput.Started());
        Assert.NotEqual(a.TransactionId, b.TransactionId);
        Assert.NotEqual(a.Client.Deadline, b.Client.Deadline);
    }

    [Fact]
    public void A_request_keeps_the_seconds_of_its_discover()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Pass(TimeSpan.FromSeconds(5.5));
        ushort seconds = line.LastSent.Seconds;
        Assert.True(seconds >= 3);
        line.ReceiveOffer();
        line.StepToDeadline();
        line.StepToDeadline();
        Assert.Equal(DhcpMessageType.Request, line.LastSent.Type);
        Assert.Equal(seconds, line.LastSent.Seconds);
    }

    [Fact]
    public void Without_a_server_the_owner_is_told_once_and_the_search_goes_on()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        line.Pass(TimeSpan.FromSeconds(5.9));
        Assert.DoesNotContain(line.Take(), output => output.Kind == DhcpOutputKind.NoLeaseYet);
        line.Pass(TimeSpan.FromSeconds(0.2));
        Assert.Contains(line.Take(), output => output.Kind == DhcpOutputKind.NoLeaseYet);
        line.Pass(TimeSpan.FromMinutes(10));
        Assert.All(line.Take(), output => Assert.Equal(DhcpMessageType.Discover, output.Message!.Type));
        line.ReceiveOffer();
        line.ReceiveAcknowledgement();
        Assert.Equal("SendBroadcast:Request LeaseAcquired", line.TakeKinds());
    }

    [Fact]
    public void A_rapid_acknowledgement_ends_the_search_at_once()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        Assert.NotNull(Replies.OptionOf(line.LastSent, DhcpOptionCode.RapidCommit));
        line.ReceiveAcknowledgement();
        Assert.Equal(DhcpClientState.Selecting, line.Client.State);
        Assert.Equal(1, line.Client.RefusalsOf(DhcpRefusal.Unexpected));
        line.Receive(Replies.Bytes(
            line.TransactionId,
            Replies.Options(DhcpMessageType.Acknowledge).Add(DhcpOptionCode.RapidCommit, [])));
        Assert.Equal("SendBroadcast:Discover LeaseAcquired", line.TakeKinds());
    }

    [Fact]
    public void A_rapid_acknowledgement_is_not_followed_if_none_was_asked_for()
    {
        Timeline line = new(Timeline.Default with { RapidCommit = false });
        line.Step(DhcpInput.Started());
        Assert.Null(Replies.OptionOf(line.LastSent, DhcpOptionCode.RapidCommit));
        line.Receive(Replies.Bytes(
            line.TransactionId,
            Replies.Options(DhcpMessageType.Acknowledge).Add(DhcpOptionCode.RapidCommit, [])));
        Assert.Equal(DhcpClientState.Selecting, line.Client.State);
    }

    [Fact]
    public void Unanswered_requests_lead_back_to_the_search_ever_more_slowly()
    {
        Timeline line = new();
        line.Step(DhcpInput.Started());
        TimeSpan[] pauses = new TimeSpan[4];
        for (int i = 0; i < pauses.Length; i++)
        {
            line.ReceiveOffer();
            Assert.Equal(DhcpClientState.Requesting, line.Client.State);
            while (line.Client.State == DhcpClientState.Requesting)
            {
                line.StepToDeadline();
            }

            Instant before = line.Now;
            while (line.Client.State == DhcpClientState.Init)
            {
                line.StepToDeadline();
            }

            pauses[i] = line.Now - before;
        }

        Assert.Equal(TimeSpan.Zero, pauses[0]);
        Assert.InRange(pauses[1], TimeSpan.FromSeconds(0.875), TimeSpan.FromSeconds(1.125));
        Assert.InRange(pauses[3], TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(4.5));
        Assert.Equal(16, line.Take().Count(output => output.Message?.Type == DhcpMessageType.Request));
    }

    [Fact]
    public void The_client_names_itself_and_what_it_wants()
    {
        Timeline line = new(Timeline.Default with { HostName = "spindle", VendorClass = "vendor" });
        line.Step(DhcpInput.Started());
        DhcpMessage message = line.LastSent;
        Assert.Equal([1, 2, 0, 0, 0, 0, 1], Replies.OptionOf(message, DhcpOptionCode.ClientIdentifier));
        Assert.Equal("spindle"u8.ToArray(), Replies.OptionOf(message, DhcpOptionCode.HostName));
        Assert.Equal("vendor"u8.ToArray(), Replies.OptionOf(message, DhcpOptionCode.VendorClassIdentifier));
        Assert.Equal([1472 >> 8, 1472 & 255], Replies.OptionOf(message, DhcpOptionCode.MaximumMessageSize));
        byte[] wanted = Replies.OptionOf(message, DhcpOptionCode.ParameterRequestList)!;
        Assert.True(Array.IndexOf(wanted, (byte)121) < Array.IndexOf(wanted, (byte)3));
        foreach (byte code in (byte[])[1, 3, 6, 12, 15, 26, 42, 51, 58, 59, 114, 119, 121, 252])
        {
            Assert.Contains(code, wanted);
        }

        Assert.Equal(300, message.Size);
    }

    [Fact]
    public void The_client_identifier_can_be_another()
    {
        Timeline line = new(Timeline.Default with { ClientIdentifier = new byte[] { 255, 1, 2, 3 } });
        line.Step(DhcpInput.Started());
        Assert.Equal([255, 1, 2, 3], Replies.OptionOf(line.LastSent, DhcpOptionCode.ClientIdentifier));
    }

    private readonly record struct IpText(byte[]? Octets)
    {
        public override string ToString() =>
            Octets is not null && IpAddress.TryRead(Octets, out IpAddress address) ? address.ToString() : "none";
    }
}
