using System;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink.Tests;

public sealed class ConversationTests
{
    private readonly ConversationHarness harness = new(queueMax: 1000);

    private PretendedKernel Kernel => harness.Kernel;

    [Fact]
    public void What_is_there_at_the_start_appears_and_then_the_start_is_done()
    {
        Kernel.Links[1] = NewLink(1);
        Kernel.Routes.Add(NewRoute(1));
        harness.Step(RtnetlinkInput.Started);
        harness.Quiesce();
        Assert.Equal(
            [RtnetlinkOutputKind.LinkAppeared, RtnetlinkOutputKind.RouteAppeared, RtnetlinkOutputKind.InitialDumpDone],
            harness.Told.Where(kind => kind != RtnetlinkOutputKind.Send));
        Assert.Equal(5, Kernel.DumpsBegun);
        harness.AssertInStep();
        Assert.True(harness.Conversation.Deadline.IsNever);
    }

    [Fact]
    public void A_notification_of_what_is_known_tells_nothing()
    {
        Start();
        Kernel.SetLink(NewLink(1));
        Kernel.SetLink(NewLink(1) with { Statistics = new(5, 5, 5, 5, 0, 0, 0, 0) });
        Kernel.SetAddress(NewAddress(1));
        Kernel.SetAddress(NewAddress(1));
        harness.Quiesce();
        Assert.Equal([RtnetlinkOutputKind.LinkAppeared, RtnetlinkOutputKind.AddressAppeared], harness.Told);
        Assert.True(harness.Conversation.Mirror.TryGetLink(1, out Link link));
        Assert.Equal(5ul, link.Statistics.ReceivedPackets);
    }

    [Fact]
    public void A_cable_that_was_out_and_in_during_a_loss_is_a_change()
    {
        Start();
        Kernel.SetLink(NewLink(1));
        harness.Quiesce();
        Kernel.Links[1] = NewLink(1) with { CarrierChanges = 4 };
        harness.Told.Clear();
        harness.Step(RtnetlinkInput.NotificationsLost);
        harness.Quiesce();
        Assert.Contains(RtnetlinkOutputKind.LinkChanged, harness.Told);
    }

    [Fact]
    public void Lifetimes_that_run_down_are_no_change_and_lifetimes_set_anew_are()
    {
        Start();
        Address address = NewAddress(1) with { ValidSeconds = 600, PreferredSeconds = 300 };
        Kernel.SetAddress(address);
        harness.Quiesce();
        harness.Told.Clear();
        harness.Now += TimeSpan.FromSeconds(100);
        Kernel.SetAddress(address with { ValidSeconds = 500, PreferredSeconds = 200 });
        harness.Quiesce();
        Assert.Empty(harness.Told);
        Kernel.SetAddress(address);
        harness.Quiesce();
        Assert.Equal([RtnetlinkOutputKind.AddressChanged], harness.Told);
    }

    [Fact]
    public void An_overrun_is_answered_by_dumps_and_told_once_a_storm()
    {
        Start();
        for (int storm = 0; storm < 3; storm++)
        {
            Kernel.Routes.Add(NewRoute(storm));
            harness.Step(RtnetlinkInput.NotificationsLost);
            Assert.Equal(RtnetlinkState.Draining, harness.Conversation.State);
            harness.Quiesce();
            harness.AssertInStep();
            harness.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Single(harness.Told, RtnetlinkOutputKind.OverrunBegan);
        Assert.Single(harness.Told, RtnetlinkOutputKind.Resynchronized);
        Assert.Equal(3ul, harness.Conversation.Counters.Overruns);
        harness.Now += RtnetlinkConversation.StormQuiet;
        harness.Step(RtnetlinkInput.NotificationsLost);
        harness.Quiesce();
        Assert.Equal(2, harness.Told.Count(kind => kind == RtnetlinkOutputKind.OverrunBegan));
        Assert.Equal(2, harness.Told.Count(kind => kind == RtnetlinkOutputKind.Resynchronized));
    }

    [Fact]
    public void Nothing_is_dumped_before_the_queue_is_drained()
    {
        Start();
        Kernel.AddRoute(NewRoute(1));
        harness.Step(RtnetlinkInput.NotificationsLost);
        int begun = Kernel.DumpsBegun;
        harness.ReadNotification();
        Assert.Equal(begun, Kernel.DumpsBegun);
        Assert.True(harness.Conversation.Deadline.IsNever);
        harness.ReadNotification();
        Assert.Equal(begun + 1, Kernel.DumpsBegun);
        Assert.Equal(RtnetlinkState.Resynchronizing, harness.Conversation.State);
    }

    [Fact]
    public void An_interrupted_dump_is_taken_again_and_removes_nothing()
    {
        Start();
        Kernel.AddRoute(NewRoute(1));
        harness.Quiesce();
        Kernel.InterruptionsLeft = 2;
        int begun = Kernel.DumpsBegun;
        harness.Step(RtnetlinkInput.NotificationsLost);
        harness.Quiesce();
        Assert.Equal(begun + 7, Kernel.DumpsBegun);
        Assert.Equal(2ul, harness.Conversation.Counters.DumpsRetaken);
        harness.AssertInStep();
    }

    [Fact]
    public void Dumps_that_are_interrupted_for_ever_slow_down()
    {
        Kernel.InterruptionsLeft = 20;
        harness.Step(RtnetlinkInput.Started);
        TimeSpan took = harness.Quiesce();
        Assert.InRange(took, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2));
        harness.AssertInStep();
    }

    [Fact]
    public void A_dump_whose_parts_stop_is_given_up_and_taken_again()
    {
        harness.Step(RtnetlinkInput.Started);
        Assert.Equal(harness.Now + TimeSpan.FromSeconds(5), harness.Conversation.Deadline);
        harness.Now += TimeSpan.FromSeconds(5);
        PretendedKernel silent = harness.Kernel;
        silent.MakePart();
        while (silent.TryReadReply(out _))
        {
        }

        harness.Step(RtnetlinkInput.TimePassed);
        Assert.Equal(1ul, harness.Conversation.Counters.DumpsRetaken);
        harness.Quiesce();
        harness.AssertInStep();
    }

    [Fact]
    public void A_route_that_a_notification_removed_is_not_brought_back_by_the_dump_that_runs()
    {
        Start();
        Route route = NewRoute(1);
        Kernel.AddRoute(route);
        harness.Quiesce();
        harness.Step(RtnetlinkInput.NotificationsLost);
        harness.Step(RtnetlinkInput.Drained);
        while (harness.Kernel.DumpsBegun < 5 + 3)
        {
            Kernel.MakePart();
            harness.ReadReply();
        }

        // The kernel tells first and removes then: the dump still has it.
        Kernel.RemoveRoute(route);
        Kernel.MakePart();
        Kernel.Settle();
        harness.ReadNotification();
        Assert.Empty(harness.Routes);
        harness.Quiesce();
        harness.AssertInStep();
        Assert.Equal(1, harness.Told.Count(kind => kind == RtnetlinkOutputKind.RouteVanished));
    }

    [Fact]
    public void IPv4_routes_that_went_silently_with_their_link_are_found_soon()
    {
        Start();
        Kernel.SetLink(NewLink(1));
        Kernel.AddRoute(NewRoute(1));
        harness.Quiesce();
        Kernel.SetLink(NewLink(1) with { Flags = LinkFlags.None });
        TimeSpan took = harness.Quiesce();
        Assert.InRange(took, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(50));
        harness.AssertInStep();
        Assert.Empty(harness.Routes);
    }

    [Fact]
    public void A_replaced_route_is_gone_without_a_dump()
    {
        Start();
        Kernel.AddRoute(NewRoute(1));
        harness.Quiesce();
        int begun = Kernel.DumpsBegun;
        Kernel.ReplaceRoute(NewRoute(1) with { Gateway = IpAddress.Parse("192.0.2.99") });
        harness.Quiesce();
        harness.AssertInStep();
        Assert.Equal(begun, Kernel.DumpsBegun);
    }

    [Fact]
    public void Nexthops_of_IPv6_come_and_go_as_routes()
    {
        Start();
        harness.Step(RtnetlinkInput.NotificationReceived(Captured.Message(Captured.Octets(Captured.MultipathV6))));
        Assert.Equal(2, harness.Routes.Count);
        byte[] removal = Captured.Octets(Captured.MultipathV6);
        removal[4] = (byte)NetlinkMessageType.DeleteRoute;
        harness.Step(RtnetlinkInput.NotificationReceived(Captured.Message(removal)));
        Assert.Empty(harness.Routes);
        Assert.Equal(0, harness.Conversation.Mirror.RouteCount);
    }

    [Fact]
    public void What_a_bridge_says_of_a_port_removes_no_link()
    {
        Start();
        Kernel.SetLink(NewLink(2));
        harness.Quiesce();
        byte[] removal = Captured.Octets(Captured.BridgePort);
        removal[4] = (byte)NetlinkMessageType.DeleteLink;
        harness.Step(RtnetlinkInput.NotificationReceived(Captured.Message(removal)));
        harness.AssertInStep();
    }

    [Fact]
    public void Requests_are_answered_in_the_order_of_their_answers_with_text()
    {
        Start();
        harness.Step(RtnetlinkInput.RequestMade(NetlinkRequest.SetLinkUp(1, true), "first"));
        harness.ReadReply();
        Assert.Equal(("first", NetlinkError.None), harness.Done.Single());
    }

    [Fact]
    public void A_refusal_comes_back_with_the_kernels_text()
    {
        RtnetlinkConversation conversation = new();
        conversation.Step(RtnetlinkInput.RequestMade(NetlinkRequest.SetLinkUp(1, true), "it"), harness.Now);
        Assert.True(conversation.TryTake(out RtnetlinkOutput sent));
        byte[] refusal = Captured.Octets(Captured.Refused);
        BitConverter.TryWriteBytes(refusal.AsSpan(8), sent.Sequence);
        conversation.Step(RtnetlinkInput.ReplyReceived(Captured.Message(refusal)), harness.Now);
        Assert.True(conversation.TryTake(out RtnetlinkOutput output));
        Assert.Equal("it", output.Completion);
        Assert.Equal("error 101: Nexthop has invalid gateway", output.Error.ToString());
    }

    [Fact]
    public void An_unanswered_request_is_given_up_and_a_late_answer_is_dropped()
    {
        RtnetlinkConversation conversation = new();
        conversation.Step(RtnetlinkInput.RequestMade(NetlinkRequest.SetLinkUp(1, true), "it"), harness.Now);
        Assert.True(conversation.TryTake(out RtnetlinkOutput sent));
        Assert.Equal(harness.Now + RtnetlinkConversation.RequestTimeout, conversation.Deadline);
        conversation.Step(RtnetlinkInput.TimePassed, conversation.Deadline);
        Assert.True(conversation.TryTake(out RtnetlinkOutput output));
        Assert.Equal(NetlinkError.TimedOut, output.Error.Number);
        Assert.True(conversation.Deadline.IsNever);
        byte[] late = Captured.Octets(Captured.Acknowledged);
        BitConverter.TryWriteBytes(late.AsSpan(8), sent.Sequence);
        conversation.Step(RtnetlinkInput.ReplyReceived(Captured.Message(late)), harness.Now);
        Assert.False(conversation.TryTake(out _));
        Assert.Equal(1ul, conversation.Counters.Dropped);
    }

    [Fact]
    public void More_requests_than_may_be_in_flight_wait_their_turn()
    {
        Start();
        for (int i = 0; i < 200; i++)
        {
            harness.Step(RtnetlinkInput.RequestMade(NetlinkRequest.SetLinkUp(i + 1, true), i));
        }

        Assert.Equal(64, harness.Told.Count(kind => kind == RtnetlinkOutputKind.Send));
        harness.Quiesce();
        Assert.Equal(Enumerable.Range(0, 200), harness.Done.Select(done => (int)done.Completion!));
    }

    [Fact]
    public void A_request_that_cannot_be_sent_is_answered_with_the_reason()
    {
        RtnetlinkConversation conversation = new();
        conversation.Step(RtnetlinkInput.RequestMade(NetlinkRequest.SetLinkUp(1, true), "it"), harness.Now);
        Assert.True(conversation.TryTake(out RtnetlinkOutput sent));
        conversation.Step(RtnetlinkInput.SendFailed(sent.Sequence, 1), harness.Now);
        Assert.True(conversation.TryTake(out RtnetlinkOutput output));
        Assert.Equal(1, output.Error.Number);
    }

    [Fact]
    public void Messages_that_cannot_be_read_are_counted_and_change_nothing()
    {
        Start();
        byte[] octets = Captured.Octets(Captured.RouteV4);
        octets[NetlinkHeader.Size + 12] = 2;
        harness.Step(RtnetlinkInput.NotificationReceived(Captured.Message(octets)));
        Assert.Empty(harness.Told);
        Assert.Equal(1ul, harness.Conversation.Counters.Dropped);
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(1000, 300)]
    public void Whatever_the_order_the_mirror_ends_in_step(ulong firstSeed, int seeds)
    {
        for (ulong seed = firstSeed; seed < firstSeed + (ulong)seeds; seed++)
        {
            try
            {
                RandomWalk.Run(seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }

    internal static Link NewLink(int index) => new()
    {
        Index = index,
        Name = $"eth{index}",
        HardwareType = 1,
        Flags = LinkFlags.Up | LinkFlags.LowerUp,
        HasCarrier = true,
        Mtu = 1500,
    };

    internal static Address NewAddress(int index) => new()
    {
        InterfaceIndex = 1,
        Local = IpAddress.FromV4(192, 0, 2, (byte)index),
        PrefixLength = 24,
        Label = "eth1",
    };

    internal static Route NewRoute(int index) => new()
    {
        Destination = new(IpAddress.FromV4(10, (byte)index, 0, 0), 16),
        Gateway = IpAddress.Parse("192.0.2.1"),
        OutputInterface = 1,
        Protocol = 99,
    };

    private void Start()
    {
        harness.Step(RtnetlinkInput.Started);
        harness.Quiesce();
        harness.Told.Clear();
    }
}
