using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Network;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Daemons;

/// <summary>The daemon on a link with two default routers.</summary>
public sealed class RouterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(42)]
    public void A_default_router_that_dies_is_passed_over_and_not_returned_to_while_the_other_works(ulong seed)
    {
        TwoRouters two = new(seed);
        ActorHost first = two.InUse;
        ActorHost second = two.OtherThan(first);
        first.IsOff = true;
        two.Life.Run(Minute); // 45 s are the most that it counts as reachable, then 5 s and three questions
        Assert.Same(second, two.InUse);
        two.Life.AssertSaid($"router {first.LinkLocal} does not answer: the default router is {second.LinkLocal}");

        first.IsOff = false;
        two.Life.Run(Minute * 20);
        Assert.Same(second, two.InUse);
        Assert.Single(two.Moves);

        second.IsOff = true;
        two.Life.Run(Minute);
        Assert.Same(first, two.InUse);
        Assert.Equal(2, two.Moves.Count);
    }

    [Fact]
    public void When_both_are_dead_the_one_that_comes_back_without_a_word_is_found()
    {
        TwoRouters two = new(43);
        ActorHost first = two.InUse;
        ActorHost second = two.OtherThan(first);
        first.IsOff = true;
        second.IsOff = true;
        two.Life.Run(Minute * 10);
        Assert.InRange(two.Moves.Count, 1, 60);

        two.Silence();
        second.IsOff = false;
        two.Life.Run(Minute * 2); // the kernel asks those that have failed once a minute
        Assert.Same(second, two.InUse);
        int moves = two.Moves.Count;
        two.Life.Run(Minute * 20);
        Assert.Same(second, two.InUse);
        Assert.Equal(moves, two.Moves.Count);
    }

    [Theory]
    [InlineData(44, 0)]
    [InlineData(45, 1)]
    public void A_flood_of_false_routers_does_not_cost_the_ones_that_work(ulong seed, byte preference)
    {
        TwoRouters two = new(seed, liars: 30);
        ActorHost first = two.InUse;
        two.Flood(preference);
        two.Life.Run(TimeSpan.FromSeconds(1));
        if (preference == 0)
        {
            Assert.Same(first, two.InUse);
        }

        two.Silence(); // the true ones are not heard again
        two.Life.Run(Minute * 5); // who claims a higher preference is used until it does not answer
        Assert.Same(first, two.InUse);
    }

    /// <summary>A link with two routers, both heard, a second link, lest the kernel's own routes be enough, and something that is sent to elsewhere every half a second.</summary>
    private sealed class TwoRouters
    {
        private static readonly IpAddress Elsewhere = IpAddress.Parse("2001:db8:ffff::80");
        private readonly List<ActorHost> hosts = []; // of the first link
        private readonly List<RouterAdvertiser> advertisers = [];
        private readonly List<ActorHost> liars = [];

        public TwoRouters(ulong seed, int liars = 0)
        {
            Life = new DaemonLife(seed);
            Life.Plug("eth0", NetworkKind.Ipv6Only, site =>
            {
                AddRouter(site);
                for (int i = 0; i < liars; i++)
                {
                    this.liars.Add(site.AddHost($"liar {i}"));
                }
            });
            Life.Plug("eth1", NetworkKind.Ipv6Only, static site => site.Cloud!.IsUp = false); // ready, so it comes second
            Life.Start();
            Life.Run(Minute * 2);
            SimulatedKernel talker = Life.Machine.StartProcess();
            Talk(talker, talker.Socket(AddressFamily.Inet6, SocketType.Datagram, 0).Int);
            Life.Run(Minute);
            Assert.Empty(Moves);
        }

        public DaemonLife Life { get; }

        public List<string> Moves =>
            Life.Lines.FindAll(static line => line.Contains("the default router is", StringComparison.Ordinal));

        /// <summary>Where our own default route leads.</summary>
        public ActorHost InUse
        {
            get
            {
                List<ActorHost?> found = [];
                foreach (Route route in Life.Machine.Network.Routes6.Tables.All())
                {
                    if (route is { Protocol: 158, Destination.Length: 0 })
                    {
                        found.Add(hosts.Find(host => host.LinkLocal == route.Gateway));
                    }
                }

                Assert.True(found.Count == 1 && found[0] is not null, $"{found.Count} default routes\n{string.Join('\n', Life.Lines)}");
                return found[0]!;
            }
        }

        public ActorHost OtherThan(ActorHost one) => hosts.Find(host => host != one)!;

        /// <summary>Somebody says to be as many routers as there are liars, and answers for none of them.</summary>
        public void Flood(byte preference)
        {
            foreach (ActorHost liar in liars)
            {
                new RouterAdvertiser(liar, advertisers[0].Settings with { Preference = preference, Prefixes = [], DnsServers = [] }).AdvertiseNow();
                liar.IsOff = true;
            }
        }

        public void Silence()
        {
            foreach (RouterAdvertiser advertiser in advertisers)
            {
                advertiser.Settings = advertiser.Settings with { IsSilent = true };
            }
        }

        private void AddRouter(NetworkSite site)
        {
            RouterAdvertiser there = site.Routers[0];
            there.Settings = there.Settings with
            {
                IntervalMin = TimeSpan.FromSeconds(20),
                IntervalMax = Minute,
                LifetimeSeconds = 9000,
            };
            ActorHost second = site.AddHost("second router");
            second.Forward = site.Hosts[0].Forward;
            RouterAdvertiser other = new(second, there.Settings);
            site.Routers.Add(other);
            hosts.AddRange([site.Hosts[0], second]);
            advertisers.AddRange([there, other]);
        }

        private void Talk(SimulatedKernel talker, int fd)
        {
            talker.SendTo(fd, [1], 0, SocketAddress.Inet(Elsewhere, 9));
            Life.Machine.World.Set(Life.Machine.World.Now + TimeSpan.FromSeconds(0.5), () => Talk(talker, fd));
        }
    }
}
