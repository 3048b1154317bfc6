using System;

namespace Spindle.Protocols.Dns;

/// <summary>Walks records whose form was checked.</summary>
public ref struct DnsRecordEnumerator
{
    private readonly ReadOnlySpan<byte> message;
    private int offset;
    private int left;
    private DnsRecord current;

    internal DnsRecordEnumerator(ReadOnlySpan<byte> message, int offset, int count)
    {
        this.message = message;
        this.offset = offset;
        left = count;
    }

    /// <summary>The record that was reached.</summary>
    public readonly DnsRecord Current => current;

    /// <summary>For <c>foreach</c>.</summary>
    public readonly DnsRecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next record; false at the end.</summary>
    public bool MoveNext()
    {
        int next = offset;
        if (left-- <= 0 || DnsRecord.Read(message, ref next, out DnsRecord record) != DnsError.None)
        {
            return false;
        }

        current = record;
        offset = next;
        return true;
    }
}
