using System;
using Spindle.Basics;
using Spindle.Protocols.Dns;

namespace Spindle.Fuzz.Targets;

/// <summary>DNS messages, alone and as the answers of a query.</summary>
public static class DnsFuzz
{
    private const string Host = "ipv4.connman.net";
    private const ushort Id = 0x4D2A;

    private static readonly DnsServer Server = new(IpAddress.FromV4(192, 0, 2, 1));

    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new("dns", [Question(), Answer(), Alias(), Truncated()], Run);

    private static byte[] Question()
    {
        DnsName.TryParse(Host, out DnsName? name);
        DnsQuestion question = new(Id, name!, DnsType.A);
        byte[] octets = new byte[question.Size];
        question.Write(octets);
        return octets;
    }

    private static byte[] Answer() => Convert.FromHexString(
        "4D2A85800001000100000000" + "046970763407636F6E6E6D616E036E6574000001" + "0001"
        + "C00C000100010000003C0004" + "0A630001");

    private static byte[] Alias() => Convert.FromHexString(
        "4D2A85800001000200000000" + "046970763407636F6E6E6D616E036E6574000001" + "0001"
        + "C00C000500010000003C0006" + "0363646EC011"
        + "C02E000100010000003C0004" + "0A630002");

    private static byte[] Truncated()
    {
        byte[] octets = Answer();
        octets[2] |= 0x02;
        return octets[..40];
    }

    private static void Run(byte[] input)
    {
        ReadMessage(input);
        if (DnsStream.TryTake(input, out ReadOnlySpan<byte> message))
        {
            ReadMessage(message);
        }

        AnswerQuery(input);
    }

    private static void ReadMessage(ReadOnlySpan<byte> input)
    {
        if (!DnsMessage.TryParse(input, out DnsMessage message, out DnsError error))
        {
            Law(error != DnsError.None, "a refused message has an error");
            return;
        }

        byte[] header = new byte[DnsHeader.Size];
        message.Header.Write(header);
        Law(header.AsSpan().SequenceEqual(input[..DnsHeader.Size]), "a header reads back as it was");
        Span<byte> name = stackalloc byte[DnsName.WireSizeMax];
        int answers = 0;
        foreach (DnsRecord record in message.Answers)
        {
            answers++;
            Law(record.CopyName(name) is > 0 and <= DnsName.WireSizeMax, "a checked name can be copied");
            record.TryGetAddress(out _);
        }

        Law(answers == message.AnswerCount, "checked answers can all be walked");
    }

    private static void AnswerQuery(ReadOnlySpan<byte> input)
    {
        DnsQuery query = new(new() { Host = Host, Family = IpFamily.V4, Servers = [Server] });
        query.Step(DnsQueryInput.Started, Instant.Zero);
        query.Step(DnsQueryInput.SocketOpened(0, Id), Instant.Zero);
        query.Step(DnsQueryInput.ResponseReceived(0, Server, input), Instant.Zero);
        int outputs = 0;
        while (query.TryTake(out _))
        {
            outputs++;
        }

        Law(outputs is >= 2 and <= 8, "an answer leads to few outputs");
        Law(query.Result is not { IsResolved: true } || query.Result.Addresses.Count is > 0 and <= DnsQueryOptions.AddressesMax,
            "resolved means addresses");
        query.Step(DnsQueryInput.TimePassed, Instant.FromSeconds(60));
        Law(query.State == DnsQueryState.Finished, "a query ends");
    }

    private static void Law(bool holds, string law)
    {
        if (!holds)
        {
            throw new InvalidOperationException(law);
        }
    }
}
