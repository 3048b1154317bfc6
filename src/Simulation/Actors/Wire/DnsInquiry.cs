using System;
using System.Text;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>A DNS query (RFC 1035, section 4) as a server reads it.</summary>
internal readonly record struct DnsInquiry(ushort Id, ushort Flags, string Name, ushort Type, ushort Class, int QuestionEnd)
{
    public const int HeaderSize = 12;
    public const ushort TypeA = 1;
    public const ushort TypeCname = 5;
    public const ushort TypeAaaa = 28;
    public const ushort TypeOptions = 41;

    public bool IsRecursionDesired => (Flags & 0x0100) != 0;

    /// <summary>Reads a message with one question; if it is none, says why.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out DnsInquiry inquiry, out string problem)
    {
        inquiry = default;
        OctetReader reader = new(octets);
        if (!reader.TryReadUInt16(out ushort id) || !reader.TryReadUInt16(out ushort flags)
            || !reader.TryReadUInt16(out ushort questions) || !reader.TryReadUInt16(out ushort answers)
            || !reader.TryReadUInt16(out ushort authorities) || !reader.TryReadUInt16(out ushort additional))
        {
            problem = "DNS header cut short";
            return false;
        }

        problem = flags >> 15 != 0 ? "QR set in a query"
            : (flags >> 11 & 15) != 0 ? "opcode not QUERY"
            : (flags & 0x06CF) != 0 ? "bits set that a query has not"
            : questions != 1 ? "not one question"
            : answers != 0 || authorities != 0 || additional > 1 ? "records in a query"
            : "";
        if (problem.Length > 0)
        {
            return false;
        }

        if (!TryReadName(ref reader, out string name) || !reader.TryReadUInt16(out ushort type)
            || !reader.TryReadUInt16(out ushort questionClass))
        {
            problem = "question wrong";
            return false;
        }

        inquiry = new(id, flags, name, type, questionClass, octets.Length - reader.Remaining);
        problem = CheckAdditional(ref reader, additional);
        return problem.Length == 0;
    }

    private static string CheckAdditional(ref OctetReader reader, ushort additional)
    {
        if (additional == 0)
        {
            return reader.Remaining == 0 ? "" : "octets behind the question";
        }

        // EDNS: the root's name, type 41, size, flags, length of data (RFC 6891, section 6.1).
        return reader.TryReadByte(out byte root) && root == 0
            && reader.TryReadUInt16(out ushort type) && type == TypeOptions
            && reader.TryReadUInt16(out _) && reader.TryReadUInt32(out _)
            && reader.TryReadUInt16(out ushort length) && length == reader.Remaining ? "" : "additional record wrong";
    }

    private static bool TryReadName(ref OctetReader reader, out string name)
    {
        StringBuilder text = new();
        name = "";
        int size = 1;
        while (reader.TryReadByte(out byte length))
        {
            if (length == 0)
            {
                name = text.ToString();
                return true;
            }

            size += 1 + length;
            if (length > 63 || size > 255 || !reader.TryTake(length, out ReadOnlySpan<byte> label))
            {
                return false;
            }

            text.Append(text.Length > 0 ? "." : "").Append(Encoding.Latin1.GetString(label));
        }

        return false;
    }
}
