using System;
using System.Collections.Generic;
using System.Linq;
using Simulation.Tests.Actors;
using Spindle.Basics;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Simulation.Tests.World;

public sealed class WorldTests
{
    [Fact]
    public void In_every_kind_of_network_a_client_comes_as_far_as_promised()
    {
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            for (ulong seed = 0; seed < 8; seed++)
            {
                TestSegment segment = new(seed);
                NetworkSite site = NetworkFactory.Build(segment.Context, "net", kind, 7);
                site.PlugInto(segment.PlugIn);
                ProductClient client = new(segment, "client", 9, detectsConflicts: true, seed);
                client.Start();
                segment.Run(120);
                string at = $"{kind}, seed {seed}";
                Assert.True(client.Lease is not null == site.Promise.SubnetV4 is not null, at);
                if (client.Lease is { } lease)
                {
                    Assert.True(site.Promise.SubnetV4!.Value.Contains(lease.Address.Address), at);
                    Assert.True(site.Promise.GatewayV4 == lease.Gateway, at);
                    TalkApplication page = new("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\nConnection: close\r\n\r\n");
                    client.Host.Ip.Tcp.Connect(lease.Address.Address, NetworkFactory.StatusPageV4, 80, page);
                    segment.Run(30);
                    bool isOnline = page.Heard.ToString().Contains("X-ConnMan-Status", StringComparison.Ordinal);
                    Assert.True(isOnline == (site.Promise.Reach == NetworkReach.Online), at + page.Heard);
                    Assert.True(page.Heard.Length > 0 == site.Promise.Reach is NetworkReach.Online or NetworkReach.Portal, at);
                }

                segment.AssertRight(at);
            }
        }
    }

    [Fact]
    public void A_day_of_faults_ends_with_what_is_promised_and_breaks_no_rule()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            RunDay(seed);
        }
    }

    [Fact]
    public void Two_runs_of_one_seed_have_one_hash_and_another_seed_has_another()
    {
        HashSet<ulong> hashes = [];
        for (ulong seed = 0; seed < 5; seed++)
        {
            ulong first = new Day(seed, null).Segment.Context.Choices.Trace.Value;
            Assert.Equal(first, new Day(seed, null).Segment.Context.Choices.Trace.Value);
            hashes.Add(first);
        }

        Assert.Equal(5, hashes.Count);
    }

    [Fact]
    public void A_fault_that_is_left_out_does_not_happen_and_the_others_stay_the_same()
    {
        Day whole = new(4, null);
        PlannedFault leftOut = whole.Faults.Planned[3];
        Day shortened = new(4, new HashSet<ulong> { leftOut.Id });
        Assert.Equal(
            whole.Faults.Planned.Where(fault => fault.Id != leftOut.Id).Select(static fault => fault.ToString()),
            shortened.Faults.Planned.Select(static fault => fault.ToString()));
    }

    [Fact]
    public void The_shortener_finds_the_two_events_that_it_takes()
    {
        List<ulong> happened = [.. Enumerable.Range(0, 300).Select(static number => (ulong)number * 7)];
        int runs = 0;
        IReadOnlyList<ulong> cause = Shortener.Shorten(happened, leftOut =>
        {
            runs++;
            return !leftOut.Contains(21) && !leftOut.Contains(1400);
        });
        Assert.Equal([21UL, 1400UL], cause);
        Assert.InRange(runs, 1, 120);
    }

    [Fact]
    public void The_trace_is_silent_by_default_and_says_a_line_an_event_if_asked()
    {
        VirtualClock clock = new(Instant.FromSeconds(5));
        ActorContext context = ActorContext.Create(clock, new Choices(1));
        ulong before = context.Choices.Trace.Value;
        context.Trace.Note("router", "is off");
        Assert.NotEqual(before, context.Choices.Trace.Value);
        List<string> lines = [];
        context.Trace.Writer = lines.Add;
        context.Trace.Note("router", "is on", 7);
        Assert.Equal(["5.000000000 router: is on 7"], lines);
    }

    internal static void RunDay(ulong seed)
    {
        Day day = new(seed, null);
        string at = $"seed {seed}, {day.Site.Kind}";
        day.Segment.AssertRight(at);
        Assert.Equal(0, day.Faults.Active);
        Assert.True(day.Client.Lease is not null == day.Site.Promise.SubnetV4 is not null,
            $"{at}: {day.Client.State}, {string.Join(' ', day.Client.Story.TakeLast(20))}\n{string.Join('\n', day.Faults.Planned)}");
    }

    /// <summary>A client in a network drawn from the seed, a day with twenty faults, then time to come to rest.</summary>
    private sealed class Day
    {
        public Day(ulong seed, IReadOnlySet<ulong>? leftOut)
        {
            Segment = new TestSegment(seed, leftOut);
            Site = NetworkFactory.Draw(Segment.Context, "net", 7);
            Site.PlugInto(Segment.PlugIn);
            FaultMenu menu = new();
            SiteFaults.AddTo(menu, Site);
            Faults = new FaultSchedule(Segment.Context, menu);
            Instant start = Segment.Clock.Now;
            Client = new ProductClient(Segment, "client", 9, detectsConflicts: true, seed);
            menu.Add("the client's line flaps", _ => Client.ReturnCarrier(), 30);
            Faults.Plan(20, start, start + TimeSpan.FromDays(1));
            Client.Start();
            Segment.KeepsFrames = false;
            Segment.Clock.AdvanceTo(start + TimeSpan.FromDays(1));
            Faults.EndAll();
            Client.ReturnCarrier();
            Segment.Run(300);
        }

        public TestSegment Segment { get; }

        public NetworkSite Site { get; }

        public FaultSchedule Faults { get; }

        public ProductClient Client { get; }
    }
}
