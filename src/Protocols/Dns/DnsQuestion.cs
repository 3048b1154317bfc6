using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>A query as we send it: one question, recursion desired, no EDNS.</summary>
/// <param name="Id">Unpredictable, so that an answer cannot be forged blindly (RFC 5452).</param>
/// <param name="Name">What is asked about.</param>
/// <param name="Type">What is asked for.</param>
public readonly record struct DnsQuestion(ushort Id, DnsName Name, DnsType Type)
{
    /// <summary>The most octets a query has on the wire.</summary>
    public const int SizeMax = DnsHeader.Size + DnsName.WireSizeMax + 4;

    /// <summary>Octets on the wire.</summary>
    public int Size => DnsHeader.Size + Name.Wire.Length + 4;

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        OctetWriter writer = new(destination);
        new DnsHeader(Id, DnsHeader.RecursionDesired, 1, 0, 0, 0).Write(writer.Reserve(DnsHeader.Size));
        writer.Write(Name.Wire);
        writer.WriteUInt16((ushort)Type);
        writer.WriteUInt16(DnsMessage.InternetClass);
    }
}
