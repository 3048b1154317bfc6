using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Protocols.Http;

namespace Spindle.Protocols.Http.Tests;

/// <summary>Timelines of an exchange. Each output is written as a short line.</summary>
public sealed class HttpExchangeTests
{
    private static HttpExchange Exchange(TimeSpan connectTimeout = default, params string[] addresses)
    {
        Assert.True(HttpUri.TryParse("http://a.example:8080/x", out HttpUri? uri));
        return new(new()
        {
            Uri = uri,
            Addresses = Array.ConvertAll(addresses, text => IpAddress.Parse(text)),
            ConnectTimeout = connectTimeout,
        });
    }

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);

    private static string Step(HttpExchange exchange, HttpExchangeInput input, double at = 0)
    {
        exchange.Step(input, At(at));
        List<string> lines = [];
        while (exchange.TryTake(out HttpExchangeOutput output))
        {
            lines.Add(output.Kind switch
            {
                HttpExchangeOutputKind.Connect => $"connect {output.Address} {output.Port}",
                HttpExchangeOutputKind.SendRequest => "send",
                HttpExchangeOutputKind.Close => "close",
                HttpExchangeOutputKind.Report => $"report {exchange.Result!.Value.Outcome} {exchange.Result.Value.Head.StatusCode}",
            });
        }

        return string.Join("; ", lines);
    }

    private static HttpExchangeInput Text(string text) => HttpExchangeInput.Received(Encoding.ASCII.GetBytes(text));

    private static HttpExchange Connected()
    {
        HttpExchange exchange = Exchange(default, "192.0.2.1");
        Assert.Equal("connect 192.0.2.1 8080", Step(exchange, HttpExchangeInput.Started));
        Assert.Equal("send", Step(exchange, HttpExchangeInput.Connected, 0.1));
        return exchange;
    }

    [Fact]
    public void A_response_without_body_is_reported_and_closed()
    {
        HttpExchange exchange = Connected();
        Assert.Equal("close; report Responded 200", Step(exchange, Text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), 0.2));
        Assert.Equal(HttpExchangeState.Closed, exchange.State);
        Assert.Equal(Instant.Never, exchange.Deadline);
    }

    [Fact]
    public void A_response_with_body_is_reported_at_its_head_and_read_to_its_end()
    {
        HttpExchange exchange = Connected();
        Assert.Equal("", Step(exchange, Text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"), 0.2));
        Assert.Equal("report Responded 200", Step(exchange, Text("\r\nab"), 0.3));
        Assert.Equal(HttpExchangeState.Draining, exchange.State);
        Assert.Equal(At(2.3), exchange.Deadline);
        Assert.Equal("", Step(exchange, Text("c"), 0.4));
        Assert.Equal("close", Step(exchange, Text("de"), 0.5));
    }

    [Fact]
    public void A_body_without_end_is_read_until_the_peer_closes()
    {
        HttpExchange exchange = Connected();
        Assert.Equal("report Responded 302", Step(exchange, Text("HTTP/1.1 302 Found\r\n\r\n")));
        Assert.Equal("", Step(exchange, Text("<html>")));
        Assert.Equal("close", Step(exchange, HttpExchangeInput.PeerClosed));
    }

    [Fact]
    public void A_body_is_read_neither_for_ever_nor_without_limit()
    {
        HttpExchange slow = Connected();
        Step(slow, Text("HTTP/1.1 200 OK\r\n\r\n"), 1);
        Assert.Equal("", Step(slow, Text("a"), 2.9));
        Assert.Equal("close", Step(slow, Text("a"), 3));

        HttpExchange large = Connected();
        Step(large, Text("HTTP/1.1 200 OK\r\n\r\n"), 1);
        Assert.Equal("", Step(large, Text(new string('a', 65535)), 1));
        Assert.Equal("close", Step(large, Text("a"), 1));
        Assert.Equal("", Step(large, Text("a"), 1));
    }

    [Fact]
    public void Addresses_are_tried_in_order()
    {
        HttpExchange exchange = Exchange(default, "192.0.2.1", "192.0.2.2", "192.0.2.3");
        Assert.Equal("connect 192.0.2.1 8080", Step(exchange, HttpExchangeInput.Started));
        Assert.Equal("close; connect 192.0.2.2 8080", Step(exchange, HttpExchangeInput.ConnectFailed, 1));
        Assert.Equal("close; connect 192.0.2.3 8080", Step(exchange, HttpExchangeInput.ConnectFailed, 1));
        Assert.Equal("close; report ConnectFailed 0", Step(exchange, HttpExchangeInput.ConnectFailed, 1));
    }

    [Fact]
    public void Without_an_address_there_is_nothing_to_connect_to() =>
        Assert.Equal("report ConnectFailed 0", Step(Exchange(), HttpExchangeInput.Started));

    [Fact]
    public void A_connect_timeout_moves_on_to_the_next_address()
    {
        HttpExchange exchange = Exchange(TimeSpan.FromSeconds(3), "192.0.2.1", "192.0.2.2");
        Step(exchange, HttpExchangeInput.Started);
        Assert.Equal(At(3), exchange.Deadline);
        Assert.Equal("close; connect 192.0.2.2 8080", Step(exchange, HttpExchangeInput.TimePassed, 3));
        Assert.Equal("close; report TimedOut 0", Step(exchange, HttpExchangeInput.TimePassed, 6));
    }

    [Fact]
    public void Without_a_connect_timeout_the_addresses_share_the_time()
    {
        HttpExchange exchange = Exchange(default, "192.0.2.1", "192.0.2.2");
        Step(exchange, HttpExchangeInput.Started);
        Assert.Equal(At(15), exchange.Deadline);
        Assert.Equal("close; connect 192.0.2.2 8080", Step(exchange, HttpExchangeInput.TimePassed, 15));
        Assert.Equal(At(30), exchange.Deadline);
        Assert.Equal("close; report TimedOut 0", Step(exchange, HttpExchangeInput.TimePassed, 30));
    }

    [Fact]
    public void A_peer_that_drips_hits_the_deadline()
    {
        HttpExchange exchange = Connected();
        string head = "HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\n\r\n";
        for (int i = 0; i < 29; i++)
        {
            Assert.Equal("", Step(exchange, Text(head[i..(i + 1)]), 1 + i));
        }

        Assert.Equal("close; report TimedOut 0", Step(exchange, Text("x"), 30));
    }

    [Theory]
    [InlineData("", "close; report NoStatus 0")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "close; report BadHead 0")]
    public void The_peers_early_end_is_told(string text, string expected)
    {
        HttpExchange exchange = Connected();
        Assert.Equal("", Step(exchange, Text(text)));
        Assert.Equal(expected, Step(exchange, HttpExchangeInput.PeerClosed));
    }

    [Fact]
    public void What_is_no_HTTP_is_told_at_once() =>
        Assert.Equal("close; report NoStatus 0", Step(Connected(), Text("SSH-2.0-x")));

    [Fact]
    public void A_broken_connection_is_told()
    {
        HttpExchange exchange = Connected();
        Assert.Equal("close; report ConnectionLost 0", Step(exchange, HttpExchangeInput.ConnectionLost));
        HttpExchange draining = Connected();
        Step(draining, Text("HTTP/1.1 200 OK\r\n\r\n"));
        Assert.Equal("close", Step(draining, HttpExchangeInput.ConnectionLost));
    }

    [Fact]
    public void Cancelling_closes_and_reports_nothing()
    {
        HttpExchange exchange = Connected();
        Assert.Equal("close", Step(exchange, HttpExchangeInput.Cancelled));
        Assert.Null(exchange.Result);
        Assert.Equal("", Step(exchange, HttpExchangeInput.TimePassed, 99));
        HttpExchange idle = Exchange(default, "192.0.2.1");
        Assert.Equal("", Step(idle, HttpExchangeInput.Cancelled));
        Assert.Equal("", Step(idle, HttpExchangeInput.Started));
    }

    [Fact]
    public void There_is_no_TLS_here()
    {
        Assert.True(HttpUri.TryParse("https://a/", out HttpUri? uri));
        Assert.Throws<ArgumentException>(() => new HttpExchange(new() { Uri = uri, Addresses = [] }));
    }

    [Fact]
    public void States_change_as_the_table_says()
    {
        HashSet<(HttpExchangeState, HttpExchangeState)> seen = [];
        PseudoRandom random = new(1);
        string[] pieces = ["HTTP/1.1 200 OK\r\n", "\r\n", "Content-Length: 0\r\n", "body", "SSH"];
        for (int round = 0; round < 4000; round++)
        {
            HttpExchange exchange = round % 8 == 0 ? Exchange() : Exchange(default, "192.0.2.1", "192.0.2.2");
            for (double at = 0; at < 40; at += random.NextBelow(4))
            {
                HttpExchangeState before = exchange.State;
                Step(
                    exchange,
                    random.NextBelow(12) switch
                    {
                        0 or 1 => HttpExchangeInput.Started,
                        2 or 3 => HttpExchangeInput.Connected,
                        4 => HttpExchangeInput.ConnectFailed,
                        5 => HttpExchangeInput.PeerClosed,
                        6 => HttpExchangeInput.ConnectionLost,
                        7 => HttpExchangeInput.Cancelled,
                        8 => HttpExchangeInput.TimePassed,
                        _ => Text(pieces[random.NextBelow((uint)pieces.Length)]),
                    },
                    at);
                Assert.Equal(exchange.State is HttpExchangeState.Idle or HttpExchangeState.Closed, exchange.Deadline.IsNever);
                if (exchange.State != before)
                {
                    seen.Add((before, exchange.State));
                }
            }
        }

        HashSet<(HttpExchangeState, HttpExchangeState)> table =
        [
            (HttpExchangeState.Idle, HttpExchangeState.Connecting),
            (HttpExchangeState.Idle, HttpExchangeState.Closed),
            (HttpExchangeState.Connecting, HttpExchangeState.AwaitingHead),
            (HttpExchangeState.Connecting, HttpExchangeState.Closed),
            (HttpExchangeState.AwaitingHead, HttpExchangeState.Draining),
            (HttpExchangeState.AwaitingHead, HttpExchangeState.Closed),
            (HttpExchangeState.Draining, HttpExchangeState.Closed),
        ];
        Assert.True(table.SetEquals(seen), string.Join(' ', seen));
    }
}
