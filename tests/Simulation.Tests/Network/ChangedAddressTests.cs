using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network;

/// <summary>What the running kernel was seen to do with addresses that are given another peer, and with requests that name what
/// is not there.</summary>
public sealed class ChangedAddressTests
{
    private const int Missing = 99;

    private readonly NetlinkBench bench = new();

    [Fact]
    public void A_changed_address_takes_another_peer_and_brings_that_peers_network()
    {
        bench.BothUp().AddAddress(3, "fd01::2/64");
        NetlinkOutcome outcome = Change("fd00::3");
        Assert.Contains("local fd01::2 address fd00::3", outcome.Notifications[0], StringComparison.Ordinal);
        Assert.Contains("new route nlm 600 type 1 /64", outcome.Notifications[1], StringComparison.Ordinal);
        Assert.Contains("to fd00::", outcome.Notifications[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_network_of_the_peer_before_is_left_before_anything_is_told()
    {
        bench.BothUp().AddAddress(3, "fd01::2/64");
        Change("fd00::3");
        string[] kinds = [.. Change("fd02::3").Notifications.Select(text => text[..text.IndexOf(" nlm", StringComparison.Ordinal)])];
        Assert.Equal(["del route", "new address", "new route"], kinds);
    }

    [Fact]
    public void Naming_itself_as_peer_leaves_the_peer_as_it_is()
    {
        bench.BothUp().AddAddress(3, "fd01::2/64");
        Change("fd00::3");
        Assert.Contains("local fd01::2 address fd00::3", Assert.Single(Change("fd01::2").Notifications), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_metric_moves_both_networks_routes()
    {
        bench.BothUp().AddAddress(3, "fd01::2/64");
        Change("fd00::3");
        NetlinkOutcome outcome = Change("fd00::3", metric: 77);
        Assert.Equal(5, outcome.Notifications.Count);
        Assert.Equal(2, outcome.Notifications.Count(text => text.Contains("metric 77", StringComparison.Ordinal) && text.StartsWith("new route", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_route_to_the_peer_goes_before_the_one_to_the_address()
    {
        bench.BothUp();
        bench.Ask(bench.Requests.AddAddress(Request("fd00::2") with { Flags = NetlinkRequests.New }));
        NetlinkOutcome outcome = bench.DeleteAddress(3, "fd01::2/64");
        Assert.Contains("to fd00::2 ", outcome.Notifications[1], StringComparison.Ordinal);
        Assert.Contains("to fd01::2 ", outcome.Notifications[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_that_rejects_is_told_to_be_onlink_if_it_was_asked_to()
    {
        bench.BothUp();
        NetlinkOutcome outcome = bench.Ask(bench.Requests.AddRoute(new RouteRequest(IpPrefix.Parse("2001::/16"))
        {
            Flags = NetlinkRequests.New, Table = 254, Type = (byte)RouteType.Throw, Output = 2, IsOnLink = true,
        }));
        Assert.Contains("flags 4", Assert.Single(outcome.Notifications), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_by_a_link_that_is_not_there_is_looked_for_among_routes_that_reject()
    {
        Assert.Equal((int)Errno.ENETUNREACH, ByMissingLink().Error);
        bench.Ask(bench.Requests.AddRoute(new RouteRequest(IpPrefix.Parse("0.0.0.0/0"))
        {
            Flags = NetlinkRequests.New, Table = 254, Type = (byte)RouteType.Blackhole, Scope = RouteScope.Nowhere,
        }));
        Assert.Equal((int)Errno.EINVAL, ByMissingLink().Error);
    }

    [Fact]
    public void Address_0_is_added_to_any_link_with_no_effect()
    {
        Assert.Equal(0, bench.AddAddress(Missing, "0.0.0.0/24").Error);
        Assert.Equal((int)Errno.ENODEV, bench.AddAddress(Missing, "10.0.0.1/24").Error);
    }

    private NetlinkOutcome ByMissingLink() => bench.Ask(bench.Requests.AddRoute(new RouteRequest(IpPrefix.Parse("172.16.0.0/16"))
    {
        Flags = NetlinkRequests.New, Table = 77, Type = (byte)RouteType.Unicast, Scope = RouteScope.Link, Output = Missing,
        Gateway = IpAddress.Parse("10.0.2.1"),
    }));

    private static AddressRequest Request(string peer) => new(3, IpAddress.Parse("fd01::2"), 64) { Peer = IpAddress.Parse(peer) };

    private NetlinkOutcome Change(string peer, uint metric = 0) =>
        bench.Ask(bench.Requests.AddAddress(Request(peer) with { Flags = NetlinkRequests.Either, Metric = metric }));
}
