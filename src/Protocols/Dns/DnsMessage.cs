using System;

namespace Spindle.Protocols.Dns;

/// <summary>A message with one question, its form checked as far as the answers go.</summary>
/// <remarks>
/// Authority and additional records are not looked at. Of a truncated message only the question is read:
/// what else it holds may end anywhere, and is asked for again over TCP.
/// </remarks>
public readonly ref struct DnsMessage
{
    /// <summary>The Internet's class (IN).</summary>
    public const ushort InternetClass = 1;

    /// <summary>The most answers looked at, so that a huge message does not cost a noticeable time.</summary>
    public const int AnswersMax = 256;

    private readonly ReadOnlySpan<byte> octets;
    private readonly int answersOffset;

    private DnsMessage(ReadOnlySpan<byte> octets, DnsHeader header, int answersOffset, DnsType type, ushort questionClass)
    {
        this.octets = octets;
        this.answersOffset = answersOffset;
        Header = header;
        QuestionType = type;
        QuestionClass = questionClass;
    }

    /// <summary>The fixed front.</summary>
    public DnsHeader Header { get; }

    /// <summary>What is asked for.</summary>
    public DnsType QuestionType { get; }

    /// <summary>In which class it is asked for.</summary>
    public ushort QuestionClass { get; }

    /// <summary>Answers that can be read: none of a truncated message, <see cref="AnswersMax"/> of a huge one.</summary>
    public int AnswerCount => Header.IsTruncated ? 0 : Math.Min((int)Header.AnswerCount, AnswersMax);

    /// <summary>The answers, in order.</summary>
    public DnsRecordEnumerator Answers => new(octets, answersOffset, AnswerCount);

    /// <summary>Checks a message; afterwards its accessors cannot fail.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out DnsMessage message, out DnsError error)
    {
        message = default;
        if (!DnsHeader.TryRead(octets, out DnsHeader header))
        {
            error = DnsError.Truncated;
            return false;
        }

        int offset = DnsHeader.Size;
        error = header.QuestionCount != 1 ? DnsError.BadQuestionCount : DnsNameReader.Skip(octets, ref offset);
        if (error == DnsError.None && octets.Length - offset < 4)
        {
            error = DnsError.Truncated;
        }

        if (error != DnsError.None)
        {
            return false;
        }

        DnsType type = (DnsType)(octets[offset] << 8 | octets[offset + 1]);
        ushort questionClass = (ushort)(octets[offset + 2] << 8 | octets[offset + 3]);
        message = new(octets, header, offset + 4, type, questionClass);
        error = message.CheckAnswers();
        return error == DnsError.None;
    }

    /// <summary>True if the question is this one; case does not matter (RFC 4343).</summary>
    public bool IsQuestion(DnsName name, DnsType type)
    {
        Span<byte> asked = stackalloc byte[DnsName.WireSizeMax];
        int offset = DnsHeader.Size;
        _ = DnsNameReader.Read(octets, ref offset, asked, out int length);
        return QuestionType == type && QuestionClass == InternetClass && asked[..length].SequenceEqual(name.Wire);
    }

    private DnsError CheckAnswers()
    {
        int offset = answersOffset;
        for (int i = 0; i < AnswerCount; i++)
        {
            DnsError error = DnsRecord.Read(octets, ref offset, out _);
            if (error != DnsError.None)
            {
                return error;
            }
        }

        return DnsError.None;
    }
}
