using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Protocols.Dns;

namespace Spindle.Protocols.Dns.Tests;

/// <summary>Timelines of a query. Each output is written as a short line.</summary>
public sealed class DnsQueryTests
{
    private const string Host = "ipv4.connman.net";

    private static readonly DnsServer First = new(IpAddress.Parse("192.0.2.1"));
    private static readonly DnsServer Second = new(IpAddress.Parse("192.0.2.2"));

    private static DnsQuery Query(params DnsServer[] servers) =>
        new(new() { Host = Host, Family = IpFamily.V4, Servers = servers });

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);

    private static string Step(DnsQuery query, DnsQueryInput input, double at = 0)
    {
        query.Step(input, At(at));
        List<string> lines = [];
        while (query.TryTake(out DnsQueryOutput output))
        {
            lines.Add(output.Kind switch
            {
                DnsQueryOutputKind.OpenSocket => $"open {output.Attempt} {output.Server.Address} {output.Transport}",
                DnsQueryOutputKind.SendQuestion => $"send {output.Attempt}",
                DnsQueryOutputKind.CloseSocket => $"close {output.Attempt}",
                DnsQueryOutputKind.Finish => $"finish {query.Result!.Outcome} {string.Join(' ', query.Result.Addresses)}".TrimEnd(),
            });
        }

        return string.Join("; ", lines);
    }

    private static byte[] Reply(DnsQuery query, int attempt, int code = 0, ushort flags = 0x8180, params string[] addresses)
    {
        DnsQuestion question = query.QuestionOf(attempt);
        DnsResponse response = new(question.Id, question.Name.Text, question.Type, addresses.Length, (ushort)(flags | code));
        foreach (string address in addresses)
        {
            response.Address(address);
        }

        return response.ToArray();
    }

    private static DnsQuery Asked(params DnsServer[] servers)
    {
        DnsQuery query = Query(servers);
        Step(query, DnsQueryInput.Started);
        Step(query, DnsQueryInput.SocketOpened(0, 7));
        return query;
    }

    [Fact]
    public void A_name_is_asked_for_at_once_and_its_addresses_end_the_query()
    {
        DnsQuery query = Query(First);
        Assert.Equal("open 0 192.0.2.1 Udp", Step(query, DnsQueryInput.Started));
        Assert.Equal("send 0", Step(query, DnsQueryInput.SocketOpened(0, 0xBEEF)));
        Assert.Equal(0xBEEF, query.QuestionOf(0).Id);
        byte[] reply = Reply(query, 0, 0, 0x8180, "10.0.0.1", "10.0.0.2");
        Assert.Equal("close 0; finish Resolved 10.0.0.1 10.0.0.2", Step(query, DnsQueryInput.ResponseReceived(0, First, reply)));
        Assert.Equal(60u, query.Result!.TimeToLiveSeconds);
        Assert.Equal(Instant.Never, query.Deadline);
    }

    [Theory]
    [InlineData("192.0.2.9", IpFamily.V4, "finish Resolved 192.0.2.9")]
    [InlineData("2001:db8::9", IpFamily.V6, "finish Resolved 2001:db8::9")]
    [InlineData("192.0.2.9", IpFamily.V6, "finish NoAddress")]
    [InlineData("no host", IpFamily.V4, "finish InvalidName")]
    public void Nobody_is_asked_for_what_is_no_name(string host, IpFamily family, string expected)
    {
        DnsQuery query = new(new() { Host = host, Family = family, Servers = [First] });
        Assert.Equal(expected, Step(query, DnsQueryInput.Started));
        Assert.Equal(DnsQueryState.Finished, query.State);
    }

    [Fact]
    public void Without_a_server_there_is_nobody_to_ask() =>
        Assert.Equal("finish NoServers", Step(Query(), DnsQueryInput.Started));

    [Fact]
    public void A_silent_server_is_asked_again_twice_as_patiently_until_time_is_over()
    {
        DnsQuery query = Asked(First);
        Assert.Equal(At(1), query.Deadline);
        Assert.Equal("", Step(query, DnsQueryInput.TimePassed, 0.999));
        Assert.Equal("open 1 192.0.2.1 Udp", Step(query, DnsQueryInput.TimePassed, 1));
        Assert.Equal(At(3), query.Deadline);
        Assert.Equal("open 2 192.0.2.1 Udp", Step(query, DnsQueryInput.TimePassed, 3));
        Assert.Equal("open 3 192.0.2.1 Udp", Step(query, DnsQueryInput.TimePassed, 7));
        Assert.Equal(At(10), query.Deadline);
        Assert.Equal("close 0; close 1; close 2; close 3; finish TimedOut", Step(query, DnsQueryInput.TimePassed, 10));
    }

    [Fact]
    public void The_next_server_is_asked_after_a_second_and_the_first_may_still_answer()
    {
        DnsQuery query = Asked(First, Second);
        Assert.Equal("open 1 192.0.2.2 Udp", Step(query, DnsQueryInput.TimePassed, 1));
        byte[] late = Reply(query, 0, 0, 0x8180, "10.0.0.1");
        Assert.Equal(
            "close 0; close 1; finish Resolved 10.0.0.1", Step(query, DnsQueryInput.ResponseReceived(0, First, late), 1.2));
    }

    [Fact]
    public void The_oldest_socket_goes_before_a_fifth_one_is_opened()
    {
        DnsServer third = new(IpAddress.Parse("192.0.2.3"));
        DnsQuery query = Asked(First, Second, third);
        Assert.Equal("open 1 192.0.2.2 Udp", Step(query, DnsQueryInput.TimePassed, 1));
        Assert.Equal("open 2 192.0.2.3 Udp", Step(query, DnsQueryInput.TimePassed, 2));
        Assert.Equal("open 3 192.0.2.1 Udp", Step(query, DnsQueryInput.TimePassed, 3));
        Assert.Equal("close 0; open 4 192.0.2.2 Udp", Step(query, DnsQueryInput.TimePassed, 5));
    }

    [Theory]
    [InlineData(1, DnsQueryOutcome.ServerFailed)]
    [InlineData(2, DnsQueryOutcome.ServerFailed)]
    [InlineData(3, DnsQueryOutcome.NameNotFound)]
    [InlineData(4, DnsQueryOutcome.ServerFailed)]
    [InlineData(5, DnsQueryOutcome.ServerFailed)]
    [InlineData(11, DnsQueryOutcome.ServerFailed)]
    [InlineData(0, DnsQueryOutcome.NoAddress)]
    public void A_server_that_does_not_help_is_followed_by_the_next_at_once(int code, DnsQueryOutcome expected)
    {
        DnsQuery query = Asked(First, Second);
        Assert.Equal(
            "close 0; open 1 192.0.2.2 Udp", Step(query, DnsQueryInput.ResponseReceived(0, First, Reply(query, 0, code)), 0.1));
        Step(query, DnsQueryInput.SocketOpened(1, 8), 0.1);
        Assert.Equal(
            $"close 1; finish {expected}", Step(query, DnsQueryInput.ResponseReceived(1, Second, Reply(query, 1, code)), 0.2));
    }

    [Fact]
    public void The_second_servers_address_wins_over_the_firsts_refusal()
    {
        DnsQuery query = Asked(First, Second);
        Step(query, DnsQueryInput.ResponseReceived(0, First, Reply(query, 0, 5)), 0.1);
        Step(query, DnsQueryInput.SocketOpened(1, 8), 0.1);
        byte[] reply = Reply(query, 1, 0, 0x8180, "10.0.0.1");
        Assert.Equal("close 1; finish Resolved 10.0.0.1", Step(query, DnsQueryInput.ResponseReceived(1, Second, reply), 0.2));
    }

    [Fact]
    public void A_server_that_answered_is_not_asked_again_while_a_silent_one_is()
    {
        DnsQuery query = Asked(First, Second);
        Assert.Equal("open 1 192.0.2.2 Udp", Step(query, DnsQueryInput.TimePassed, 1));
        Step(query, DnsQueryInput.SocketOpened(1, 8), 1);
        Assert.Equal("close 1", Step(query, DnsQueryInput.ResponseReceived(1, Second, Reply(query, 1, 3)), 1.1));
        Assert.Equal("open 2 192.0.2.1 Udp", Step(query, DnsQueryInput.TimePassed, 2));
        Assert.Equal("open 3 192.0.2.1 Udp", Step(query, DnsQueryInput.TimePassed, 4));
        Assert.Equal("close 0; close 2; close 3; finish NameNotFound", Step(query, DnsQueryInput.TimePassed, 10));
    }

    [Fact]
    public void Servers_that_cannot_be_reached_end_the_query_early()
    {
        DnsQuery query = Query(First, Second);
        Step(query, DnsQueryInput.Started);
        Assert.Equal("close 0; open 1 192.0.2.2 Udp", Step(query, DnsQueryInput.SocketFailed(0)));
        Assert.Equal("close 1; finish Unreachable", Step(query, DnsQueryInput.SocketFailed(1)));
    }

    [Fact]
    public void A_truncated_answer_is_asked_for_over_TCP()
    {
        DnsQuery query = Asked(First);
        byte[] cut = Reply(query, 0, 0, 0x8380);
        Assert.Equal("close 0; open 1 192.0.2.1 Tcp", Step(query, DnsQueryInput.ResponseReceived(0, First, cut), 0.1));
        Assert.Equal("send 1", Step(query, DnsQueryInput.SocketOpened(1, 9), 0.2));
        byte[] reply = Reply(query, 1, 0, 0x8180, "10.0.0.1");
        Assert.Equal("close 1; finish Resolved 10.0.0.1", Step(query, DnsQueryInput.ResponseReceived(1, First, reply), 0.3));
    }

    [Fact]
    public void An_answer_that_is_truncated_over_TCP_is_a_failure()
    {
        DnsQuery query = Asked(First);
        Step(query, DnsQueryInput.ResponseReceived(0, First, Reply(query, 0, 0, 0x8380)), 0.1);
        Step(query, DnsQueryInput.SocketOpened(1, 9), 0.2);
        byte[] cut = Reply(query, 1, 0, 0x8380);
        Assert.Equal("close 1; finish ServerFailed", Step(query, DnsQueryInput.ResponseReceived(1, First, cut), 0.3));
    }

    [Fact]
    public void What_is_no_answer_to_us_is_ignored_and_counted()
    {
        DnsQuery query = Asked(First, Second);
        byte[] good = Reply(query, 0, 0, 0x8180, "10.0.0.1");
        byte[] wrongId = (byte[])good.Clone();
        wrongId[1] ^= 1;
        byte[] query0 = Reply(query, 0, 0, 0x0100, "10.0.0.1");
        byte[] wrongOperation = Reply(query, 0, 0, 0x9180, "10.0.0.1");
        byte[] wrongName = new DnsResponse(7, "evil.example", DnsType.A, 0).ToArray();
        byte[] wrongType = new DnsResponse(7, Host, DnsType.Aaaa, 0).ToArray();
        foreach (byte[] reply in new[] { wrongId, query0, wrongOperation, wrongName, wrongType, good[..^1], [] })
        {
            Assert.Equal("", Step(query, DnsQueryInput.ResponseReceived(0, First, reply)));
        }

        Assert.Equal("", Step(query, DnsQueryInput.ResponseReceived(0, Second, good)));
        Assert.Equal("", Step(query, DnsQueryInput.ResponseReceived(0, First with { Port = 54 }, good)));
        Assert.Equal("", Step(query, DnsQueryInput.ResponseReceived(5, First, good)));
        Assert.Equal(9, query.IgnoredCount);
        Assert.Equal("close 0; finish Resolved 10.0.0.1", Step(query, DnsQueryInput.ResponseReceived(0, First, good)));
    }

    [Fact]
    public void Nothing_counts_before_the_question_was_sent()
    {
        DnsQuery query = Query(First);
        Step(query, DnsQueryInput.Started);
        byte[] forged = new DnsResponse(0, Host, DnsType.A, 1).Address("192.0.2.66").ToArray();
        Assert.Equal("", Step(query, DnsQueryInput.ResponseReceived(0, First, forged)));
    }

    [Fact]
    public void Cancelling_closes_everything_and_gives_no_result()
    {
        DnsQuery query = Asked(First, Second);
        Step(query, DnsQueryInput.TimePassed, 1);
        Assert.Equal("close 0; close 1", Step(query, DnsQueryInput.Cancelled, 1.5));
        Assert.Null(query.Result);
        Assert.Equal("", Step(query, DnsQueryInput.TimePassed, 20));
        Assert.Equal("", Step(query, DnsQueryInput.Started, 21));
    }

    [Fact]
    public void States_change_as_the_table_says()
    {
        HashSet<(DnsQueryState, DnsQueryState)> seen = [];
        PseudoRandom random = new(1);
        for (int round = 0; round < 2000; round++)
        {
            DnsQuery query = round % 4 == 0 ? Query() : Query(First, Second);
            for (double at = 0; at < 12; at += random.NextBelow(3))
            {
                DnsQueryState before = query.State;
                int attempt = (int)random.NextBelow(4);
                Step(
                    query,
                    random.NextBelow(8) switch
                    {
                        0 => DnsQueryInput.Started,
                        1 => DnsQueryInput.SocketOpened(attempt, 7),
                        2 => DnsQueryInput.SocketFailed(attempt),
                        3 => DnsQueryInput.Cancelled,
                        4 => DnsQueryInput.ResponseReceived(
                            attempt, First, new DnsResponse(7, Host, DnsType.A, 1).Address("10.0.0.1").ToArray()),
                        _ => DnsQueryInput.TimePassed,
                    },
                    at);
                Assert.Equal(query.State == DnsQueryState.Asking, !query.Deadline.IsNever);
                if (query.State != before)
                {
                    seen.Add((before, query.State));
                }
            }
        }

        HashSet<(DnsQueryState, DnsQueryState)> table =
        [
            (DnsQueryState.Idle, DnsQueryState.Asking),
            (DnsQueryState.Idle, DnsQueryState.Finished),
            (DnsQueryState.Asking, DnsQueryState.Finished),
        ];
        Assert.True(table.SetEquals(seen), string.Join(' ', seen));
    }
}
