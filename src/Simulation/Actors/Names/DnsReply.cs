using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors.Names;

/// <summary>Makes the octets of a name server's reply (RFC 1035, section 4.1) in its mood.</summary>
internal static class DnsReply
{
    private const int SizeMax = 8192;
    private const ushort PointerToQuestion = 0xC000 | DnsInquiry.HeaderSize;

    public static byte[] Make(
        ReadOnlySpan<byte> query, in DnsInquiry inquiry, IReadOnlyList<IpAddress>? addresses, DnsMood mood, Choices choices)
    {
        if (mood == DnsMood.Garbage)
        {
            byte[] garbage = new byte[choices.Between(0, 600)];
            choices.Fill(garbage);
            return garbage;
        }

        Span<byte> octets = stackalloc byte[SizeMax];
        OctetWriter writer = new(octets);
        bool isKnown = addresses is not null;
        int count = CountOf(mood, addresses, inquiry);
        writer.WriteUInt16((ushort)(mood == DnsMood.WrongId ? inquiry.Id ^ 0x0101 : inquiry.Id));
        writer.WriteUInt16(FlagsOf(mood, inquiry, isKnown));
        writer.WriteUInt16(1);
        writer.WriteUInt16((ushort)count);
        writer.WriteUInt32(0);
        writer.Write(query[DnsInquiry.HeaderSize..inquiry.QuestionEnd]);
        BendQuestion(mood, octets.Slice(DnsInquiry.HeaderSize, inquiry.QuestionEnd - DnsInquiry.HeaderSize));
        WriteAnswers(ref writer, inquiry, addresses ?? [], mood, count);
        int length = mood == DnsMood.CutShort ? choices.Between(0, writer.Length - 1) : writer.Length;
        return octets[..length].ToArray();
    }

    private static ushort FlagsOf(DnsMood mood, in DnsInquiry inquiry, bool isKnown)
    {
        int code = mood switch
        {
            DnsMood.ServerFailure => 2,
            DnsMood.NameError => 3,
            DnsMood.NotImplemented => 4,
            DnsMood.Refused => 5,
            _ => isKnown ? 0 : 3,
        };
        int response = mood == DnsMood.NotAResponse ? 0 : 0x8000;
        int truncated = mood == DnsMood.Truncated ? 0x0200 : 0;
        return (ushort)(response | truncated | 0x0080 | (inquiry.Flags & 0x0100) | code);
    }

    private static int CountOf(DnsMood mood, IReadOnlyList<IpAddress>? addresses, in DnsInquiry inquiry)
    {
        int known = 0;
        foreach (IpAddress address in addresses ?? [])
        {
            known += Fits(address, inquiry) ? 1 : 0;
        }

        return mood switch
        {
            DnsMood.ServerFailure or DnsMood.NameError or DnsMood.NotImplemented or DnsMood.Refused
                or DnsMood.Empty or DnsMood.Truncated => 0,
            DnsMood.ManyAnswers => known * 100,
            DnsMood.Alias => known + 1,
            DnsMood.AliasOfItself or DnsMood.EndlessCompression => 1,
            _ => known,
        };
    }

    private static bool Fits(IpAddress address, in DnsInquiry inquiry) =>
        inquiry.Type == (address.IsV4 ? DnsInquiry.TypeA : DnsInquiry.TypeAaaa);

    private static void BendQuestion(DnsMood mood, Span<byte> question)
    {
        if (mood == DnsMood.WrongQuestion && question.Length > 6)
        {
            question[1] = question[1] == (byte)'q' ? (byte)'r' : (byte)'q';
        }
        else if (mood == DnsMood.OtherCase)
        {
            for (int i = 0; i < question.Length - 4; i++)
            {
                question[i] = (char)question[i] is >= 'a' and <= 'z' ? (byte)(question[i] - 32) : question[i];
            }
        }
    }

    private static void WriteAnswers(
        ref OctetWriter writer, in DnsInquiry inquiry, IReadOnlyList<IpAddress> addresses, DnsMood mood, int count)
    {
        if (count == 0)
        {
            return;
        }

        switch (mood)
        {
            case DnsMood.AliasOfItself:
                WriteRecord(ref writer, PointerToQuestion, DnsInquiry.TypeCname, [0xC0, DnsInquiry.HeaderSize]);
                break;
            case DnsMood.EndlessCompression:
                WriteRecord(ref writer, (ushort)(0xC000 | writer.Length), DnsInquiry.TypeA, [192, 0, 2, 1]);
                break;
            case DnsMood.Alias:
                byte[] alias = [5, .. Encoding.ASCII.GetBytes("alias"), 7, .. Encoding.ASCII.GetBytes("example"), 0];
                WriteRecord(ref writer, PointerToQuestion, DnsInquiry.TypeCname, alias);
                int aliasAt = writer.Length - alias.Length;
                WriteAddresses(ref writer, inquiry, addresses, (ushort)(0xC000 | aliasAt), false);
                break;
            default:
                for (int i = 0; i < (mood == DnsMood.ManyAnswers ? 100 : 1); i++)
                {
                    WriteAddresses(ref writer, inquiry, addresses, PointerToQuestion, mood == DnsMood.BadRecord);
                }

                break;
        }
    }

    private static void WriteAddresses(
        ref OctetWriter writer, in DnsInquiry inquiry, IReadOnlyList<IpAddress> addresses, ushort name, bool isBad)
    {
        Span<byte> octets = stackalloc byte[17];
        foreach (IpAddress address in addresses)
        {
            if (Fits(address, inquiry))
            {
                address.Write(octets);
                octets[address.Size] = 7;
                WriteRecord(ref writer, name, inquiry.Type, octets[..(address.Size + (isBad ? 1 : 0))]);
            }
        }
    }

    private static void WriteRecord(ref OctetWriter writer, ushort name, ushort type, scoped ReadOnlySpan<byte> data)
    {
        writer.WriteUInt16(name);
        writer.WriteUInt16(type);
        writer.WriteUInt16(1);
        writer.WriteUInt32(60);
        writer.WriteUInt16((ushort)data.Length);
        data.CopyTo(writer.Reserve(data.Length));
    }
}
