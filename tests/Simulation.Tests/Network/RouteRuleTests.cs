using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network;

/// <summary>Which routes the running kernel was seen to take, to replace and to drop, where it is not what one would think.</summary>
public sealed class RouteRuleTests
{
    private const int Loopback = 1;
    private const int OnVb = 2;
    private const int OnVa = 3;
    private readonly NetlinkBench bench = new();

    [Fact]
    public void With_the_last_IPv4_address_of_a_link_go_all_its_IPv4_routes_without_a_word()
    {
        bench.BothUp().AddAddress(OnVa, "10.0.0.1/24");
        Assert.Equal(0, bench.AddRoute("192.0.2.0/24", OnVa, gateway: "10.0.0.9").Error);
        Assert.Equal(0, bench.AddRoute("198.51.100.0/24", OnVb).Error);
        NetlinkOutcome outcome = bench.DeleteAddress(OnVa, "10.0.0.1/24");
        Assert.DoesNotContain(outcome.Notifications, text => text.Contains("192.0.2.0", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Routes(), text => text.Contains("192.0.2.0", StringComparison.Ordinal));
        Assert.Contains(bench.Routes(), text => text.Contains("198.51.100.0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_route_from_an_address_that_is_removed_goes_out_of_the_main_table_alone()
    {
        bench.BothUp().AddAddress(OnVb, "10.0.0.1/24");
        foreach ((string prefix, uint table) in new[] { ("192.0.2.0/24", 254u), ("198.51.100.0/24", 77u), ("203.0.113.0/24", 255u) })
        {
            Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(To(prefix) with { Table = table, Output = OnVa, Source = IpAddress.Parse("10.0.0.1") })).Error);
        }

        bench.DeleteAddress(OnVb, "10.0.0.1/24");
        Assert.DoesNotContain(bench.Routes(), text => text.Contains("192.0.2.0", StringComparison.Ordinal));
        Assert.Equal(2, bench.Routes().Count(text => text.Contains("source 10.0.0.1", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_route_of_IPv6_loses_its_source_with_an_address_that_is_removed_and_keeps_it_with_one_whose_link_is_switched_off()
    {
        bench.BothUp().AddAddress(OnVb, "fd00::1/64");
        bench.AddAddress(OnVb, "fd01::1/64");
        bench.Advance(TimeSpan.FromMilliseconds(1));
        Route("2001::/16", source: "fd00::1");
        Route("2002::/16", source: "fd01::1");
        bench.DeleteAddress(OnVb, "fd00::1/64");
        bench.Ask(bench.Requests.SetUp(OnVb, isUp: false));
        Assert.DoesNotContain("source", RouteTo("2001::"), StringComparison.Ordinal);
        Assert.Contains("source fd01::1", RouteTo("2002::"), StringComparison.Ordinal);

        void Route(string prefix, string source) => Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(To(prefix) with
        {
            Output = OnVa, Source = IpAddress.Parse(source),
        })).Error);
    }

    [Fact]
    public void A_gateway_that_is_said_to_be_on_a_link_is_no_address_of_the_machine_on_any_link()
    {
        bench.BothUp();
        Assert.Equal((int)Errno.EINVAL, OnLink("192.0.2.0/24", "10.0.0.9").Error); // no address yet: all are broadcast addresses
        bench.AddAddress(OnVb, "10.0.0.1/24");
        Assert.Equal((int)Errno.EINVAL, OnLink("192.0.2.0/24", "10.0.0.1").Error);
        Assert.Equal((int)Errno.EINVAL, OnLink("192.0.2.0/24", "10.0.0.255").Error);
        Assert.Equal(0, OnLink("192.0.2.0/24", "10.0.0.9").Error);
    }

    [Fact]
    public void A_rule_makes_its_table_in_IPv6_alone()
    {
        bench.BothUp();
        Assert.Equal(0, Rule(isV6: false).Error);
        Assert.Equal(0, Rule(isV6: true).Error);
        Assert.False(bench.Network.Routes4.Tables.HasTable(77));
        Assert.True(bench.Network.Routes6.Tables.HasTable(77));

        NetlinkOutcome Rule(bool isV6) =>
            bench.Ask(bench.Requests.AddRule(new RuleRequest(isV6) { Table = 77, Action = 1, Priority = 100, Flags = NetlinkRequests.New }));
    }

    [Fact]
    public void A_gateway_of_IPv6_that_is_said_to_be_on_a_link_is_behind_no_other_unless_by_a_default_route()
    {
        bench.BothUp().AddAddress(OnVb, "fd02::4/64");
        bench.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((int)Errno.EINVAL, OnLink("2002::/16", "fd02::1").Error);
        Assert.Equal(0, bench.AddRoute("::/0", OnVb).Error);
        Assert.Equal(0, OnLink("2002::/16", "fd03::1").Error);
        Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(To("fd04::/64") with { Type = (byte)RouteType.Local, Output = OnVa })).Error);
        Assert.Equal((int)Errno.EINVAL, OnLink("2003::/16", "fd04::1").Error);
    }

    [Fact]
    public void Who_asks_for_a_link_is_rejected_by_no_IPv6_route()
    {
        bench.BothUp();
        Assert.Equal(0, bench.AddRoute("2001::/16", OnVa).Error);
        Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(To("::/0") with { Type = (byte)RouteType.Blackhole, Table = 255 })).Error);
        RouteQuery query = new(IpAddress.Parse("2001::1"));
        Assert.False(bench.Network.FindRoute(query, out _, out Errno error));
        Assert.Equal(Errno.EINVAL, error);
        Assert.True(bench.Network.FindRoute(query with { OutputLink = bench.Va }, out _, out _));
    }

    [Fact]
    public void An_anycast_route_is_marked_with_its_link_unless_it_is_the_kernels_own()
    {
        bench.BothUp().AddAddress(OnVa, "fd01::1/64");
        bench.Advance(TimeSpan.FromMilliseconds(1));
        bench.Network.Set(bench.Va, LinkSetting.Forwarding, 1);
        Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(To("fd02::/64") with { Type = (byte)RouteType.Anycast, Output = OnVa })).Error);
        bench.Ask(bench.Requests.SetUp(OnVb, isUp: false));
        Assert.Contains("flags 10 ", RouteTo("fd02::"), StringComparison.Ordinal);
        Assert.Contains(bench.Routes(), text => text.Contains(" flags 0 to fd01:: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_gets_no_route_from_an_address_that_is_another_networks_broadcast_address()
    {
        bench.BothUp().AddAddress(OnVb, "10.0.1.2/30");
        NetlinkOutcome outcome = bench.AddAddress(OnVa, "10.0.1.3/24");
        Assert.Equal(0, outcome.Error);
        Assert.Equal(["new address", "new route"], outcome.Notifications.Select(text => string.Join(' ', text.Split(' ')[..2])));
        Assert.Contains(" type 2 /32 ", outcome.Notifications[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_of_IPv6_replaces_one_of_another_sort_if_there_is_none_of_its_own()
    {
        const int Change = 0x100;
        bench.BothUp();
        Assert.Equal(0, bench.AddRoute("2002::/16", OnVa, gateway: "fe80::77").Error);
        Assert.Equal(0, bench.AddRoute("2002::/16", OnVb, flags: Change).Error);
        Assert.DoesNotContain("gateway", RouteTo("2002::"), StringComparison.Ordinal);
        Assert.Equal((int)Errno.ENOENT, bench.AddRoute("2003::/16", OnVb, flags: Change).Error);
    }

    [Fact]
    public void A_gateway_of_ones_own_is_refused_before_its_link_is_looked_for_if_one_is_named_and_behind_that_if_not()
    {
        bench.AddAddress(OnVa, "fd00::4/64");
        Assert.Equal("EINVAL Gateway can not be a local address", Error(OnVb));
        Assert.Equal("EINVAL Gateway can not be a local address", Error(null));
        Assert.Equal(0, bench.Ask(bench.Requests.DeleteRule(new RuleRequest(IsV6: true) { Table = Network.Route.LocalTable })).Error);
        Assert.Equal("EINVAL Gateway can not be a local address", Error(null)); // rules do not count before one was added
        AddRule();
        Assert.Equal("EINVAL Gateway can not be a local address", Error(OnVb));
        Assert.Equal("EHOSTUNREACH ", Error(null)); // nothing leads to it any more

        void AddRule() => Assert.Equal(0, bench.Ask(bench.Requests.AddRule(new RuleRequest(IsV6: true)
        {
            Table = 77, Action = 1, Priority = 100, Flags = NetlinkRequests.New,
        })).Error);

        string Error(int? link)
        {
            NetlinkOutcome outcome = bench.AddRoute("2002::/16", link, gateway: "fd00::4");
            return $"{(Errno)outcome.Error} {outcome.Words}";
        }
    }

    [Fact]
    public void A_link_with_less_than_68_octets_takes_no_route_of_IPv4()
    {
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        bench.Ask(bench.Requests.SetMtu(Loopback, 50));
        Assert.Equal((int)Errno.ENODEV, bench.AddRoute("172.16.0.0/16", Loopback).Error);
    }

    [Fact]
    public void A_next_hop_that_joins_others_is_told_of_by_its_own_words()
    {
        bench.BothUp();
        Assert.Equal(0, Hop("fe80::77", 16).Error);
        Assert.Contains(" protocol 3 ", Assert.Single(Hop("fe80::78", 3).Notifications), StringComparison.Ordinal);
        Assert.Contains(" protocol 16 ", RouteTo("2001::"), StringComparison.Ordinal);

        NetlinkOutcome Hop(string gateway, byte protocol) => bench.Ask(bench.Requests.AddRoute(To("2001::/16") with
        {
            Flags = 0xC00, Protocol = protocol, Output = OnVa, Gateway = IpAddress.Parse(gateway),
        }));
    }

    [Fact]
    public void A_route_of_IPv6_keeps_an_MTU_above_its_links_when_the_link_is_switched_on()
    {
        bench.Ask(bench.Requests.SetMtu(Loopback, 1280));
        Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(To("2001::/16") with { Type = (byte)RouteType.Prohibit, Mtu = 1400 })).Error);
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        Assert.Equal(1400u, Assert.Single(bench.Network.Routes6.Tables.Of(Network.Route.MainTable)).Mtu);
    }

    [Fact]
    public void The_loopback_loses_its_IPv6_routes_with_each_MTU_below_1280()
    {
        RouteRequest blackhole = To("2001::/16") with { Type = (byte)RouteType.Blackhole };
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        bench.Ask(bench.Requests.SetMtu(Loopback, 1000));
        Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(blackhole)).Error);
        NetlinkOutcome outcome = bench.Ask(bench.Requests.SetMtu(Loopback, 1279));
        Assert.Contains(outcome.Notifications, text => text.StartsWith("del route", StringComparison.Ordinal));
    }

    [Fact]
    public void The_loopback_with_too_small_an_MTU_gets_its_address_and_loses_it_whenever_it_is_looked_at()
    {
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        bench.Ask(bench.Requests.SetMtu(Loopback, 1000));
        Assert.Equal(5, bench.Ask(bench.Requests.SetGenerationMode(Loopback, 1)).Notifications.Count);
        bench.Ask(bench.Requests.SetMtu(Loopback, 1500));
        Assert.Empty(bench.Network.Addresses(bench.Network.Loopback, IpFamily.V6));
        Assert.Equal(3, bench.Ask(bench.Requests.SetGenerationMode(Loopback, 0)).Notifications.Count);
        Assert.Single(bench.Ask(bench.Requests.SetGenerationMode(Loopback, 1)).Notifications);
    }

    [Theory]
    [InlineData(OnVa, "fd00::1", false, true)]
    [InlineData(OnVb, "fd00::1", false, true)]
    [InlineData(OnVa, "fe80::77", false, true)]
    [InlineData(OnVb, "fe80::77", false, false)]
    [InlineData(OnVa, "fe80::77", true, false)]
    [InlineData(OnVa, "::1", false, false)]
    [InlineData(Loopback, "::1", false, true)]
    [InlineData(OnVa, "::1", true, true)]
    [InlineData(OnVa, "fd00::", false, false)]
    public void A_route_has_a_source_of_any_link_but_those_that_mean_something_on_their_own_alone(
        int link, string source, bool isRejecting, bool isTaken)
    {
        bench.BothUp().AddAddress(OnVa, "fd00::1/64");
        bench.AddAddress(OnVa, "fe80::77/64");
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        bench.Network.Set(bench.Va, LinkSetting.Forwarding, 1); // fd00:: is one of its addresses then
        bench.Advance(TimeSpan.FromSeconds(3));
        NetlinkOutcome outcome = bench.Ask(bench.Requests.AddRoute(To("2001::/16") with
        {
            Output = link, Source = IpAddress.Parse(source), Type = (byte)(isRejecting ? RouteType.Unreachable : RouteType.Unicast),
        }));
        Assert.Equal(isTaken ? 0 : (int)Errno.EINVAL, outcome.Error);
    }

    [Theory]
    [InlineData("192.0.2.0/24", 1300, 1400, (int)Errno.ESRCH)]
    [InlineData("192.0.2.0/24", null, 1400, (int)Errno.ESRCH)]
    [InlineData("192.0.2.0/24", 1300, 1300, 0)]
    [InlineData("192.0.2.0/24", 1300, null, 0)]
    [InlineData("2001::/16", 1300, 1400, 0)]
    public void Who_deletes_an_IPv4_route_and_says_an_MTU_means_one_that_has_it(string prefix, int? mtu, int? wanted, int error)
    {
        bench.BothUp().AddAddress(OnVa, "10.0.0.1/24");
        RouteRequest route = To(prefix) with { Output = OnVa, Scope = prefix.Contains(':', StringComparison.Ordinal) ? RouteScope.Universe : RouteScope.Link };
        Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(route with { Mtu = (uint?)mtu })).Error);
        Assert.Equal(error, bench.Ask(bench.Requests.DeleteRoute(route with { Mtu = (uint?)wanted })).Error);
    }

    [Fact]
    public void What_somebody_calls_an_anycast_address_leads_nowhere_on_the_loopback()
    {
        bench.BothUp();
        bench.Ask(bench.Requests.SetUp(Loopback, isUp: true));
        Assert.Equal(0, bench.Ask(bench.Requests.AddRoute(To("::/0") with { Output = Loopback, Type = (byte)RouteType.Anycast })).Error);
        NetlinkOutcome outcome = bench.Ask(bench.Requests.AddRoute(To("fd01::/64") with { Output = Loopback, Gateway = IpAddress.Parse("fd00::5") }));
        Assert.Equal((int)Errno.EHOSTUNREACH, outcome.Error);
    }

    private static RouteRequest To(string prefix) => new(IpPrefix.Parse(prefix))
    {
        Type = (byte)RouteType.Unicast, Table = Network.Route.MainTable, Flags = NetlinkRequests.New,
    };

    private NetlinkOutcome OnLink(string prefix, string gateway) => bench.Ask(bench.Requests.AddRoute(To(prefix) with
    {
        Output = OnVa, Gateway = IpAddress.Parse(gateway), IsOnLink = true,
    }));

    private string RouteTo(string prefix) => Assert.Single(bench.Routes(), text => text.Contains($"to {prefix} ", StringComparison.Ordinal));
}
