using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Http;
using Spindle.Drivers.Sockets;
using Spindle.Drivers.Tests.Sockets;
using Spindle.Kernels;
using Spindle.Protocols.Http;

namespace Spindle.Drivers.Tests.Http;

public sealed class HttpDriverTests : SocketTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(60);

    private readonly List<HttpFetchResult> results = [];

    private FakeHttpServer Serve(HttpResponder responder, IpAddress? address = null) =>
        Own(new FakeHttpServer(Loop, address ?? Local, responder));

    private FakeHttpServer Serve(string response, bool isHangingUp) => Serve((server, connection, _) =>
    {
        server.Send(connection, response);
        if (isHangingUp)
        {
            server.Hang(connection);
        }
    });

    private HttpExchangeOptions Options(ushort port, params IpAddress[] addresses)
    {
        Assert.True(HttpUri.TryParse($"http://status.test:{port}/online/status.html", out HttpUri? uri));
        return new() { Uri = uri, Addresses = addresses.Length == 0 ? [Local] : addresses };
    }

    private HttpDriver Fetch(HttpExchangeOptions options, LinkScope? link = null)
    {
        HttpDriver driver = Own(new HttpDriver(Loop, link ?? Loopback, options, (_, result) => results.Add(result)));
        driver.Start();
        return driver;
    }

    private HttpFetchResult Result()
    {
        TurnUntil(() => results.Count > 0);
        return Assert.Single(results);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nContent-Length: 4\r\n\r\nbody", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\n\r\n<html>body</html>", true)]
    [InlineData("HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", false)]
    public void A_response_with_or_without_body_is_told_and_the_connection_ends(string response, bool isHangingUp)
    {
        FakeHttpServer server = Serve(response, isHangingUp);
        HttpDriver driver = Fetch(Options(server.Port));
        Assert.Equal(new(HttpFetchOutcome.Responded, new(200, true, null)), Result());
        TurnUntil(() => driver.State == HttpExchangeState.Closed);
        Assert.Equal(
            $"GET /online/status.html HTTP/1.1\r\nHost: status.test:{server.Port}\r\n"
            + "User-Agent: ConnMan/2.0 wispr\r\nConnection: close\r\n\r\n",
            Assert.Single(server.Requests));
    }

    [Fact]
    public void The_result_does_not_wait_for_the_body()
    {
        FakeHttpServer server = Serve("HTTP/1.1 302 Found\r\nLocation: https://portal.test/\r\n\r\n<html>", false);
        HttpDriver driver = Fetch(Options(server.Port) with { DrainTimeout = Short });
        Assert.Equal("https://portal.test/", Result().Head.Location);
        Assert.Equal(HttpExchangeState.Draining, driver.State);
        TurnUntil(() => server.Ended == 1);
        Assert.Equal(HttpExchangeState.Closed, driver.State);
        Assert.Single(results);
    }

    [Fact]
    public void An_endless_body_is_cut()
    {
        FakeHttpServer server = Serve("HTTP/1.1 200 OK\r\n\r\n" + new string('x', 40_000), false);
        HttpDriver driver = Fetch(Options(server.Port) with { BodySizeMax = 10_000, DrainTimeout = TimeSpan.FromHours(1) });
        Assert.Equal(200, Result().Head.StatusCode);
        TurnUntil(() => server.Ended == 1);
        Assert.Equal(HttpExchangeState.Closed, driver.State);
    }

    [Fact]
    public void A_server_that_drips_hits_the_deadline()
    {
        FakeHttpServer server = Serve((self, connection, _) =>
        {
            self.Send(connection, "HTTP/1.1 200 OK\r\n");
            self.Drip(connection, "X-Drip: drop\r\n");
        });
        Fetch(Options(server.Port) with { TotalTimeout = Short });
        Assert.Equal(HttpFetchOutcome.TimedOut, Result().Outcome);
        TurnUntil(() => server.Ended == 1);
    }

    [Fact]
    public void A_silent_server_hits_the_deadline()
    {
        FakeHttpServer server = Serve((_, _, _) => { });
        Fetch(Options(server.Port) with { TotalTimeout = Short });
        Assert.Equal(HttpFetchOutcome.TimedOut, Result().Outcome);
    }

    [Fact]
    public void The_next_address_is_tried_where_one_refuses()
    {
        IpAddress other = IpAddress.FromV4(127, 0, 0, 2);
        FakeHttpServer server = Serve("HTTP/1.1 204 No Content\r\n\r\n", false);
        Fetch(Options(server.Port, other, IpAddress.Parse("::ffff:0:0"), Local));
        Assert.Equal(204, Result().Head.StatusCode);
    }

    [Fact]
    public void A_connection_that_cannot_be_watched_counts_as_refused()
    {
        FakeHttpServer server = Serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false);
        (Kernel.Refusal, Kernel.RefusalsLeft) = (Errno.ENOSPC, 1);
        Fetch(Options(server.Port));
        Assert.Equal(HttpFetchOutcome.ConnectFailed, Result().Outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_refused_connection_is_told()
    {
        Fetch(Options(LoopbackSocket.UnusedPort(Kernel, SocketType.Stream, Local)));
        Assert.Equal(HttpFetchOutcome.ConnectFailed, Result().Outcome);
    }

    [Fact]
    public void A_link_that_is_not_there_is_told_at_once()
    {
        Fetch(Options(80), new LinkScope("nosuchlink0", 0));
        Assert.Equal(HttpFetchOutcome.ConnectFailed, Assert.Single(results).Outcome);
    }

    [Fact]
    public void A_connection_that_breaks_is_told()
    {
        FakeHttpServer server = Serve((self, connection, _) => self.Reset(connection));
        Fetch(Options(server.Port));
        Assert.Equal(HttpFetchOutcome.ConnectionLost, Result().Outcome);
    }

    [Fact]
    public void A_response_before_a_reset_counts()
    {
        FakeHttpServer server = Serve((self, connection, _) =>
        {
            self.Send(connection, "HTTP/1.1 404 Not Found\r\n\r\nx");
            self.Reset(connection);
        });
        Fetch(Options(server.Port));
        Assert.Equal(404, Result().Head.StatusCode);
    }

    [Fact]
    public void A_server_that_says_nothing_and_hangs_up_gave_no_status()
    {
        FakeHttpServer server = Serve((self, connection, _) => self.Hang(connection));
        Fetch(Options(server.Port));
        Assert.Equal(HttpFetchOutcome.NoStatus, Result().Outcome);
    }

    [Fact]
    public void It_can_be_dropped_at_any_moment()
    {
        FakeHttpServer server = Serve("HTTP/1.1 200 OK\r\n\r\n<html>", false);
        HttpDriver unstarted = new(Loop, Loopback, Options(server.Port), (_, _) => Assert.Fail("told"));
        unstarted.Dispose();
        HttpDriver connecting = Fetch(Options(server.Port));
        connecting.Dispose();
        Exhaust();
        Assert.Empty(results);

        HttpDriver sent = Fetch(Options(server.Port));
        TurnUntil(() => sent.State == HttpExchangeState.AwaitingHead);
        sent.Dispose();
        Exhaust();
        Assert.Empty(results);

        HttpDriver draining = Fetch(Options(server.Port));
        TurnUntil(() => results.Count == 1);
        Assert.Equal(HttpExchangeState.Draining, draining.State);
        draining.Dispose();
        draining.Dispose();
        TurnUntil(() => server.Ended == server.Accepted && server.Accepted > 0);
        Assert.Single(results);
    }

    [Fact]
    public void It_can_be_dropped_while_it_reports()
    {
        FakeHttpServer server = Serve("HTTP/1.1 200 OK\r\n\r\n<html>", false);
        int reports = 0;
        using HttpDriver driver = new(Loop, Loopback, Options(server.Port), (self, _) =>
        {
            reports++;
            self.Dispose();
        });
        driver.Start();
        TurnUntil(() => server.Ended == 1);
        Assert.Equal(1, reports);
    }
}
