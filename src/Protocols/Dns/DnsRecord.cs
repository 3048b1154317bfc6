using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>One record of a message whose form was checked (RFC 1035, section 4.1.3).</summary>
public readonly ref struct DnsRecord
{
    private readonly ReadOnlySpan<byte> message;
    private readonly int nameOffset;
    private readonly int dataOffset;
    private readonly int dataLength;

    private DnsRecord(
        ReadOnlySpan<byte> message, int nameOffset, int dataOffset, int dataLength, DnsType type, ushort recordClass, uint ttl)
    {
        this.message = message;
        this.nameOffset = nameOffset;
        this.dataOffset = dataOffset;
        this.dataLength = dataLength;
        Type = type;
        Class = recordClass;
        TimeToLiveSeconds = ttl;
    }

    /// <summary>What the data is.</summary>
    public DnsType Type { get; }

    /// <summary>1 for the Internet.</summary>
    public ushort Class { get; }

    /// <summary>How long it may be kept (TTL); numbers above 2^31-1 read as 0 (RFC 2181, section 8).</summary>
    public uint TimeToLiveSeconds { get; }

    /// <summary>The data as it is in the message; names in it may be compressed.</summary>
    public ReadOnlySpan<byte> Data => message.Slice(dataOffset, dataLength);

    /// <summary>Reads the record at an offset and moves the offset behind it; checks names and addresses in it.</summary>
    public static DnsError Read(ReadOnlySpan<byte> message, scoped ref int offset, out DnsRecord record)
    {
        record = default;
        int nameOffset = offset;
        DnsError error = DnsNameReader.Skip(message, ref offset);
        if (error != DnsError.None)
        {
            return error;
        }

        OctetReader reader = new(message[offset..]);
        if (!reader.TryReadUInt16(out ushort type) || !reader.TryReadUInt16(out ushort recordClass)
            || !reader.TryReadUInt32(out uint ttl) || !reader.TryReadUInt16(out ushort dataLength)
            || dataLength > reader.Remaining)
        {
            return DnsError.Truncated;
        }

        int dataOffset = message.Length - reader.Remaining;
        record = new(message, nameOffset, dataOffset, dataLength, (DnsType)type, recordClass, ttl > int.MaxValue ? 0 : ttl);
        offset = dataOffset + dataLength;
        return record.CheckData();
    }

    /// <summary>Copies the name that the record is about, unfolded and in lower case.</summary>
    /// <returns>Its octets, with the final zero.</returns>
    public int CopyName(Span<byte> destination) => CopyNameAt(nameOffset, destination);

    /// <summary>Copies the name that a CNAME record points to. Meaningful for that type alone.</summary>
    /// <returns>Its octets, with the final zero.</returns>
    public int CopyTarget(Span<byte> destination) => CopyNameAt(dataOffset, destination);

    /// <summary>The address of an A or AAAA record of the Internet class.</summary>
    public bool TryGetAddress(out IpAddress address)
    {
        address = default;
        return Class == DnsMessage.InternetClass && Type is DnsType.A or DnsType.Aaaa
            && IpAddress.TryRead(Data, out address);
    }

    private int CopyNameAt(int offset, Span<byte> destination)
    {
        _ = DnsNameReader.Read(message, ref offset, destination, out int length);
        return length;
    }

    private DnsError CheckData()
    {
        if (Class != DnsMessage.InternetClass)
        {
            return DnsError.None;
        }

        switch (Type)
        {
            case DnsType.A:
                return dataLength == 4 ? DnsError.None : DnsError.BadAddress;
            case DnsType.Aaaa:
                return dataLength == 16 ? DnsError.None : DnsError.BadAddress;
            case DnsType.Cname:
                int end = dataOffset;
                DnsError error = DnsNameReader.Skip(message, ref end);
                return error != DnsError.None ? error : end == dataOffset + dataLength ? error : DnsError.BadName;
            default:
                return DnsError.None;
        }
    }
}
