using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink.Tests;

public sealed class CapturedMessageTests
{
    [Fact]
    public void A_link_with_all_its_attributes_is_read()
    {
        Link link = ReadLink(Captured.LinkUp, new Link());
        Assert.Equal(3, link.Index);
        Assert.Equal("cap0", link.Name);
        Assert.Equal("veth", link.Kind);
        Assert.Equal(1, link.HardwareType);
        Assert.True(link.IsUp);
        Assert.True(link.HasCarrier);
        // The kernel tells carrier first and works the state of RFC 2863 out a little later.
        Assert.Equal(LinkOperationalState.LowerLayerDown, link.OperationalState);
        Assert.Equal("02:00:00:00:00:01", link.HardwareAddress.ToString());
        Assert.Equal(1500u, link.Mtu);
        Assert.Equal(2, link.ParentIndex);
        Assert.Equal(-1, link.ParentNamespaceId);
        Assert.Equal(0, link.MasterIndex);
        Assert.Equal(2u, link.CarrierChanges);
        Assert.Equal(AddressGenerationMode.Eui64, link.AddressGenerationMode);
    }

    [Fact]
    public void A_bridge_says_its_spanning_tree_and_its_delay()
    {
        Link link = ReadLink(Captured.Bridge, new Link());
        Assert.Equal("bridge", link.Kind);
        Assert.Equal(new BridgeDetails(true, 400), link.Details);
        Assert.Same(link.Details, ReadLink(Captured.Bridge, link).Details);
        Assert.Null(ReadLink(Captured.LinkUp, link).Details);
    }

    [Fact]
    public void A_removed_link_has_its_statistics()
    {
        Link link = ReadLink(Captured.LinkGone, new Link());
        Assert.Equal("cap0", link.Name);
        Assert.False(link.HasCarrier);
        Assert.Equal(8ul, link.Statistics.SentPackets);
        Assert.Equal(0x308ul, link.Statistics.SentOctets);
    }

    [Fact]
    public void What_a_bridge_says_of_a_port_is_of_another_family()
    {
        Assert.True(LinkMessage.TryParse(Captured.Message(Captured.Octets(Captured.BridgePort)), out LinkMessage message));
        Assert.Equal(7, message.Family);
    }

    [Fact]
    public void A_neighbour_is_read_with_and_without_its_hardware_address()
    {
        Assert.True(NeighborMessage.TryRead(Captured.Message(Captured.Octets(Captured.NeighborStale)), out Neighbor stale));
        MacAddress hardware = MacAddress.Read([2, 0, 0, 0, 0, 7]);
        Assert.Equal(new Neighbor(3, IpAddress.Parse("fe80::1"), NeighborState.Stale, hardware), stale);
        Assert.True(NeighborMessage.TryRead(Captured.Message(Captured.Octets(Captured.NeighborFailed)), out Neighbor failed));
        Assert.Equal(new Neighbor(3, IpAddress.Parse("fe80::1"), NeighborState.Failed), failed);
    }

    [Fact]
    public void Known_texts_are_used_again()
    {
        Link known = ReadLink(Captured.LinkUp, new Link());
        Link again = ReadLink(Captured.LinkUp, known);
        Assert.Same(known.Name, again.Name);
        Assert.Same(known.Kind, again.Kind);
        Assert.Equal(known, again);
    }

    [Fact]
    public void An_IPv4_address_has_broadcast_label_and_lifetimes()
    {
        Address address = ReadAddress(Captured.AddressV4);
        Assert.Equal("192.0.2.7/24", address.Prefix.ToString());
        Assert.Equal(IpAddress.Parse("192.0.2.255"), address.Broadcast);
        Assert.Equal("cap0", address.Label);
        Assert.Equal(600u, address.ValidSeconds);
        Assert.Equal(300u, address.PreferredSeconds);
        Assert.Equal(Scope.Universe, address.Scope);
        Assert.Equal(AddressFlags.None, address.Flags);
        Assert.Equal(address.Local, address.Peer);
    }

    [Fact]
    public void An_IPv6_address_has_its_protocol()
    {
        Address address = ReadAddress(Captured.AddressV6);
        Assert.Equal("2001:db8::7/64", address.Prefix.ToString());
        Assert.Equal(99, address.Protocol);
        Assert.Equal(Address.Forever, address.ValidSeconds);
        Assert.Equal(AddressFlags.Permanent | AddressFlags.NoDetection, address.Flags);
    }

    [Fact]
    public void A_peer_is_told_from_the_local_address()
    {
        Address address = ReadAddress(Captured.AddressPeer);
        Assert.Equal(IpAddress.Parse("198.51.100.1"), address.Local);
        Assert.Equal(IpAddress.Parse("198.51.100.2"), address.Peer);
        Assert.Equal(32, address.PrefixLength);
    }

    [Fact]
    public void An_IPv4_route_is_read()
    {
        Route route = ReadRoute(Captured.RouteV4, out int nexthops);
        Route expected = new()
        {
            Destination = IpPrefix.Parse("0.0.0.0/0"),
            Gateway = IpAddress.Parse("192.0.2.1"),
            PreferredSource = IpAddress.Parse("192.0.2.7"),
            OutputInterface = 3,
            Table = 1000,
            Metric = 77,
            Protocol = 99,
            Mtu = 1400,
        };
        Assert.Equal(expected, route);
        Assert.Equal(0, nexthops);
    }

    [Fact]
    public void An_IPv6_route_has_its_preference_and_lifetime()
    {
        Route route = ReadRoute(Captured.RouteV6, out _);
        Assert.True(route.IsDefault);
        Assert.Equal(IpAddress.Parse("fe80::1"), route.Gateway);
        Assert.Equal(1, route.Preference);
        Assert.Equal(1800u, route.ExpiresSeconds);
        Assert.Equal(Route.MetricDefaultV6, route.Metric);
    }

    [Fact]
    public void An_IPv4_route_with_two_nexthops_is_one_route()
    {
        Route route = ReadRoute(Captured.MultipathV4, out int nexthops);
        Assert.Equal(2, route.NexthopCount);
        Assert.Equal(IpAddress.Parse("192.0.2.1"), route.Gateway);
        Assert.NotEqual(0u, route.Fingerprint);
        Assert.Equal(0, nexthops);
    }

    [Fact]
    public void An_IPv6_route_with_two_nexthops_is_two_routes()
    {
        Route route = ReadRoute(Captured.MultipathV6, out int nexthops);
        Assert.Equal(2, nexthops);
        Assert.Equal(IpAddress.Parse("2001:db8::1"), route.Gateway);
        Assert.Equal(1, route.NexthopCount);
    }

    [Fact]
    public void An_IPv4_route_may_have_an_IPv6_gateway()
    {
        Route route = ReadRoute(Captured.RouteVia, out _);
        Assert.Equal(IpAddress.Parse("fe80::1"), route.Gateway);
        Assert.Equal(IpFamily.V4, route.Family);
    }

    [Fact]
    public void Local_routes_are_known_by_their_fixed_part()
    {
        Assert.True(RouteMessage.TryParse(Captured.Message(Captured.Octets(Captured.LocalRoute)), out RouteMessage route));
        Assert.True(route.IsInternal);
        Assert.True(RouteMessage.TryParse(Captured.Message(Captured.Octets(Captured.RouteV4)), out route));
        Assert.False(route.IsInternal);
    }

    [Fact]
    public void A_rule_is_read()
    {
        Assert.True(RuleMessage.TryRead(Captured.Message(Captured.Octets(Captured.RuleAdded)), out Rule rule));
        Rule expected = new()
        {
            Source = IpPrefix.Parse("192.0.2.0/24"),
            Priority = 500,
            Table = 1000,
            Mark = 5,
            MarkMask = 0xFF,
            SuppressPrefixLength = 0,
            InputInterface = "cap0",
        };
        Assert.Equal(expected, rule);
    }

    [Fact]
    public void A_refusal_has_the_kernels_text()
    {
        Assert.True(NetlinkError.TryRead(Captured.Message(Captured.Octets(Captured.Refused)), out NetlinkError error));
        Assert.Equal(101, error.Number);
        Assert.Equal("Nexthop has invalid gateway", error.Text);
    }

    [Fact]
    public void Acknowledgements_and_ends_are_no_errors()
    {
        Assert.True(NetlinkError.TryRead(Captured.Message(Captured.Octets(Captured.Acknowledged)), out NetlinkError error));
        Assert.True(error.IsOk);
        Assert.True(NetlinkError.TryRead(Captured.Message(Captured.Octets(Captured.Done)), out error));
        Assert.True(error.IsOk);
    }

    private static Link ReadLink(string hex, in Link known)
    {
        Assert.True(LinkMessage.TryParse(Captured.Message(Captured.Octets(hex)), out LinkMessage message));
        Assert.True(message.TryRead(known, out Link link));
        return link;
    }

    private static Address ReadAddress(string hex)
    {
        Assert.True(AddressMessage.TryRead(Captured.Message(Captured.Octets(hex)), "cap0", out Address address));
        return address;
    }

    private static Route ReadRoute(string hex, out int nexthopCount)
    {
        Assert.True(RouteMessage.TryParse(Captured.Message(Captured.Octets(hex)), out RouteMessage message));
        Assert.True(message.TryRead(out Route route, out RouteNexthops nexthops));
        nexthopCount = 0;
        while (nexthops.TryNext(out _))
        {
            nexthopCount++;
        }

        return route;
    }
}
