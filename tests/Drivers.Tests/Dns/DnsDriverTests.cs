using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Dns;
using Spindle.Drivers.Sockets;
using Spindle.Drivers.Tests.Sockets;
using Spindle.Kernels;
using Spindle.Protocols.Dns;

namespace Spindle.Drivers.Tests.Dns;

public sealed class DnsDriverTests : SocketTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    private DnsQueryResult? result;

    private FakeDnsServer Serve(DnsResponder responder) => Own(new FakeDnsServer(Loop, responder));

    private DnsDriver Ask(DnsQueryOptions options, LinkScope? link = null)
    {
        result = null;
        DnsDriver driver = Own(new DnsDriver(Loop, link ?? Loopback, options, (_, answer) => result = answer));
        driver.Start();
        return driver;
    }

    private DnsQueryOptions Options(params DnsServer[] servers) => new()
    {
        Host = "ipv4.connman.net",
        Family = IpFamily.V4,
        Servers = servers,

        // Long: a machine under load must not fail a test that is not about time.
        AttemptTimeout = TimeSpan.FromSeconds(20),
        AttemptTimeoutMax = TimeSpan.FromSeconds(20),
        TotalTimeout = TimeSpan.FromSeconds(60),
    };

    private string Result()
    {
        TurnUntil(() => result is not null);
        return $"{result!.Outcome} {string.Join(' ', result.Addresses)}".TrimEnd();
    }

    [Theory]
    [InlineData(IpFamily.V4, "10.0.0.1")]
    [InlineData(IpFamily.V6, "2001:db8::1")]
    public void A_name_is_resolved_over_the_link(IpFamily family, string address)
    {
        FakeDnsServer server = Serve((query, _) => FakeDnsServer.Respond(query, 0, false, address));
        Ask(Options(server.Server) with { Family = family });
        Assert.Equal($"Resolved {address}", Result());
        Assert.Single(server.Clients);
    }

    [Theory]
    [InlineData(Errno.ENOSPC)]
    [InlineData(Errno.ENOMEM)]
    public void A_socket_that_cannot_be_watched_is_a_failed_attempt_and_the_next_server_is_asked(Errno refusal)
    {
        FakeDnsServer first = Serve((query, _) => FakeDnsServer.Respond(query, 0, false, "10.0.0.1"));
        FakeDnsServer second = Serve((query, _) => FakeDnsServer.Respond(query, 0, false, "10.0.0.2"));
        (Kernel.Refusal, Kernel.RefusalsLeft) = (refusal, 1);
        Ask(Options(first.Server, second.Server));
        Assert.Equal("Resolved 10.0.0.2", Result());
        Assert.Empty(first.Clients);
    }

    [Fact]
    public void Every_query_has_a_port_and_an_id_of_its_own()
    {
        FakeDnsServer server = Serve((query, _) => FakeDnsServer.Respond(query, 0, false, "10.0.0.1"));
        HashSet<ushort> ports = [];
        for (int i = 0; i < 8; i++)
        {
            Ask(Options(server.Server));
            Assert.Equal("Resolved 10.0.0.1", Result());
            Assert.True(server.Clients[i].TryGetInet(out _, out ushort port, out _));
            Assert.True(port >= 0x8000);
            ports.Add(port);
        }

        // Eight of 2^15 ports, and of 2^16 ids: more than one pair alike is a broken generator.
        Assert.True(ports.Count >= 7);
        Assert.True(new HashSet<ushort>(server.Ids).Count >= 7);
    }

    [Fact]
    public void A_truncated_answer_is_fetched_over_TCP()
    {
        FakeDnsServer server = Serve((query, isTcp) => isTcp
            ? FakeDnsServer.Respond(query, 0, false, "10.0.0.1", "10.0.0.2")
            : FakeDnsServer.Respond(query, 0, true));
        Ask(Options(server.Server));
        Assert.Equal("Resolved 10.0.0.1 10.0.0.2", Result());
        Assert.Equal(2, server.Clients.Count);
    }

    [Fact]
    public void An_answer_from_another_port_is_not_believed()
    {
        int forger = LoopbackSocket.Open(Kernel, SocketType.Datagram, Local, out _);
        FakeDnsServer? server = null;
        server = Serve((query, _) =>
        {
            byte[] forged = FakeDnsServer.Respond(query, 0, false, "192.0.2.66");
            Assert.True(Kernel.SendTo(forger, forged, 0, server!.Clients[^1]).IsOk);
            return FakeDnsServer.Respond(query, 0, false, "10.0.0.1");
        });
        Ask(Options(server.Server));
        Assert.Equal("Resolved 10.0.0.1", Result());
        Kernel.Close(forger);
    }

    [Fact]
    public void An_answer_with_another_id_is_not_believed()
    {
        FakeDnsServer server = Serve((query, _) =>
        {
            byte[] forged = FakeDnsServer.Respond(query, 0, false, "192.0.2.66");
            forged[0] ^= 0xFF;
            return forged;
        });
        DnsDriver driver = Ask(Options(server.Server));
        TurnUntil(() => driver.IgnoredCount == 1);
        Assert.Null(result);
    }

    [Fact]
    public void A_lost_query_is_sent_again()
    {
        int queries = 0;
        FakeDnsServer server = Serve((query, _) => ++queries < 3 ? null : FakeDnsServer.Respond(query, 0, false, "10.0.0.1"));
        Ask(Options(server.Server) with { AttemptTimeout = Short });
        Assert.Equal("Resolved 10.0.0.1", Result());
        Assert.True(queries >= 3);
    }

    [Fact]
    public void Server_after_server_is_asked()
    {
        FakeDnsServer silent = Serve((_, _) => null);
        FakeDnsServer refusing = Serve((query, _) => FakeDnsServer.Respond(query, 5));
        FakeDnsServer good = Serve((query, _) => FakeDnsServer.Respond(query, 0, false, "10.0.0.1"));
        ushort closed = LoopbackSocket.UnusedPort(Kernel, SocketType.Datagram, Local); // last: none of the servers got it
        Ask(Options(new(Local, closed), silent.Server, refusing.Server, good.Server) with { AttemptTimeout = Short });
        Assert.Equal("Resolved 10.0.0.1", Result());
        Assert.Single(refusing.Clients);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_at_once()
    {
        ushort closed = LoopbackSocket.UnusedPort(Kernel, SocketType.Datagram, Local);
        Ask(Options(new DnsServer(Local, closed)) with { AttemptTimeout = TimeSpan.FromHours(1), TotalTimeout = TimeSpan.FromHours(2) });
        Assert.Equal("Unreachable", Result());
    }

    [Fact]
    public void A_link_that_is_not_there_is_told_at_once()
    {
        Ask(Options(new DnsServer(Local)), new LinkScope("nosuchlink0", 0));
        Assert.Equal(DnsQueryOutcome.Unreachable, result?.Outcome);
    }

    [Fact]
    public void A_TCP_server_that_is_silent_times_out()
    {
        FakeDnsServer server = Serve((query, isTcp) => isTcp ? null : FakeDnsServer.Respond(query, 0, true));
        Ask(Options(server.Server) with { TotalTimeout = Short * 3 });
        Assert.Equal("TimedOut", Result());
    }

    [Fact]
    public void A_literal_address_is_its_own_answer()
    {
        Ask(Options() with { Host = "192.0.2.7" });
        Assert.Equal("192.0.2.7", Assert.Single(result!.Addresses).ToString());
    }

    [Fact]
    public void A_cancelled_query_says_nothing_more()
    {
        FakeDnsServer server = Serve((query, _) => FakeDnsServer.Respond(query, 0, false, "10.0.0.1"));
        DnsDriver driver = Ask(Options(server.Server));
        driver.Dispose();
        driver.Dispose();
        TurnFor(Short * 3);
        Assert.Null(result);
    }
}
