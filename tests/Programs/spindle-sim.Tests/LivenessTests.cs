using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Routing;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net.Tests;

/// <summary>What a calm world owes to a network that works, and when it owes nothing: somebody plants a route before the first check.</summary>
public sealed class LivenessTests
{
    private const string Promise = "a network that works is online";
    private static readonly IpPrefix PageV4 = new(NetworkFactory.StatusPageV4, 32);
    private static readonly IpPrefix PageV6 = new(NetworkFactory.StatusPageV6, 128);
    private static readonly IpPrefix NameServer = IpPrefix.Parse("2001:db8:1::1/128"); // of the first network
    private static readonly IpPrefix EveryNetwork = IpPrefix.Parse("2000::/5");

    [Fact]
    public void A_network_that_works_is_online() => Assert.Empty(Play(NetworkKind.Ipv6Only).Violations);

    [Fact]
    public void An_Ipv6_only_network_whose_attacker_has_announced_all_addresses_as_its_own_owes_nothing()
    {
        (IReadOnlyList<string> violations, bool wasOnline) = Play(NetworkKind.Ipv6Only, OnLink(EveryNetwork, isAdvertised: true));
        Assert.False(wasOnline);
        Assert.Empty(violations);
    }

    [Fact]
    public void Nor_does_one_whose_attacker_says_that_it_is_a_router_and_answers_who_asks_for_it()
    {
        (IReadOnlyList<string> violations, bool wasOnline) = Play(NetworkKind.Ipv6Only, Through("fe80::ac:3aff:fef1:6c04"));
        Assert.False(wasOnline);
        Assert.Empty(violations);
    }

    [Fact]
    public void A_router_that_does_not_answer_is_passed_over() =>
        Assert.Empty(Play(NetworkKind.Ipv6Only, Through("fe80::dead")).Violations);

    [Fact]
    public void The_same_network_on_the_link_is_held_against_whoever_set_it_if_no_router_did() =>
        AssertBroken(NetworkKind.Ipv6Only, OnLink(EveryNetwork, isAdvertised: false));

    [Fact]
    public void An_announced_network_excuses_nothing_that_it_has_no_part_in() =>
        AssertBroken(NetworkKind.Ipv6Only, OnLink(EveryNetwork, isAdvertised: true), Nowhere(PageV6));

    [Fact]
    public void An_announced_network_that_does_not_have_the_status_page_excuses_nothing() =>
        AssertBroken(NetworkKind.Ipv6Only, OnLink(IpPrefix.Parse("3fff::/20"), isAdvertised: true), Nowhere(NameServer));

    [Fact]
    public void An_announced_network_excuses_nothing_where_there_is_Ipv4() =>
        AssertBroken(NetworkKind.Home, OnLink(EveryNetwork, isAdvertised: true), Nowhere(PageV4));

    private static void AssertBroken(NetworkKind kind, params Func<SimulatedLink, Route>[] planted)
    {
        (IReadOnlyList<string> violations, _) = Play(kind, planted);
        Assert.Contains(violations, static text => text.Contains(Promise, StringComparison.Ordinal));
    }

    private static Func<SimulatedLink, Route> OnLink(IpPrefix network, bool isAdvertised) =>
        link => new Route(Route.MainTable, network) { Metric = Routes6.PrefixMetric, Link = link, IsAdvertised = isAdvertised };

    private static Func<SimulatedLink, Route> Through(string router) => link => new Route(Route.MainTable, new IpPrefix(IpAddress.AnyV6, 0))
    {
        Metric = 1, Link = link, Gateway = IpAddress.Parse(router), IsAdvertised = true,
    };

    private static Func<SimulatedLink, Route> Nowhere(IpPrefix network) => link => new Route(Route.MainTable, network)
    {
        Metric = Routes6.UserMetric,
        Type = RouteType.Unreachable,
        Link = network.Address.IsV6 ? link : null,
    };

    private static (IReadOnlyList<string> Violations, bool WasOnline) Play(NetworkKind kind, params Func<SimulatedLink, Route>[] planted)
    {
        bool wasOnline = false;
        NetResult result = NetRun.Run(OfKind(kind) with
        {
            Plant = life => Plant(life, planted),
            Trace = line => wasOnline |= line.Contains("-> Online", StringComparison.Ordinal),
        });
        return (result.Violations, wasOnline);
    }

    // Again and again: a link that goes down takes its routes along.
    private static void Plant(DaemonLife life, Func<SimulatedLink, Route>[] planted)
    {
        NetworkStack network = life.Kernel.Machine.Network;
        foreach (SimulatedLink link in network.Links)
        {
            foreach (Func<SimulatedLink, Route> make in planted)
            {
                if (link.Kind != LinkKind.Loopback && link.IsUp)
                {
                    Add(network, make(link));
                }
            }
        }
    }

    private static void Add(NetworkStack network, Route route)
    {
        if (route.Destination.Address.IsV6)
        {
            network.Routes6.Add(route, MessageFlags.Create | MessageFlags.Exclusive);
        }
        else
        {
            network.Routes4.Add(route, MessageFlags.Create | MessageFlags.Exclusive);
        }
    }

    // One link, in the first world whose network is of the kind.
    private static NetOptions OfKind(NetworkKind kind)
    {
        NetOptions options = new() { Seed = 1, Span = TimeSpan.FromMinutes(10), Links = 1, Faults = 0 };
        while (SiteOf(options).Kind != kind)
        {
            options = options with { Seed = options.Seed + 1 };
        }

        return options;
    }

    private static NetworkSite SiteOf(NetOptions options)
    {
        NetWorld world = new(options);
        return world.SiteOf(world.Ports[0]);
    }
}
