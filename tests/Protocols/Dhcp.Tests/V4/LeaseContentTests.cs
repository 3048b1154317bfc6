using System;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

public sealed class LeaseContentTests
{
    [Fact]
    public void Everything_that_is_asked_for_is_read()
    {
        DhcpLease lease = Read(
            (3, [192, 0, 2, 1, 192, 0, 2, 2]),
            (6, [198, 51, 100, 1, 198, 51, 100, 2]),
            (12, [.. "host"u8]),
            (15, [.. "example.org\0"u8]),
            (26, [5, 220]),
            (28, [192, 0, 2, 255]),
            (42, [203, 0, 113, 1]),
            (114, [.. "https://portal.example/api"u8]),
            (119, [3, .. "eng"u8, 5, .. "apple"u8, 3, .. "com"u8, 0, 9, .. "marketing"u8, 0xC0, 4]),
            (252, [.. "http://192.0.2.1/wpad.dat\n\0"u8]));
        Assert.Equal("192.0.2.1 192.0.2.2", string.Join(' ', lease.Routers));
        Assert.Equal("198.51.100.1 198.51.100.2", string.Join(' ', lease.NameServers));
        Assert.Equal("203.0.113.1", string.Join(' ', lease.NtpServers));
        Assert.Equal("host", lease.HostName);
        Assert.Equal("example.org", lease.DomainName);
        Assert.Equal(1500, lease.Mtu);
        Assert.Equal(["eng.apple.com", "marketing.apple.com"], lease.SearchDomains);
        Assert.Equal("https://portal.example/api", lease.CaptivePortalUri);
        Assert.Equal("http://192.0.2.1/wpad.dat", lease.ProxyAutoConfigurationUrl);
        Assert.Equal(IpAddress.Parse("192.0.2.255"), lease.Broadcast);
        Assert.Equal(IpAddress.Parse("192.0.2.1"), lease.Gateway);
        Assert.True(lease.IsGatewayOnSubnet);
        Assert.Equal(DhcpLeaseDefects.None, lease.Defects);
    }

    [Fact]
    public void Classless_routes_win_over_routers()
    {
        DhcpLease lease = Read(
            (3, [192, 0, 2, 9]),
            (121, [0, 192, 0, 2, 1, 24, 10, 1, 2, 192, 0, 2, 3, 12, 172, 16 + 15, 192, 0, 2, 4, 32, 10, 9, 9, 9, 0, 0, 0, 0]));
        Assert.Empty(lease.Routers);
        Assert.Equal(
            "0.0.0.0/0 192.0.2.1, 10.1.2.0/24 192.0.2.3, 172.16.0.0/12 192.0.2.4, 10.9.9.9/32 0.0.0.0",
            string.Join(", ", lease.ClasslessRoutes.Select(route => $"{route.Destination} {route.Router}")));
        Assert.Equal(IpAddress.Parse("192.0.2.1"), lease.Gateway);
        Assert.Equal(DhcpLeaseDefects.None, lease.Defects);
    }

    [Fact]
    public void Classless_routes_without_a_default_route_mean_no_gateway()
    {
        DhcpLease lease = Read((3, [192, 0, 2, 9]), (121, [8, 10, 192, 0, 2, 1]));
        Assert.Null(lease.Gateway);
        Assert.False(lease.IsGatewayOnSubnet);
    }

    [Theory]
    [InlineData(new byte[] { 33, 1, 1, 1, 1, 1, 192, 0, 2, 1 })]
    [InlineData(new byte[] { 24, 10, 1, 2, 192, 0, 2 })]
    [InlineData(new byte[] { 24, 10 })]
    [InlineData(new byte[] { })]
    public void Malformed_classless_routes_are_left_out_as_a_whole(byte[] octets)
    {
        DhcpLease lease = Read((3, [192, 0, 2, 9]), (121, octets));
        Assert.Empty(lease.ClasslessRoutes);
        Assert.Equal(IpAddress.Parse("192.0.2.9"), lease.Gateway);
        Assert.Equal(DhcpLeaseDefects.ClasslessRoutesMalformed, lease.Defects);
    }

    [Fact]
    public void Routes_that_make_no_sense_are_left_out_one_by_one()
    {
        DhcpLease lease = Read((121,
        [
            0, 0, 0, 0, 0, // A default route without a router.
            8, 127, 192, 0, 2, 1, // Loopback.
            4, 224, 192, 0, 2, 1, // Groups.
            8, 10, 192, 0, 2, 50, // By way of ourselves.
            8, 11, 224, 0, 0, 1, // By way of a group.
            8, 12, 192, 0, 2, 1,
        ]));
        Assert.Equal("12.0.0.0/8", Assert.Single(lease.ClasslessRoutes).Destination.ToString());
        Assert.Equal(DhcpLeaseDefects.ClasslessRouteInvalid, lease.Defects);
    }

    [Fact]
    public void A_router_outside_of_the_subnet_stays_only_if_none_is_inside()
    {
        DhcpLease mixed = Read((3, [10, 0, 0, 1, 192, 0, 2, 1]));
        Assert.Equal("192.0.2.1", string.Join(' ', mixed.Routers));
        Assert.Equal(DhcpLeaseDefects.RouterOutsideSubnet, mixed.Defects);

        DhcpLease alone = Read((3, [10, 0, 0, 1]));
        Assert.Equal("10.0.0.1", string.Join(' ', alone.Routers));
        Assert.False(alone.IsGatewayOnSubnet);
        Assert.Equal(DhcpLeaseDefects.RouterOutsideSubnet, alone.Defects);
    }

    [Fact]
    public void Addresses_that_are_no_hosts_are_left_out()
    {
        DhcpLease lease = Read(
            (3, [0, 0, 0, 0, 192, 0, 2, 255, 192, 0, 2, 50, 255, 255, 255, 255, 192, 0, 2, 1]),
            (6, [127, 0, 0, 1, 198, 51, 100, 1, 198, 51, 100, 1]),
            (42, [224, 0, 1, 1, 7]));
        Assert.Equal("192.0.2.1", string.Join(' ', lease.Routers));
        Assert.Equal("198.51.100.1", string.Join(' ', lease.NameServers));
        Assert.Empty(lease.NtpServers);
        Assert.Equal(
            DhcpLeaseDefects.RouterInvalid | DhcpLeaseDefects.NameServerInvalid | DhcpLeaseDefects.NtpServerInvalid,
            lease.Defects);
    }

    [Theory]
    [InlineData("bad name")]
    [InlineData("bad\nnameserver 6.6.6.6")]
    [InlineData("a..b")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("\u00e4.example")]
    [InlineData("x;rm")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123.org")]
    public void A_name_that_is_none_goes_nowhere(string name)
    {
        DhcpLease lease = Read((12, Encoding.Latin1.GetBytes(name)), (15, Encoding.Latin1.GetBytes(name)));
        Assert.Null(lease.HostName);
        Assert.Null(lease.DomainName);
        Assert.Equal(DhcpLeaseDefects.HostNameInvalid | DhcpLeaseDefects.DomainNameInvalid, lease.Defects);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0 })] // Points at itself.
    [InlineData(new byte[] { 1, (byte)'a', 0xC0, 0 })] // Points at its own beginning.
    [InlineData(new byte[] { 1, (byte)'a', 0xC0, 9 })] // Points forward.
    [InlineData(new byte[] { 1, (byte)'a', 0, 1, (byte)'b', 0xC0 })] // Half a pointer.
    [InlineData(new byte[] { 1, (byte)'a' })] // No end.
    [InlineData(new byte[] { 0x41, (byte)'a', 0 })] // Reserved label type.
    [InlineData(new byte[] { 3, (byte)'a', (byte)'.', (byte)'b', 0 })] // A dot inside of a label.
    [InlineData(new byte[] { 1, (byte)' ', 0 })]
    public void A_search_list_that_is_malformed_is_left_out(byte[] octets)
    {
        DhcpLease lease = Read((119, octets));
        Assert.Empty(lease.SearchDomains);
        Assert.Equal(DhcpLeaseDefects.DomainSearchMalformed, lease.Defects);
    }

    [Fact]
    public void Pointers_that_point_at_pointers_end()
    {
        // Each name is one label and a pointer to the name before: longer and longer, until it is too long.
        byte[] octets = new byte[2 + 1 + (64 * 67)];
        octets[0] = 1;
        octets[1] = (byte)'a';
        int previous = 0;
        int at = 3;
        for (int i = 0; i < 6; i++)
        {
            octets[at] = 63;
            octets.AsSpan(at + 1, 63).Fill((byte)'b');
            octets[at + 64] = (byte)(0xC0 | previous >> 8);
            octets[at + 65] = (byte)previous;
            previous = at;
            at += 66;
        }

        Assert.Equal(DhcpLeaseDefects.DomainSearchMalformed, Read((119, octets.AsSpan(0, at).ToArray())).Defects);
    }

    [Fact]
    public void Other_content_that_makes_no_sense_is_left_out()
    {
        DhcpLease lease = Read((26, [1, 0]), (28, [10, 0, 0, 255]), (114, [.. "no uri"u8]), (252, [.. "1http://x"u8]));
        Assert.Equal(0, lease.Mtu);
        Assert.Equal(IpAddress.Parse("192.0.2.255"), lease.Broadcast);
        Assert.Null(lease.CaptivePortalUri);
        Assert.Null(lease.ProxyAutoConfigurationUrl);
        Assert.Equal(
            DhcpLeaseDefects.MtuInvalid | DhcpLeaseDefects.BroadcastInvalid | DhcpLeaseDefects.CaptivePortalInvalid
            | DhcpLeaseDefects.ProxyAutoConfigurationInvalid,
            lease.Defects);
    }

    [Theory]
    [InlineData("10.1.2.3", 8)]
    [InlineData("172.16.2.3", 16)]
    [InlineData("192.168.2.3", 24)]
    public void Without_a_netmask_the_class_of_the_address_counts(string address, int length)
    {
        byte[] octets = Replies.Bytes(
            1, Replies.Options(DhcpMessageType.Acknowledge, netmask: null), IpAddress.Parse(address));
        Assert.True(DhcpLease.TryRestore(octets, Instant.Zero, out DhcpLease? lease));
        Assert.Equal(length, lease!.Address.Length);
        Assert.Equal(DhcpLeaseDefects.NetmaskMissing, lease.Defects);
    }

    [Fact]
    public void Leases_are_equal_if_their_content_is()
    {
        DhcpLease a = Read((3, [192, 0, 2, 1]), (121, [8, 10, 192, 0, 2, 1]));
        DhcpLease b = Read((3, [192, 0, 2, 1]), (121, [8, 10, 192, 0, 2, 1]));
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        DhcpLease later = a with { AcquiredAt = Instant.FromSeconds(9) };
        Assert.NotEqual(a, later);
        Assert.True(a.HasSameConfiguration(later));
        Assert.False(a.HasSameConfiguration(Read((121, [8, 10, 192, 0, 2, 2]))));
        Assert.False(a.HasSameConfiguration(null));
    }

    private static DhcpLease Read(params Option[] extra)
    {
        DhcpOptionList options = Replies.Options(DhcpMessageType.Acknowledge);
        foreach (Option option in extra)
        {
            options.Add((DhcpOptionCode)option.Code, option.Octets);
        }

        Assert.True(DhcpLease.TryRestore(Replies.Bytes(1, options), Instant.Zero, out DhcpLease? lease));
        return lease!;
    }

    private sealed record Option(byte Code, byte[] Octets)
    {
        public static implicit operator Option((int Code, byte[] Octets) pair) => new((byte)pair.Code, pair.Octets);
    }
}
