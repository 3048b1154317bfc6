using System;
using Spindle.Basics;

namespace Basics.Tests;

public sealed class ValueTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("127.0.0.1", 0x7F00_0001u)]
    [InlineData("255.255.255.255", uint.MaxValue)]
    public void Ipv4_text_is_four_decimal_parts(string text, uint value)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Assert.Equal(value, address.ToV4());
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.0x4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1..3.4")]
    [InlineData("::1%eth0")]
    [InlineData("[::1]")]
    [InlineData(":::")]
    public void What_is_no_address_is_refused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("2001:db8::53")]
    public void Ipv6_text_and_octets_come_back(string text)
    {
        IpAddress address = IpAddress.Parse(text);
        Span<byte> octets = stackalloc byte[16];
        address.Write(octets);
        Assert.True(IpAddress.TryRead(octets, out IpAddress again));
        Assert.Equal(address, again);
        Assert.Equal(text, again.ToString());
    }

    [Theory]
    [InlineData("::", "::")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1")] // of two gaps the first
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")] // of two gaps the longer
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")] // one group is no gap
    [InlineData("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6")]
    [InlineData("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("::192.0.2.1", "::c000:201")]
    [InlineData("fe80::5efe:192.0.2.1", "fe80::5efe:c000:201")]
    [InlineData("64:ff9b::192.0.2.1", "64:ff9b::c000:201")]
    public void Ipv6_text_is_what_rfc_5952_says(string written, string text) =>
        Assert.Equal(text, IpAddress.Parse(written).ToString());

    [Fact]
    public void Any_address_comes_back_from_its_text()
    {
        const ulong Seed = 5952;
        PseudoRandom random = new(Seed);
        for (int count = 0; count < 20_000; count++)
        {
            UInt128 bits = 0;
            for (int group = 0; group < 8; group++)
            {
                bits = bits << 16 | (random.NextBelow(3) == 0 ? 0u : random.NextBelow(1u << (int)random.NextBelow(17)));
            }

            IpAddress address = IpAddress.FromV6(bits);
            Assert.True(IpAddress.TryParse(address.ToString(), out IpAddress again) && again == address, $"seed {Seed}: {address}");
        }
    }

    [Fact]
    public void Kinds_of_addresses_are_told_apart()
    {
        Assert.True(IpAddress.Parse("169.254.9.9").IsLinkLocal);
        Assert.True(IpAddress.Parse("fe80::9").IsLinkLocal);
        Assert.False(IpAddress.Parse("fec0::9").IsLinkLocal);
        Assert.True(IpAddress.Parse("224.0.0.1").IsMulticast);
        Assert.True(IpAddress.Parse("ff02::1").IsMulticast);
        Assert.True(IpAddress.Parse("127.9.9.9").IsLoopback);
        Assert.True(IpAddress.Parse("::1").IsLoopback);
        Assert.NotEqual(IpAddress.AnyV4, IpAddress.AnyV6);
    }

    [Theory]
    [InlineData("10.1.2.3/24", "10.1.2.0/24", "10.1.2.255", "255.255.255.0")]
    [InlineData("10.1.2.3/0", "0.0.0.0/0", "255.255.255.255", "0.0.0.0")]
    [InlineData("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3", "255.255.255.255")]
    public void A_prefix_knows_its_network(string text, string network, string broadcast, string netmask)
    {
        IpPrefix prefix = IpPrefix.Parse(text);
        Assert.Equal(IpPrefix.Parse(network), prefix.Network);
        Assert.Equal(IpAddress.Parse(broadcast), prefix.Broadcast);
        Assert.Equal(IpAddress.Parse(netmask), prefix.Netmask);
        Assert.True(IpPrefix.TryLengthOfNetmask(prefix.Netmask, out byte length));
        Assert.Equal(prefix.Length, length);
    }

    [Fact]
    public void A_prefix_contains_its_own_addresses_only()
    {
        Assert.True(IpPrefix.Parse("10.1.2.0/23").Contains(IpAddress.Parse("10.1.3.255")));
        Assert.False(IpPrefix.Parse("10.1.2.0/23").Contains(IpAddress.Parse("10.1.4.0")));
        Assert.False(IpPrefix.Parse("0.0.0.0/0").Contains(IpAddress.Parse("::1")));
        Assert.True(IpPrefix.Parse("2001:db8::/32").Contains(IpAddress.Parse("2001:db8:ffff::1")));
        Assert.False(IpPrefix.TryLengthOfNetmask(IpAddress.Parse("255.0.255.0"), out _));
        Assert.False(IpPrefix.TryParse("10.0.0.0/33", out _));
    }

    [Theory]
    [InlineData("02:4c:00:00:00:ff")]
    [InlineData("02-4C-00-00-00-FF")]
    [InlineData("024c000000ff")]
    public void A_mac_address_is_read_in_all_its_forms(string text)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress mac));
        Assert.Equal("02:4C:00:00:00:FF", mac.ToString());
        Assert.Equal("024c000000ff", mac.ToIdent());
        byte[] octets = new byte[MacAddress.Size];
        mac.Write(octets);
        Assert.Equal(mac, MacAddress.Read(octets));
    }

    [Theory]
    [InlineData("02:4c:00:00:00")]
    [InlineData("02:4c:00:00:00:fg")]
    [InlineData("02.4c.00.00.00.ff")]
    public void What_is_no_mac_address_is_refused(string text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void Instants_saturate_instead_of_wrapping()
    {
        Instant second = Instant.FromSeconds(1);
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(-1));
        Assert.Equal(Instant.Never, second + TimeSpan.MaxValue);
        Assert.Equal(Instant.Never, new Instant(long.MaxValue - 1) + TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.MaxValue, Instant.Never - second);
        Assert.Equal(TimeSpan.FromSeconds(2), Instant.FromSeconds(3) - second);
        Assert.Equal("1.000000000", second.ToString());
    }
}
