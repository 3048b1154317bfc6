using System;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>An Ethernet II frame (RFC 894) without the line's checksum.</summary>
internal readonly ref struct EthernetFrame
{
    public const int HeaderSize = 14;

    public MacAddress Destination { get; private init; }

    public MacAddress Source { get; private init; }

    public ushort EtherType { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> octets, out EthernetFrame frame)
    {
        frame = default;
        if (octets.Length < HeaderSize)
        {
            return false;
        }

        frame = new()
        {
            Destination = MacAddress.Read(octets),
            Source = MacAddress.Read(octets[6..]),
            EtherType = (ushort)(octets[12] << 8 | octets[13]),
            Payload = octets[HeaderSize..],
        };
        return true;
    }

    public static void WriteHeader(Span<byte> frame, MacAddress destination, MacAddress source, ushort etherType)
    {
        destination.Write(frame);
        source.Write(frame[6..]);
        frame[12] = (byte)(etherType >> 8);
        frame[13] = (byte)etherType;
    }

    /// <summary>The group address for an IP group: 01:00:5e and 23 bits (RFC 1112, 6.4), 33:33 and 32 bits (RFC 2464, 7).</summary>
    public static MacAddress GroupOf(IpAddress group)
    {
        Span<byte> octets = stackalloc byte[6];
        uint low = (uint)group.ToBits();
        octets[0] = (byte)(group.IsV4 ? 0x01 : 0x33);
        octets[1] = (byte)(group.IsV4 ? 0x00 : 0x33);
        octets[2] = (byte)(group.IsV4 ? 0x5E : low >> 24);
        octets[3] = (byte)(group.IsV4 ? low >> 16 & 0x7F : low >> 16);
        octets[4] = (byte)(low >> 8);
        octets[5] = (byte)low;
        return MacAddress.Read(octets);
    }
}
