using System;
using Spindle.Protocols.Http;

namespace Spindle.Protocols.Http.Tests;

public sealed class HttpUriTests
{
    [Theory]
    [InlineData("http://ipv4.connman.net/online/status.html", "ipv4.connman.net", 80, "/online/status.html")]
    [InlineData("HTTP://Example.ORG", "example.org", 80, "/")]
    [InlineData("http://example.org:8080/", "example.org", 8080, "/")]
    [InlineData("http://example.org:/x", "example.org", 80, "/x")]
    [InlineData("https://example.org?a=b#c", "example.org", 443, "/?a=b")]
    [InlineData("http://10.0.0.1/a?b=http://c/", "10.0.0.1", 80, "/a?b=http://c/")]
    [InlineData("http://[2001:DB8::1]:81/", "2001:db8::1", 81, "/")]
    [InlineData(" http://a/ ", "a", 80, "/")]
    public void Addresses_are_read(string text, string host, int port, string target)
    {
        Assert.True(HttpUri.TryParse(text, out HttpUri? uri));
        Assert.Equal(host, uri.Host);
        Assert.Equal(port, uri.Port);
        Assert.Equal(target, uri.Target);
        Assert.Equal(text.Trim().StartsWith("https", StringComparison.Ordinal), uri.IsSecure);
        Assert.True(HttpUri.TryParse(uri.ToString(), out HttpUri? again));
        Assert.Equal(uri, again);
    }

    [Theory]
    [InlineData("http://example.org/", "example.org")]
    [InlineData("http://example.org:80/", "example.org")]
    [InlineData("https://example.org:443/", "example.org")]
    [InlineData("https://example.org:80/", "example.org:80")]
    [InlineData("http://[::1]/", "[::1]")]
    [InlineData("http://[::1]:8080/", "[::1]:8080")]
    public void The_authority_leaves_out_the_schemes_own_port(string text, string authority)
    {
        Assert.True(HttpUri.TryParse(text, out HttpUri? uri));
        Assert.Equal(authority, uri.Authority);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http:")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("http://:80/")]
    [InlineData("ftp://a/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://user@a/")]
    [InlineData("http://user:pw@a/")]
    [InlineData("http://a:0/")]
    [InlineData("http://a:65536/")]
    [InlineData("http://a:8x/")]
    [InlineData("http://a b/")]
    [InlineData("http://a/b c")]
    [InlineData("http://a/\r\nX: y")]
    [InlineData("http://a/\u00fc")]
    [InlineData("http://[::1/")]
    [InlineData("http://[1.2.3.4]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[::1]x/")]
    [InlineData("http://a\\b/")]
    [InlineData("http://]/")]
    public void What_is_no_address_is_refused(string text) => Assert.False(HttpUri.TryParse(text, out _));

    [Fact]
    public void A_very_long_address_is_refused()
    {
        string text = "http://a/";
        Assert.True(HttpUri.TryParse(text + new string('x', HttpUri.LengthMax - text.Length), out _));
        Assert.False(HttpUri.TryParse(text + new string('x', HttpUri.LengthMax - text.Length + 1), out _));
    }

    [Theory]
    [InlineData("https://portal.example/login?x=1", "https://portal.example/login?x=1")]
    [InlineData("//portal.example/login", "http://portal.example/login")]
    [InlineData("/login", "http://a.example:81/login")]
    [InlineData("login", "http://a.example:81/dir/login")]
    [InlineData("login:80/x", null)]
    [InlineData("x/y:z", "http://a.example:81/dir/x/y:z")]
    [InlineData("?q", "http://a.example:81/dir/page?q")]
    [InlineData("\thttp://b/ ", "http://b/")]
    [InlineData("", null)]
    [InlineData("ftp://b/", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("/a b", null)]
    public void A_location_is_resolved_from_where_it_was_found(string location, string? expected)
    {
        Assert.True(HttpUri.TryParse("http://a.example:81/dir/page?old", out HttpUri? uri));
        Assert.Equal(expected is not null, uri.TryResolve(location, out HttpUri? target));
        Assert.Equal(expected, target?.ToString());
    }
}
