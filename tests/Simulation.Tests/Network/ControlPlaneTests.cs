using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network;

/// <summary>What the running kernel was seen to do with links, addresses and routes, rule by rule.</summary>
public sealed class ControlPlaneTests
{
    private readonly NetlinkBench bench = new();

    [Fact]
    public void The_peer_of_a_pair_is_there_first()
    {
        Assert.Equal(2, bench.Vb.Index);
        Assert.Equal(3, bench.Va.Index);
    }

    [Fact]
    public void A_link_that_forwards_has_the_routers_address_of_each_network_once()
    {
        bench.BothUp().AddAddress(3, "fd01::1/64");
        bench.AddAddress(3, "fd01::2/64");
        bench.AddAddress(3, "fd02::1/127");
        bench.Advance(TimeSpan.FromMilliseconds(1));
        bench.Network.Set(bench.Va, LinkSetting.Forwarding, 1);
        List<string> anycast = bench.Routes().FindAll(route => route.Contains(" type 4 /128", StringComparison.Ordinal));
        Assert.Single(anycast, route => route.Contains("to fd01:: ", StringComparison.Ordinal));
        Assert.DoesNotContain(anycast, route => route.Contains("to fd02:: ", StringComparison.Ordinal));
        bench.DeleteAddress(3, "fd01::1/64");
        Assert.True(bench.Network.IsLocal(IpAddress.Parse("fd01::")));
        bench.DeleteAddress(3, "fd01::2/64");
        Assert.False(bench.Network.IsLocal(IpAddress.Parse("fd01::")));
    }

    [Fact]
    public void The_loopbacks_own_address_stands_before_link_local_ones_that_are_older()
    {
        bench.AddAddress(1, "fe80::5/64");
        bench.Ask(bench.Requests.SetUp(1, isUp: true));
        bench.AddAddress(1, "fe80::6/64");
        Assert.Equal(["fe80::6", "::1", "fe80::5"], bench.Network.Addresses(bench.Network.Loopback, IpFamily.V6).Select(address => address.Local.ToString()));
    }

    [Fact]
    public void The_route_to_a_network_goes_with_its_last_address_of_the_same_length()
    {
        bench.BothUp().AddAddress(3, "fd01::1/127");
        bench.AddAddress(3, "fd01::2/64");
        bench.Advance(TimeSpan.FromMilliseconds(1));
        NetlinkOutcome outcome = bench.DeleteAddress(3, "fd01::2/64");
        Assert.Contains(outcome.Notifications, text => text.StartsWith("del route nlm 0 type 1 /64", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pair_has_a_carrier_once_both_ends_are_up()
    {
        bench.Ask(bench.Requests.SetUp(2, isUp: true));
        Assert.False(bench.Vb.IsRunning);
        bench.Ask(bench.Requests.SetUp(3, isUp: true));
        Assert.True(bench.Va.IsRunning && bench.Vb.IsRunning);
    }

    [Fact]
    public void A_link_that_works_has_a_link_local_address_of_its_hardware_address_and_its_two_routes()
    {
        bench.BothUp();
        Assert.Contains(bench.Network.Addresses(bench.Va), address => address.Local == IpAddress.Parse("fe80::ff:fe00:3") && address.IsUsable);
        Assert.Contains(bench.Routes(), route => route.Contains("ff00::", StringComparison.Ordinal));
        Assert.Contains(bench.Routes(), route => route.Contains("to fe80:: ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_on_a_link_that_is_down_brings_the_route_to_itself_alone()
    {
        Assert.Equal(2, bench.AddAddress(3, "10.0.0.1/24").Notifications.Count);
    }

    [Fact]
    public void An_address_on_a_link_that_is_up_is_told_before_its_routes()
    {
        NetlinkOutcome outcome = bench.BothUp().AddAddress(3, "10.0.0.1/24");
        Assert.Equal(["new address", "new route", "new route", "new route"], outcome.Notifications.Select(text => string.Join(' ', text.Split(' ').Take(2))));
    }

    [Fact]
    public void The_second_address_of_a_network_is_secondary_and_goes_with_the_first()
    {
        bench.BothUp().AddAddress(3, "10.0.0.1/24");
        bench.AddAddress(3, "10.0.0.2/24");
        Assert.True(bench.Network.Addresses(bench.Va, IpFamily.V4).Last().IsSecondary);
        bench.DeleteAddress(3, "10.0.0.1/24");
        Assert.Empty(bench.Network.Addresses(bench.Va, IpFamily.V4));
    }

    [Fact]
    public void An_address_of_a_network_must_have_the_scope_of_the_others()
    {
        bench.AddAddress(3, "10.0.0.1/24");
        AddressRequest other = new(3, IpAddress.Parse("10.0.0.2"), 24) { Scope = RouteScope.Link, Flags = NetlinkRequests.New };
        Assert.Equal((int)Errno.EINVAL, bench.Ask(bench.Requests.AddAddress(other)).Error);
    }

    [Fact]
    public void An_address_that_is_there_is_refused_or_replaced()
    {
        bench.AddAddress(3, "10.0.0.1/24");
        Assert.Equal((int)Errno.EEXIST, bench.AddAddress(3, "10.0.0.1/24").Error);
        Assert.Equal(0, bench.AddAddress(3, "10.0.0.1/24", NetlinkRequests.Either).Error);
        Assert.Single(bench.Network.Addresses(bench.Va, IpFamily.V4));
    }

    [Fact]
    public void Lifetimes_end_first_the_preferred_one_then_the_valid_one()
    {
        AddressRequest request = new(3, IpAddress.Parse("10.0.0.1"), 24) { Lifetimes = (10, 20), Flags = NetlinkRequests.New };
        bench.Ask(bench.Requests.AddAddress(request));
        bench.Advance(TimeSpan.FromSeconds(11));
        Assert.True(bench.Network.Addresses(bench.Va, IpFamily.V4).Single().IsDeprecated);
        bench.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(bench.Network.Addresses(bench.Va, IpFamily.V4));
    }

    [Fact]
    public void Addresses_of_IPv6_go_when_the_link_is_switched_off_and_those_of_IPv4_stay()
    {
        bench.BothUp().AddAddress(3, "10.0.0.1/24");
        bench.AddAddress(3, "fd00::1/64");
        bench.Ask(bench.Requests.SetUp(3, isUp: false));
        Assert.Equal([IpAddress.Parse("10.0.0.1")], bench.Network.Addresses(bench.Va).Select(address => address.Local));
    }

    [Fact]
    public void Routes_of_IPv4_vanish_without_a_word_when_the_link_is_switched_off()
    {
        bench.BothUp().AddAddress(3, "10.0.0.1/24");
        bench.AddRoute("0.0.0.0/0", gateway: "10.0.0.9");
        NetlinkOutcome outcome = bench.Ask(bench.Requests.SetUp(3, isUp: false));
        Assert.DoesNotContain(outcome.Notifications, text => text.Contains("10.0.0.9", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Routes(), text => text.Contains("10.0.0.9", StringComparison.Ordinal));
    }

    [Fact]
    public void Routes_by_a_link_without_carrier_are_marked_and_stay()
    {
        bench.BothUp().AddAddress(3, "10.0.0.1/24");
        bench.Ask(bench.Requests.SetUp(2, isUp: false));
        Assert.Contains(bench.Routes(), text => text.Contains("flags 10 to 10.0.0.0 ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gateway_must_be_on_a_network_of_a_link()
    {
        bench.BothUp();
        Assert.Equal((int)Errno.ENETUNREACH, bench.AddRoute("0.0.0.0/0", gateway: "10.0.0.9").Error);
        Assert.Equal((int)Errno.EHOSTUNREACH, bench.AddRoute("::/0", gateway: "fd00::9").Error);
    }

    [Fact]
    public void A_route_to_a_link_that_is_down_is_refused()
    {
        Assert.Equal((int)Errno.ENETDOWN, bench.AddRoute("172.16.0.0/16", link: 3).Error);
        Assert.Equal((int)Errno.ENETDOWN, bench.AddRoute("2001::/16", link: 3).Error);
    }

    [Fact]
    public void A_prefix_with_host_bits_is_wrong_in_IPv4_and_cut_in_IPv6()
    {
        bench.BothUp();
        Assert.Equal((int)Errno.EINVAL, bench.AddRoute("172.16.0.1/16", link: 3).Error);
        Assert.Contains("to 2001:: ", bench.AddRoute("2001::1/16", link: 3).Notifications[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_router_that_does_not_answer_is_left_for_another_one()
    {
        bench.BothUp().AddAddress(3, "fd00::1/64");
        bench.Advance(TimeSpan.FromSeconds(3));
        bench.AddRoute("::/0", gateway: "fd00::8");
        bench.AddRoute("::/0", gateway: "fd00::9", flags: 0x400);
        Assert.Equal("fd00::8", RouterOf());
        LoseNeighbour("fd00::8");
        Assert.Equal("fd00::9", RouterOf());
        LoseNeighbour("fd00::9");
        Assert.Equal("fd00::8", RouterOf());
    }

    private string RouterOf()
    {
        Assert.True(bench.Network.FindRoute(new RouteQuery(IpAddress.Parse("2001:db8::1")), out RouteChoice choice, out _));
        return choice.Gateway.ToString()!;
    }

    // Three questions, a second apart, and nobody answers.
    private void LoseNeighbour(string address)
    {
        bench.Network.Machine.Internet.Neighbors(bench.Va, IpFamily.V6).Send(IpAddress.Parse(address), new byte[54], IpAddress.Parse("fd00::1"));
        bench.Advance(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void Next_hops_with_gateways_of_one_destination_and_metric_are_one_route_in_IPv6()
    {
        bench.BothUp().AddAddress(3, "fd00::1/64");
        bench.AddRoute("::/0", gateway: "fd00::8");
        Assert.Contains("hops", bench.AddRoute("::/0", gateway: "fd00::9", flags: 0x400).Notifications[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_route_that_is_not_there_may_not_be_removed_in_IPv6()
    {
        Assert.Equal((int)Errno.ENOENT, bench.DeleteRoute("::/0").Error);
        Assert.Equal((int)Errno.ESRCH, bench.DeleteRoute("2001::/16").Error);
        Assert.Equal((int)Errno.ESRCH, bench.DeleteRoute("0.0.0.0/0").Error);
    }

    [Fact]
    public void A_link_with_less_than_1280_octets_does_not_speak_IPv6()
    {
        bench.BothUp();
        bench.Ask(bench.Requests.SetMtu(3, 1279));
        Assert.Empty(bench.Network.Addresses(bench.Va));
        bench.Ask(bench.Requests.SetMtu(3, 1280));
        Assert.Single(bench.Network.Addresses(bench.Va));
    }

    [Fact]
    public void With_one_end_of_a_pair_goes_the_other()
    {
        bench.Ask(bench.Requests.Delete(2));
        Assert.Equal(["lo"], bench.Network.Links.Select(link => link.Name));
    }

    [Fact]
    public void An_address_that_somebody_else_has_stays_tentative()
    {
        bench.Network.Detection.IsOn = true;
        bench.Network.DetectionProbe += bench.Network.FailDetection;
        bench.BothUp().AddAddress(3, "fd00::1/64");
        bench.Advance(TimeSpan.FromSeconds(3));
        Assert.All(bench.Network.Addresses(bench.Va), address => Assert.True(address is { IsTentative: true, IsDuplicate: true }));
        Assert.False(bench.Network.IsLocal(IpAddress.Parse("fd00::1")));
    }

    [Fact]
    public void An_address_that_nobody_has_is_ours_after_delay_and_a_second()
    {
        bench.Network.Detection.IsOn = true;
        bench.Network.Draw = bound => bound / 2;
        bench.BothUp().AddAddress(3, "fd00::1/64");
        bench.Advance(TimeSpan.FromMilliseconds(1400));
        Assert.False(bench.Network.IsLocal(IpAddress.Parse("fd00::1")));
        bench.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(bench.Network.IsLocal(IpAddress.Parse("fd00::1")));
    }

    [Fact]
    public void A_packet_goes_by_the_longest_prefix_with_the_least_metric_and_from_an_address_of_that_network()
    {
        bench.BothUp().AddAddress(3, "10.0.0.1/24");
        bench.AddAddress(2, "10.1.0.1/24");
        bench.AddRoute("0.0.0.0/0", gateway: "10.0.0.9", metric: 20);
        bench.AddRoute("0.0.0.0/0", gateway: "10.1.0.9", metric: 10);
        Assert.True(bench.Network.FindRoute(new RouteQuery(IpAddress.Parse("192.0.2.1")), out RouteChoice choice, out _));
        Assert.Equal((bench.Vb, IpAddress.Parse("10.1.0.9"), IpAddress.Parse("10.1.0.1")), (choice.Link, choice.Gateway!.Value, choice.PreferredSource));
        Assert.True(bench.Network.FindRoute(new RouteQuery(IpAddress.Parse("10.0.0.7")), out choice, out _));
        Assert.Equal((bench.Va, null, IpAddress.Parse("10.0.0.1")), (choice.Link, choice.Gateway, choice.PreferredSource));
    }

    [Fact]
    public void A_rule_leads_marked_packets_to_another_table()
    {
        bench.BothUp().AddAddress(3, "10.0.0.1/24");
        RouteRequest route = new(IpPrefix.Parse("0.0.0.0/0")) { Table = 77, Type = 1, Gateway = IpAddress.Parse("10.0.0.9"), Flags = NetlinkRequests.New };
        bench.Ask(bench.Requests.AddRoute(route));
        bench.Ask(bench.Requests.AddRule(new RuleRequest(IsV6: false) { Table = 77, Action = 1, Mark = 5, Priority = 100, Flags = NetlinkRequests.New }));
        Assert.False(bench.Network.FindRoute(new RouteQuery(IpAddress.Parse("192.0.2.1")), out _, out Errno error));
        Assert.Equal(Errno.ENETUNREACH, error);
        Assert.True(bench.Network.FindRoute(new RouteQuery(IpAddress.Parse("192.0.2.1")) { Mark = 5 }, out _, out _));
    }

    [Fact]
    public void A_gateway_that_is_an_address_of_our_own_is_none()
    {
        bench.BothUp().AddAddress(3, "10.0.0.1/24");
        RouteRequest route = new(IpPrefix.Parse("0.0.0.0/0")) { Type = 1, Gateway = IpAddress.Parse("10.0.0.1"), Output = 3, Flags = NetlinkRequests.New };
        bench.Ask(bench.Requests.AddRoute(route));
        Assert.True(bench.Network.FindRoute(new RouteQuery(IpAddress.Parse("192.0.2.1")), out RouteChoice choice, out _));
        Assert.Equal((bench.Va, null, IpAddress.Parse("10.0.0.1")), (choice.Link, choice.Gateway, choice.PreferredSource));
    }
}
