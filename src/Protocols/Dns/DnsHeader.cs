using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>The fixed front of a message (RFC 1035, section 4.1.1).</summary>
/// <param name="Id">Chosen by who asks, repeated by who answers.</param>
/// <param name="Flags">QR, opcode, AA, TC, RD, RA, AD, CD and RCODE as on the wire.</param>
/// <param name="QuestionCount">Questions (QDCOUNT).</param>
/// <param name="AnswerCount">Answers (ANCOUNT).</param>
/// <param name="AuthorityCount">Authority records (NSCOUNT).</param>
/// <param name="AdditionalCount">Additional records (ARCOUNT).</param>
public readonly record struct DnsHeader(
    ushort Id, ushort Flags, ushort QuestionCount, ushort AnswerCount, ushort AuthorityCount, ushort AdditionalCount)
{
    /// <summary>Octets on the wire.</summary>
    public const int Size = 12;

    /// <summary>Flags of an ordinary query: recursion desired.</summary>
    public const ushort RecursionDesired = 0x0100;

    /// <summary>True for a response (QR).</summary>
    public bool IsResponse => (Flags & 0x8000) != 0;

    /// <summary>Kind of query; 0 is the standard one.</summary>
    public int OperationCode => (Flags >> 11) & 0xF;

    /// <summary>True if the message was cut to fit the datagram (TC).</summary>
    public bool IsTruncated => (Flags & 0x0200) != 0;

    /// <summary>What the server says (RCODE).</summary>
    public DnsResponseCode ResponseCode => (DnsResponseCode)(Flags & 0xF);

    /// <summary>Reads the header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out DnsHeader header)
    {
        OctetReader reader = new(octets);
        header = default;
        if (!reader.TryReadUInt16(out ushort id) || !reader.TryReadUInt16(out ushort flags)
            || !reader.TryReadUInt16(out ushort questions) || !reader.TryReadUInt16(out ushort answers)
            || !reader.TryReadUInt16(out ushort authority) || !reader.TryReadUInt16(out ushort additional))
        {
            return false;
        }

        header = new(id, flags, questions, answers, authority, additional);
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        OctetWriter writer = new(destination);
        writer.WriteUInt16(Id);
        writer.WriteUInt16(Flags);
        writer.WriteUInt16(QuestionCount);
        writer.WriteUInt16(AnswerCount);
        writer.WriteUInt16(AuthorityCount);
        writer.WriteUInt16(AdditionalCount);
    }
}
