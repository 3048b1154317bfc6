using System;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink.Tests;

public sealed class WireLawTests
{
    private readonly byte[] buffer = new byte[1024];

    public static TheoryData<string> Everything => [
        Captured.LinkUp, Captured.Bridge, Captured.BridgePort, Captured.AddressV4, Captured.LocalRoute, Captured.AddressV6,
        Captured.AddressPeer, Captured.RouteV4, Captured.MultipathV4, Captured.MultipathV6, Captured.RouteVia,
        Captured.RouteV6, Captured.RouteReplaced, Captured.RuleAdded, Captured.Refused, Captured.Acknowledged,
        Captured.Done, Captured.LinkGone,
        Captured.NeighborStale, Captured.NeighborFailed];

    [Fact]
    public void A_link_survives_writing_and_reading()
    {
        Link link = new()
        {
            Index = 7,
            Name = "eth0.5",
            Kind = "vlan",
            PhysicalPortName = "p1",
            HardwareType = 1,
            Flags = LinkFlags.Up | LinkFlags.LowerUp,
            OperationalState = LinkOperationalState.Dormant,
            HasCarrier = true,
            CarrierChanges = 9,
            HardwareAddress = MacAddress.Read([2, 0, 0, 0, 0, 1]),
            PermanentHardwareAddress = MacAddress.Read([2, 0, 0, 0, 0, 2]),
            Mtu = 9000,
            MasterIndex = 3,
            ParentIndex = 4,
            ParentNamespaceId = 0,
            VlanId = 5,
            AddressGenerationMode = AddressGenerationMode.StablePrivacy,
            Statistics = new(1, 2, 3, 4, 5, 6, 7, ulong.MaxValue),
        };
        int size = LinkMessage.Write(buffer, NetlinkMessageType.NewLink, NetlinkFlags.None, 5, link);
        Assert.InRange(size, 0, LinkMessage.SizeMax);
        Assert.True(LinkMessage.TryParse(Captured.Message(buffer.AsSpan(0, size)), out LinkMessage message));
        Assert.True(message.TryRead(new Link(), out Link read));
        Assert.Equal(link, read);
    }

    [Fact]
    public void A_bridge_survives_writing_and_reading() =>
        Survives(new Link { Index = 8, Name = "br0", Kind = "bridge", HardwareType = 1, Details = new BridgeDetails(true, 1500) });

    [Fact]
    public void A_bond_survives_writing_and_reading()
    {
        Link link = new()
        {
            Index = 9,
            Name = "bond0",
            Kind = "bond",
            HardwareType = 1,
            Details = new BondDetails(1)
            {
                ActiveIndex = 3,
                MiiIntervalMilliseconds = 100,
                UpDelayMilliseconds = 200,
                DownDelayMilliseconds = 300,
                UsesCarrier = true,
                ArpIntervalMilliseconds = 250,
                ArpTarget = IpAddress.Parse("192.0.2.9"),
                ArpValidation = 3,
            },
        };
        Survives(link);
        Survives(link with { Details = new BondDetails(4) });
    }

    private void Survives(in Link link)
    {
        int size = LinkMessage.Write(buffer, NetlinkMessageType.NewLink, NetlinkFlags.None, 5, link);
        Assert.InRange(size, 0, LinkMessage.SizeMax);
        Assert.True(LinkMessage.TryParse(Captured.Message(buffer.AsSpan(0, size)), out LinkMessage message));
        Assert.True(message.TryRead(new Link(), out Link read));
        Assert.Equal(link, read);
        Assert.False(link.IsSameBut(link with { Details = new BridgeDetails(false, 3) }));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1", "198.51.100.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:db8::1", "2001:db8::2")]
    public void An_address_survives_writing_and_reading(string local, string peer)
    {
        Address address = new()
        {
            InterfaceIndex = 5,
            Local = IpAddress.Parse(local),
            Peer = IpAddress.Parse(peer),
            PrefixLength = 20,
            Broadcast = IpAddress.Parse("192.0.15.255"),
            Scope = Scope.Link,
            Flags = AddressFlags.NoPrefixRoute | AddressFlags.Permanent,
            ValidSeconds = 3600,
            PreferredSeconds = 1800,
            Protocol = 99,
            RouteMetric = 1000,
            Label = "eth0:1",
        };
        int size = AddressMessage.Write(buffer, NetlinkMessageType.NewAddress, NetlinkFlags.None, 5, address);
        Assert.InRange(size, 0, AddressMessage.SizeMax);
        Assert.True(AddressMessage.TryRead(Captured.Message(buffer.AsSpan(0, size)), null, out Address read));
        Assert.Equal(address, read);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "192.0.2.1", "192.0.2.7")]
    [InlineData("10.0.0.0/8", "fe80::1", "192.0.2.7")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "0.0.0.0")]
    [InlineData("2001:db8::/32", "fe80::1", "2001:db8::7")]
    [InlineData("::/0", "::", "::")]
    public void A_route_survives_writing_and_reading(string destination, string gateway, string source)
    {
        Route route = new()
        {
            Destination = IpPrefix.Parse(destination),
            Gateway = IpAddress.Parse(gateway),
            PreferredSource = IpAddress.Parse(source),
            OutputInterface = 5,
            Table = 100_000,
            Metric = 600,
            TypeOfService = 8,
            Protocol = 99,
            Scope = Scope.Link,
            Type = RouteType.Throw,
            Flags = RouteFlags.OnLink,
            Mtu = 1400,
            Preference = 3,
            ExpiresSeconds = 60,
        };
        int size = RouteMessage.Write(buffer, NetlinkMessageType.NewRoute, NetlinkFlags.None, 5, route);
        Assert.InRange(size, 0, RouteMessage.SizeMax);
        Assert.True(RouteMessage.TryParse(Captured.Message(buffer.AsSpan(0, size)), out RouteMessage message));
        Assert.True(message.TryRead(out Route read, out _));
        Assert.Equal(route, read);
    }

    [Theory]
    [InlineData("192.0.2.1", NeighborState.Reachable, true)]
    [InlineData("fe80::1", NeighborState.Failed, false)]
    public void A_neighbour_survives_writing_and_reading(string address, NeighborState state, bool hasHardwareAddress)
    {
        MacAddress hardware = hasHardwareAddress ? MacAddress.Read([2, 0, 0, 0, 0, 1]) : default;
        Neighbor neighbor = new(5, IpAddress.Parse(address), state, hardware);
        int size = NeighborMessage.Write(buffer, NetlinkMessageType.NewNeighbor, NetlinkFlags.None, 5, neighbor);
        Assert.InRange(size, 0, NeighborMessage.SizeMax);
        Assert.True(NeighborMessage.TryRead(Captured.Message(buffer.AsSpan(0, size)), out Neighbor read));
        Assert.Equal(neighbor, read);
    }

    [Fact]
    public void Asking_for_a_neighbour_says_who_and_nothing_else()
    {
        int size = NeighborMessage.WriteGet(buffer, 9, 5, IpAddress.Parse("fe80::1"));
        NetlinkMessage message = Captured.Message(buffer.AsSpan(0, size));
        Assert.Equal(
            new NetlinkHeader((uint)size, NetlinkMessageType.GetNeighbor, NetlinkFlags.Request, 9, 0), message.Header);
        Assert.Equal("0A00000005000000" + "00000000" + "14000100" + "FE800000000000000000000000000001", Convert.ToHexString(message.Payload));
    }

    [Theory]
    [InlineData(NeighborState.None, null)]
    [InlineData(NeighborState.Incomplete, null)]
    [InlineData(NeighborState.Reachable, true)]
    [InlineData(NeighborState.Stale, true)]
    [InlineData(NeighborState.Delay, true)]
    [InlineData(NeighborState.Probe, true)]
    [InlineData(NeighborState.Failed, false)]
    [InlineData(NeighborState.NoArp, true)]
    [InlineData(NeighborState.Permanent, true)]
    public void Only_one_that_was_asked_in_vain_is_out_of_reach(NeighborState state, bool? isReachable) =>
        Assert.Equal(isReachable, new Neighbor(1, default, state).IsReachable);

    [Fact]
    public void A_rule_survives_writing_and_reading()
    {
        Rule rule = new()
        {
            Family = IpFamily.V6,
            Priority = 10,
            Source = IpPrefix.Parse("2001:db8::/32"),
            Destination = IpPrefix.Parse("2001:db8:1::/48"),
            InputInterface = "lo",
            OutputInterface = "eth0",
            Action = RuleAction.Prohibit,
            Table = 70_000,
            Mark = 1,
            MarkMask = 3,
            SuppressPrefixLength = 0,
            Protocol = 99,
            IsInverted = true,
        };
        int size = RuleMessage.Write(buffer, NetlinkMessageType.NewRule, NetlinkFlags.None, 5, rule);
        Assert.InRange(size, 0, RuleMessage.SizeMax);
        Assert.True(RuleMessage.TryRead(Captured.Message(buffer.AsSpan(0, size)), out Rule read));
        Assert.Equal(rule, read);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_truncated_datagram_ends_the_walk_as_broken(string hex)
    {
        byte[] octets = Captured.Octets(hex);
        for (int length = 1; length < octets.Length; length++)
        {
            NetlinkMessages messages = new(octets.AsSpan(0, length));
            Assert.False(messages.TryNext(out _));
            Assert.True(messages.IsBroken);
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_message_cut_within_an_attribute_is_refused_or_read_without_it(string hex)
    {
        // The header tells the truth about a message whose attributes lie.
        byte[] octets = Captured.Octets(hex);
        for (int length = NetlinkHeader.Size; length < octets.Length; length++)
        {
            byte[] cut = octets[..length];
            BitConverter.TryWriteBytes(cut, length);
            NetlinkMessage message = Captured.Message(cut);
            _ = LinkMessage.TryParse(message, out LinkMessage link) && link.TryRead(new Link(), out _);
            _ = AddressMessage.TryRead(message, null, out _);
            _ = RouteMessage.TryParse(message, out RouteMessage route) && route.TryRead(out _, out _);
            _ = RuleMessage.TryRead(message, out _);
            _ = NeighborMessage.TryRead(message, out _);
            _ = NetlinkError.TryRead(message, out _);
        }
    }

    [Fact]
    public void Several_messages_in_one_datagram_are_walked_in_order()
    {
        byte[] datagram = [.. Captured.Octets(Captured.AddressV4), .. Captured.Octets(Captured.RouteV4)];
        NetlinkMessages messages = new(datagram);
        Assert.True(messages.TryNext(out NetlinkMessage first));
        Assert.Equal(NetlinkMessageType.NewAddress, first.Header.Type);
        Assert.True(messages.TryNext(out NetlinkMessage second));
        Assert.Equal(NetlinkMessageType.NewRoute, second.Header.Type);
        Assert.False(messages.TryNext(out _));
        Assert.False(messages.IsBroken);
    }

    [Fact]
    public void A_header_that_claims_no_length_ends_the_walk()
    {
        byte[] octets = Captured.Octets(Captured.RouteV4);
        octets.AsSpan(0, 4).Clear();
        NetlinkMessages messages = new(octets);
        Assert.False(messages.TryNext(out _));
        Assert.True(messages.IsBroken);
    }

    [Fact]
    public void An_attribute_that_claims_no_length_ends_the_walk()
    {
        NetlinkAttributes attributes = new([0, 0, 1, 0, 0, 0, 0, 0]);
        Assert.False(attributes.TryNext(out _));
        Assert.True(attributes.IsBroken);
    }

    [Fact]
    public void Parsing_a_route_allocates_nothing()
    {
        byte[] octets = Captured.Octets(Captured.RouteV4);
        Route last = Parse(octets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            last = Parse(octets);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(last.IsDefault);
    }

    [Fact]
    public void Requests_are_what_ip_sends_in_effect()
    {
        Route route = new() { Destination = IpPrefix.Parse("10.0.0.0/8"), OutputInterface = 3, Protocol = 99 };
        NetlinkRequest request = NetlinkRequest.AddRoute(route);
        request.Number(77);
        NetlinkMessage message = Captured.Message(request.Octets);
        Assert.Equal(77u, message.Header.Sequence);
        Assert.Equal((uint)request.Octets.Length, message.Header.Length);
        Assert.Equal(
            NetlinkFlags.Request | NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Exclusive,
            message.Header.Flags);
        Assert.True(RouteMessage.TryParse(message, out RouteMessage parsed));
        Assert.True(parsed.TryRead(out Route read, out _));
        Assert.Equal(Scope.Link, read.Scope);
        Assert.Equal(route with { Scope = Scope.Link }, read);
    }

    private static Route Parse(byte[] octets)
    {
        NetlinkMessages messages = new(octets);
        messages.TryNext(out NetlinkMessage message);
        RouteMessage.TryParse(message, out RouteMessage parsed);
        parsed.TryRead(out Route route, out _);
        return route;
    }
}
