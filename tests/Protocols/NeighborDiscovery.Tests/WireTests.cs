using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery.Tests;

public sealed class WireTests
{
    /// <summary>A router advertisement of dnsmasq 2.90, printed by capture.py.</summary>
    internal const string Captured =
        "86002ce7404807080000000000000000030440c000000e1000000e100000000020010db800070000000000000000000005010000" +
        "000005780101e60da703f6a81f05000000000e10076578616d706c65036f72670004636f7270076578616d706c6503636f6d0000" +
        "1905000000000e1020010db8000700000000000000000053fd000000000000000000000000000053";

    private readonly byte[] buffer = new byte[256];

    [Fact]
    public void A_captured_advertisement_is_read()
    {
        Assert.True(RouterAdvertisementPacket.TryParse(Convert.FromHexString(Captured), out RouterAdvertisementPacket packet));
        Assert.Equal(new(64, false, true, RouterPreference.High, 1800, 0, 0), packet.Header);
        List<object> seen = [];
        NeighborOptions options = packet.Options;
        while (options.TryNext(out NeighborOption option))
        {
            if (PrefixInformation.TryRead(option, out PrefixInformation prefix))
            {
                seen.Add(prefix);
            }
            else if (LinkMtu.TryRead(option, out LinkMtu mtu))
            {
                seen.Add(mtu);
            }
            else if (DnsSearchList.TryParse(option, out DnsSearchList list))
            {
                Assert.Equal(3600u, list.LifetimeSeconds);
                seen.AddRange(All(list));
            }
            else if (RecursiveDnsServers.TryParse(option, out RecursiveDnsServers servers))
            {
                Assert.Equal(3600u, servers.LifetimeSeconds);
                seen.AddRange(All(servers).Cast<object>());
            }
        }

        Assert.Equal(
            [
                new PrefixInformation(IpPrefix.Parse("2001:db8:7::/64"), true, true, 3600, 3600),
                new LinkMtu(1400),
                "example.org",
                "corp.example.com",
                IpAddress.Parse("2001:db8:7::53"),
                IpAddress.Parse("fd00::53"),
            ],
            seen);
    }

    [Fact]
    public void Every_truncation_fails_or_ends_between_options()
    {
        byte[] octets = Convert.FromHexString(Captured);
        HashSet<int> ends = [16];
        for (int at = 16; at < octets.Length; at += octets[at + 1] * 8)
        {
            ends.Add(at);
        }

        for (int length = 0; length < octets.Length; length++)
        {
            Assert.Equal(ends.Contains(length), RouterAdvertisementPacket.TryParse(octets.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void An_option_without_a_length_spoils_the_packet()
    {
        byte[] octets = Convert.FromHexString(Captured);
        octets[17] = 0;
        Assert.False(RouterAdvertisementPacket.TryParse(octets, out _));
    }

    [Theory]
    [InlineData(0, 133)]
    [InlineData(1, 1)]
    public void Other_types_and_codes_are_no_advertisement(int at, byte value)
    {
        byte[] octets = Convert.FromHexString(Captured);
        octets[at] = value;
        Assert.False(RouterAdvertisementPacket.TryParse(octets, out _));
    }

    [Fact]
    public void The_fixed_part_survives_writing_and_reading()
    {
        RouterAdvertisementHeader header = new(64, true, false, RouterPreference.Low, 65535, 1, uint.MaxValue);
        header.Write(buffer);
        Assert.True(RouterAdvertisementHeader.TryRead(buffer, out RouterAdvertisementHeader read));
        Assert.Equal(header, read);
    }

    [Theory]
    [InlineData("::/0")]
    [InlineData("2001:db8::/32")]
    [InlineData("2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:3::/80")]
    [InlineData("2001:db8::1/128")]
    public void Prefixes_and_routes_survive_writing_and_reading(string text)
    {
        PrefixInformation prefix = new(IpPrefix.Parse(text), true, false, 1, 2);
        prefix.Write(buffer);
        Assert.True(PrefixInformation.TryRead(Option(buffer), out PrefixInformation readPrefix));
        Assert.Equal(prefix, readPrefix);
        RouteInformation route = new(IpPrefix.Parse(text), RouterPreference.High, 7);
        route.Write(buffer);
        Assert.Equal(route.Size, Option(buffer).Octets.Length);
        Assert.True(RouteInformation.TryRead(Option(buffer), out RouteInformation readRoute));
        Assert.Equal(route, readRoute);
    }

    [Fact]
    public void A_route_whose_prefix_is_not_there_is_refused()
    {
        new RouteInformation(IpPrefix.Parse("2001:db8::/64"), RouterPreference.High, 7).Write(buffer);
        buffer[2] = 65;
        Assert.False(RouteInformation.TryRead(Option(buffer), out _));
    }

    [Fact]
    public void Servers_and_domains_survive_writing_and_reading()
    {
        IpAddress[] servers = [IpAddress.Parse("fe80::1"), IpAddress.Parse("2001:db8::53")];
        int size = RecursiveDnsServers.Write(buffer, 60, servers);
        Assert.Equal(40, size);
        Assert.True(RecursiveDnsServers.TryParse(Option(buffer), out RecursiveDnsServers readServers));
        Assert.Equal(60u, readServers.LifetimeSeconds);
        Assert.Equal(servers, All(readServers));
        string[] domains = ["example.org", "a.b.c"];
        size = DnsSearchList.Write(buffer, 61, domains);
        Assert.Equal(0, size % 8);
        Assert.True(DnsSearchList.TryParse(Option(buffer), out DnsSearchList readDomains));
        Assert.Equal(domains, All(readDomains));
    }

    [Theory]
    [InlineData("evil\nnameserver.org")]
    [InlineData("a b")]
    [InlineData("caf\u0001")]
    public void Domains_that_no_host_can_be_in_are_passed_over(string domain)
    {
        DnsSearchList.Write(buffer, 61, [domain, "good.example"]);
        Assert.True(DnsSearchList.TryParse(Option(buffer), out DnsSearchList list));
        Assert.Equal(["good.example"], All(list));
    }

    [Fact]
    public void Labels_that_point_elsewhere_or_outside_end_the_list()
    {
        byte[] octets = [31, 2, 0, 0, 0, 0, 0, 1, 1, (byte)'a', 0, 0xC0, 8, 0, 0, 0];
        Assert.True(DnsSearchList.TryParse(Option(octets), out DnsSearchList list));
        Assert.Equal(["a"], All(list));
        octets[8] = 63;
        Assert.True(DnsSearchList.TryParse(Option(octets), out list));
        Assert.Empty(All(list));
    }

    [Fact]
    public void A_portal_survives_writing_and_reading_and_must_be_printable()
    {
        CaptivePortal portal = new("https://portal.example/api");
        portal.Write(buffer);
        Assert.True(CaptivePortal.TryRead(Option(buffer), out CaptivePortal read));
        Assert.Equal(portal, read);
        buffer[5] = 10;
        Assert.False(CaptivePortal.TryRead(Option(buffer), out _));
    }

    [Fact]
    public void A_solicitation_survives_writing_and_reading()
    {
        RouterSolicitation solicitation = new(MacAddress.Read([2, 0, 0, 0, 0, 1]));
        Assert.Equal(16, solicitation.Write(buffer));
        Assert.True(RouterSolicitation.TryRead(buffer.AsSpan(0, 16), out RouterSolicitation read));
        Assert.Equal(solicitation, read);
        Assert.Equal(8, default(RouterSolicitation).Write(buffer));
        Assert.True(RouterSolicitation.TryRead(buffer.AsSpan(0, 8), out read));
        Assert.True(read.Source.IsZero);
    }

    private static NeighborOption Option(ReadOnlySpan<byte> octets)
    {
        NeighborOptions options = new(octets);
        Assert.True(options.TryNext(out NeighborOption option));
        return option;
    }

    private static List<string> All(DnsSearchList list)
    {
        List<string> all = [];
        while (list.TryNext(out string domain))
        {
            all.Add(domain);
        }

        return all;
    }

    private static List<IpAddress> All(RecursiveDnsServers servers)
    {
        List<IpAddress> all = [];
        while (servers.TryNext(out IpAddress server))
        {
            all.Add(server);
        }

        return all;
    }
}
