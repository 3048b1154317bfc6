using System;
using Spindle.Protocols.Dns;

namespace Spindle.Protocols.Dns.Tests;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("Example.ORG.", "example.org")]
    [InlineData("localhost", "localhost")]
    [InlineData("3com.com", "3com.com")]
    [InlineData("a-b.x1", "a-b.x1")]
    [InlineData("my_host.lan", "my_host.lan")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void Host_names_are_taken_in_lower_case(string text, string expected)
    {
        Assert.True(DnsName.TryParse(text, out DnsName? name));
        Assert.Equal(expected, name.Text);
        Assert.Equal(expected.Length + 2, name.Wire.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("-a.b")]
    [InlineData("a-.b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("bücher.example")]
    [InlineData("a\0b")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.256")]
    [InlineData("10")]
    public void What_is_no_host_name_is_refused(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void Labels_end_at_63_and_names_at_253()
    {
        string label = new('a', 63);
        Assert.True(DnsName.TryParse(label + ".b", out _));
        Assert.False(DnsName.TryParse(label + "a.b", out _));
        string longest = $"{label}.{label}.{label}.{new string('b', 61)}";
        Assert.True(DnsName.TryParse(longest, out DnsName? name));
        Assert.Equal(DnsName.WireSizeMax, name.Wire.Length);
        Assert.False(DnsName.TryParse(longest + "b", out _));
    }

    [Fact]
    public void Case_makes_no_difference()
    {
        Assert.True(DnsName.TryParse("WWW.example.org", out DnsName? upper));
        Assert.True(DnsName.TryParse("www.Example.org", out DnsName? lower));
        Assert.Equal(upper, lower);
        Assert.Equal(upper.GetHashCode(), lower.GetHashCode());
    }
}
