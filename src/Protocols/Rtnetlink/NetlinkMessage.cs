using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>One netlink message in a buffer: its header, and what follows it.</summary>
public readonly ref struct NetlinkMessage
{
    internal NetlinkMessage(NetlinkHeader header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    /// <summary>The header.</summary>
    public NetlinkHeader Header { get; }

    /// <summary>The octets after the header, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The message at the front of <paramref name="octets"/>; false if it does not fit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out NetlinkMessage message)
    {
        bool ok = NetlinkHeader.TryRead(octets, out NetlinkHeader header);
        message = ok ? new(header, octets[NetlinkHeader.Size..(int)header.Length]) : default;
        return ok;
    }

    /// <summary>The attributes after a fixed part of <paramref name="fixedSize"/> octets; none if it is not all there.</summary>
    public NetlinkAttributes Attributes(int fixedSize)
    {
        int start = NetlinkAlignment.Align(fixedSize);
        return new(start <= Payload.Length ? Payload[start..] : default);
    }
}
