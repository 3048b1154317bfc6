using System;
using System.Text;
using Spindle.Protocols.Http;

namespace Spindle.Protocols.Http.Tests;

public sealed class HttpResponseParserTests
{
    private static HttpResponseParser Read(string text, int pieceSize = int.MaxValue)
    {
        HttpResponseParser parser = new();
        byte[] octets = Encoding.Latin1.GetBytes(text);
        for (int at = 0; at < octets.Length; at += Math.Min(pieceSize, octets.Length - at))
        {
            parser.Read(octets.AsSpan(at, Math.Min(pieceSize, octets.Length - at)));
        }

        return parser;
    }

    /// <summary>Reads at once and octet by octet; both must agree.</summary>
    private static HttpResponseParser ReadBoth(string text)
    {
        HttpResponseParser whole = Read(text);
        HttpResponseParser pieces = Read(text, 1);
        Assert.Equal(whole.State, pieces.State);
        Assert.Equal(whole.Head, pieces.Head);
        return whole;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.0 200\nx-connman-status:\nContent-Length:0\n\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\nX-CONNMAN-STATUS : yes\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1  200  Fine\r\nX-Other: a\r\n b\r\n\tc\r\nX-ConnMan-Status:\r\n online\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\nX-ConnMan-Status: x\r\n\r\nHTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nX-ConnMan-Status: x\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nnonsense\r\n: empty\r\nX-ConnMan-Status: 1\r\nContent-Length: 0\r\n\r\n")]
    public void Heads_of_all_kinds_are_read(string text)
    {
        HttpResponseParser parser = ReadBoth(text);
        Assert.Equal(HttpResponseState.Complete, parser.State);
        Assert.Equal(new HttpResponseHead(200, true, null), parser.Head);
    }

    [Fact]
    public void An_interim_responses_headers_do_not_count()
    {
        HttpResponseParser parser = ReadBoth(
            "HTTP/1.1 103 Hints\r\nX-ConnMan-Status: x\r\nLocation: /a\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 No\r\n\r\n");
        Assert.Equal(HttpResponseState.Complete, parser.State);
        Assert.Equal(new HttpResponseHead(204, false, null), parser.Head);
    }

    [Fact]
    public void The_first_location_counts_unfolded()
    {
        HttpResponseParser parser = ReadBoth(
            "HTTP/1.1 302 Found\r\nLocation:\r\n  https://portal.example/  \r\nLocation: http://b/\r\n\r\n");
        Assert.Equal("https://portal.example/", parser.Head.Location);
    }

    [Fact]
    public void A_location_that_is_not_ASCII_does_not_count()
    {
        Assert.Null(ReadBoth("HTTP/1.1 302 Found\r\nLocation: http://b\u00fc/\r\n\r\n").Head.Location);
        Assert.Null(ReadBoth("HTTP/1.1 302 Found\r\nLocation: http://b\u0001/\r\n\r\n").Head.Location);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("<html>")]
    [InlineData("http/1.1 200 OK\r\n")]
    [InlineData("HTTP/x 200 OK\r\n")]
    [InlineData("HTTP/1.1\r\n")]
    [InlineData("HTTP/1.1 \r\n")]
    [InlineData("HTTP/1.1 20\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n")]
    [InlineData("HTTP/1.1 -20 OK\r\n")]
    [InlineData("HTTP/11.1 200 OK\r\n")]
    [InlineData("\0\0\0\0")]
    public void What_is_no_status_line_is_no_HTTP(string text) =>
        Assert.Equal(HttpResponseState.NotHttp, ReadBoth(text).State);

    [Theory]
    [InlineData("", HttpResponseState.NotHttp)]
    [InlineData("HTTP/1.1 200 O", HttpResponseState.NotHttp)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Con", HttpResponseState.BadHead)]
    [InlineData("HTTP/1.1 200 OK\r\nX-ConnMan-Status: x\r\n", HttpResponseState.BadHead)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", HttpResponseState.Complete)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", HttpResponseState.Complete)]
    public void The_peers_end_has_a_meaning_everywhere(string text, HttpResponseState expected)
    {
        HttpResponseParser parser = ReadBoth(text);
        parser.End();
        Assert.Equal(expected, parser.State);
        parser.End();
        parser.Read("HTTP/1.1 200 OK\r\n\r\n"u8);
        Assert.Equal(expected, parser.State);
    }

    [Theory]
    [InlineData("Content-Length: 3\r\n\r\nabc", true)]
    [InlineData("Content-Length: 3\r\n\r\nabcdef", true)]
    [InlineData("Content-Length: 4\r\n\r\nabc", false)]
    [InlineData("\r\nabc", false)]
    [InlineData("Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", true)]
    [InlineData("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", false)]
    [InlineData("Content-Length: -1\r\n\r\nabc", false)]
    [InlineData("Content-Length: 3x\r\n\r\nabc", false)]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\nabc", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", true)]
    [InlineData("Transfer-Encoding: gzip, Chunked\r\nContent-Length: 1\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n00\r\nT: r\r\n\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nabc\r\n0\r\n\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\nT: r\r\n", false)]
    [InlineData("Transfer-Encoding: gzip\r\nContent-Length: 0\r\n\r\nabc", false)]
    public void The_body_ends_where_its_framing_says(string rest, bool isComplete)
    {
        HttpResponseParser parser = ReadBoth("HTTP/1.1 200 OK\r\n" + rest);
        Assert.True(parser.HasHead);
        Assert.Equal(isComplete ? HttpResponseState.Complete : HttpResponseState.Body, parser.State);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public void Some_statuses_have_no_body(int status) =>
        Assert.Equal(
            HttpResponseState.Complete, ReadBoth($"HTTP/1.1 {status} x\r\nContent-Length: 9\r\n\r\n").State);

    [Fact]
    public void Every_three_digits_are_a_status()
    {
        for (int status = 0; status <= 999; status++)
        {
            HttpResponseParser parser = Read($"HTTP/1.1 {status:D3} x\r\n\r\n");
            bool isInterim = status is >= 100 and <= 199;
            Assert.Equal(!isInterim, parser.HasHead);
            Assert.Equal(status, parser.Head.StatusCode);
        }
    }

    [Fact]
    public void A_header_that_is_too_long_ends_it()
    {
        string fits = "X: " + new string('a', HttpResponseParser.LineSizeMax - 4);
        Assert.True(ReadBoth($"HTTP/1.1 200 OK\r\n{fits}\r\n\r\n").HasHead);
        Assert.Equal(HttpResponseState.BadHead, ReadBoth($"HTTP/1.1 200 OK\r\n{fits}aa\r\n\r\n").State);
    }

    [Fact]
    public void Too_many_headers_end_it()
    {
        StringBuilder text = new("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < HttpResponseParser.HeadersMax; i++)
        {
            text.Append("a: b\r\n");
        }

        Assert.True(ReadBoth(text + "\r\n").HasHead);
        Assert.Equal(HttpResponseState.BadHead, ReadBoth(text + "a: b\r\n\r\n").State);
    }

    [Fact]
    public void A_head_without_end_ends_it()
    {
        HttpResponseParser parser = new();
        parser.Read("HTTP/1.1 200 OK\r\n"u8);
        for (int i = 0; i < 2000 && parser.State == HttpResponseState.Headers; i++)
        {
            parser.Read("HTTP/1.1: this is a header that comes again and again\r\n"u8);
        }

        Assert.Equal(HttpResponseState.BadHead, parser.State);
        HttpResponseParser interim = new();
        for (int i = 0; i < 4000 && interim.State == HttpResponseState.StatusLine; i++)
        {
            interim.Read("HTTP/1.1 100 Continue\r\n\r\n"u8);
        }

        Assert.Equal(HttpResponseState.BadHead, interim.State);
    }
}
