using System;
using System.Text;
using Spindle.Protocols.Http;

namespace Spindle.Protocols.Http.Tests;

public sealed class HttpRequestTests
{
    private static HttpUri Uri(string text)
    {
        Assert.True(HttpUri.TryParse(text, out HttpUri? uri));
        return uri;
    }

    [Fact]
    public void A_request_has_ConnMans_headers_and_no_others()
    {
        HttpRequest request = new(Uri("http://ipv4.connman.net/online/status.html"));
        byte[] octets = new byte[request.Size];
        request.Write(octets);
        Assert.Equal(
            "GET /online/status.html HTTP/1.1\r\nHost: ipv4.connman.net\r\nUser-Agent: ConnMan/2.0 wispr\r\n"
            + "Connection: close\r\n\r\n",
            Encoding.ASCII.GetString(octets));
    }

    [Fact]
    public void Port_query_and_user_agent_go_in_as_given()
    {
        HttpRequest request = new(Uri("http://[::1]:8080/a?b"), "ConnMan/1.41 wispr");
        Assert.StartsWith("GET /a?b HTTP/1.1\r\nHost: [::1]:8080\r\nUser-Agent: ConnMan/1.41 wispr\r\n", request.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nX: y")]
    [InlineData("a\u00fc")]
    public void A_user_agent_that_would_break_the_header_is_the_callers_fault(string userAgent) =>
        Assert.Throws<ArgumentException>(() => new HttpRequest(Uri("http://a/"), userAgent));
}
