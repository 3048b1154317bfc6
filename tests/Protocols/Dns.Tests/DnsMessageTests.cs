using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Protocols.Dns;

namespace Spindle.Protocols.Dns.Tests;

public sealed class DnsMessageTests
{
    // An answer to "A ipv4.connman.net" as dnsmasq writes it.
    private static readonly byte[] Answer = Convert.FromHexString(
        "4d2a8580000100010000000004697076340763" + "6f6e6e6d616e036e65740000010001" + "c00c00010001000000000004" + "0a630001");

    private static DnsName Host(string text)
    {
        Assert.True(DnsName.TryParse(text, out DnsName? name));
        return name;
    }

    private static List<string> Collect(DnsResponse response, string host, DnsType type = DnsType.A)
    {
        Assert.True(DnsMessage.TryParse(response.ToArray(), out DnsMessage message, out _));
        Span<IpAddress> addresses = new IpAddress[4];
        int count = DnsAnswer.Collect(message, Host(host), type, addresses, out _);
        List<string> texts = [];
        foreach (IpAddress address in addresses[..count])
        {
            texts.Add(address.ToString());
        }

        return texts;
    }

    [Fact]
    public void A_query_reads_back_as_it_was_written()
    {
        DnsQuestion question = new(0x1234, Host("ipv4.connman.net"), DnsType.Aaaa);
        byte[] octets = new byte[question.Size];
        question.Write(octets);
        Assert.True(DnsMessage.TryParse(octets, out DnsMessage message, out _));
        Assert.Equal(new DnsHeader(0x1234, DnsHeader.RecursionDesired, 1, 0, 0, 0), message.Header);
        Assert.False(message.Header.IsResponse);
        Assert.True(message.IsQuestion(Host("IPV4.connman.net"), DnsType.Aaaa));
        Assert.False(message.IsQuestion(Host("ipv4.connman.net"), DnsType.A));
        Assert.False(message.IsQuestion(Host("ipv4.connman.org"), DnsType.Aaaa));
    }

    [Fact]
    public void A_plain_answer_gives_its_address()
    {
        Assert.True(DnsMessage.TryParse(Answer, out DnsMessage message, out _));
        Assert.True(message.Header.IsResponse);
        Assert.True(message.IsQuestion(Host("ipv4.connman.net"), DnsType.A));
        Span<IpAddress> addresses = new IpAddress[1];
        Assert.Equal(1, DnsAnswer.Collect(message, Host("ipv4.connman.net"), DnsType.A, addresses, out uint ttl));
        Assert.Equal("10.99.0.1", addresses[0].ToString());
        Assert.Equal(0u, ttl);
    }

    [Fact]
    public void Every_truncation_fails_cleanly()
    {
        for (int length = 0; length < Answer.Length; length++)
        {
            Assert.False(DnsMessage.TryParse(Answer.AsSpan(0, length), out _, out DnsError error));
            Assert.Equal(DnsError.Truncated, error);
        }
    }

    [Fact]
    public void A_truncated_flag_means_that_only_the_question_counts()
    {
        byte[] octets = (byte[])Answer.Clone();
        octets[2] |= 0x02;
        Assert.True(DnsMessage.TryParse(octets.AsSpan(0, octets.Length - 6), out DnsMessage message, out _));
        Assert.True(message.Header.IsTruncated);
        Assert.Equal(0, message.AnswerCount);
        Assert.False(message.Answers.MoveNext());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Exactly_one_question_is_taken(ushort questions)
    {
        byte[] octets = new DnsResponse(1, "a.b", DnsType.A, 0, questions: questions).ToArray();
        Assert.False(DnsMessage.TryParse(octets, out _, out DnsError error));
        Assert.Equal(DnsError.BadQuestionCount, error);
    }

    [Theory]
    [InlineData(DnsType.A, 3)]
    [InlineData(DnsType.A, 16)]
    [InlineData(DnsType.Aaaa, 4)]
    public void An_address_of_the_wrong_size_is_bad(DnsType type, int size)
    {
        byte[] octets = new DnsResponse(1, "a.b", type, 1).Pointer(12).Record(type, 60, new byte[size]).ToArray();
        Assert.False(DnsMessage.TryParse(octets, out _, out DnsError error));
        Assert.Equal(DnsError.BadAddress, error);
    }

    [Fact]
    public void An_alias_must_fill_its_data()
    {
        byte[] octets = new DnsResponse(1, "a.b", DnsType.A, 1).Pointer(12).Record(DnsType.Cname, 60, 1, 99, 0, 7).ToArray();
        Assert.False(DnsMessage.TryParse(octets, out _, out DnsError error));
        Assert.Equal(DnsError.BadName, error);
    }

    [Fact]
    public void Aliases_are_followed_in_any_order()
    {
        DnsResponse response = new(1, "www.a.b", DnsType.A, 4);
        response.Name("c.d").Record(DnsType.A, 30, 192, 0, 2, 1);
        response.Name("cdn.a.b").Record(DnsType.Cname, 20, DnsResponse.Wire("c.d"));
        response.Pointer(12).Record(DnsType.Cname, 10, DnsResponse.Wire("CDN.a.b"));
        response.Name("c.d").Record(DnsType.A, 30, 192, 0, 2, 2);
        Assert.Equal(["192.0.2.1", "192.0.2.2"], Collect(response, "www.a.b"));
    }

    [Fact]
    public void The_shortest_time_to_live_on_the_way_counts()
    {
        DnsResponse response = new(1, "www.a.b", DnsType.A, 2);
        response.Pointer(12).Record(DnsType.Cname, 10, DnsResponse.Wire("c.d"));
        response.Name("c.d").Record(DnsType.A, 30, 192, 0, 2, 1);
        Assert.True(DnsMessage.TryParse(response.ToArray(), out DnsMessage message, out _));
        Assert.Equal(1, DnsAnswer.Collect(message, Host("www.a.b"), DnsType.A, new IpAddress[1], out uint ttl));
        Assert.Equal(10u, ttl);
    }

    [Fact]
    public void Aliases_that_loop_lead_nowhere()
    {
        DnsResponse response = new(1, "a.b", DnsType.A, 2);
        response.Pointer(12).Record(DnsType.Cname, 10, DnsResponse.Wire("c.d"));
        response.Name("c.d").Record(DnsType.Cname, 10, DnsResponse.Wire("a.b"));
        Assert.Empty(Collect(response, "a.b"));
    }

    [Fact]
    public void Addresses_of_other_names_are_not_taken()
    {
        DnsResponse response = new(1, "a.b", DnsType.A, 2);
        response.Name("evil.b").Record(DnsType.A, 10, 192, 0, 2, 66);
        response.Pointer(12).Record(DnsType.Cname, 10, DnsResponse.Wire("c.d"));
        Assert.Empty(Collect(response, "a.b"));
    }

    [Fact]
    public void Unknown_records_and_classes_are_passed_over()
    {
        DnsResponse response = new(1, "a.b", DnsType.A, 3);
        response.Pointer(12).Record((DnsType)999, 10, 1, 2, 3);
        response.Pointer(12).U16(1).U16(3).U16(0).U16(9).U16(2).Raw(1, 2);
        response.Address("192.0.2.5");
        Assert.Equal(["192.0.2.5"], Collect(response, "a.b"));
    }

    [Fact]
    public void More_addresses_than_fit_are_left_out()
    {
        DnsResponse response = new(1, "a.b", DnsType.Aaaa, 6);
        for (int i = 1; i <= 6; i++)
        {
            response.Address($"2001:db8::{i}");
        }

        Assert.Equal(["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4"], Collect(response, "a.b", DnsType.Aaaa));
    }

    [Fact]
    public void A_stream_holds_messages_behind_their_lengths()
    {
        byte[] stream = new byte[2 + Answer.Length];
        DnsStream.WritePrefix(stream, Answer.Length);
        Answer.CopyTo(stream, 2);
        for (int length = 0; length < stream.Length; length++)
        {
            Assert.False(DnsStream.TryTake(stream.AsSpan(0, length), out _));
            Assert.Equal(length < 2 ? 2 : stream.Length, DnsStream.SizeNeeded(stream.AsSpan(0, length)));
        }

        Assert.True(DnsStream.TryTake(stream, out ReadOnlySpan<byte> message));
        Assert.Equal(Answer, message.ToArray());
    }
}
