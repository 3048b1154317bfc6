using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>An IPv4 (RFC 791) or IPv6 (RFC 8200) packet; of IPv6 without extension headers, which nobody here sends.</summary>
internal readonly ref struct IpDatagram
{
    public const int HeaderSizeV4 = 20;
    public const int HeaderSizeV6 = 40;

    public IpAddress Source { get; private init; }

    public IpAddress Destination { get; private init; }

    /// <summary>What the payload is: <see cref="EtherTypes.Udp"/> and so on.</summary>
    public byte Protocol { get; private init; }

    /// <summary>Time to live, or hop limit.</summary>
    public byte HopLimit { get; private init; }

    /// <summary>True for a piece of a larger packet.</summary>
    public bool IsFragment { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Octets of the packet, without the line's padding.</summary>
    public int Size { get; private init; }

    /// <summary>Reads a packet; if it is none, says why.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out IpDatagram packet, out string problem)
    {
        packet = default;
        int version = octets.Length == 0 ? 0 : octets[0] >> 4;
        problem = version switch
        {
            4 => ParseV4(octets, out packet),
            6 => ParseV6(octets, out packet),
            _ => "neither version 4 nor 6",
        };
        return problem.Length == 0;
    }

    /// <summary>Octets of the header that <see cref="WriteHeader"/> makes for a family.</summary>
    public static int HeaderSizeOf(IpFamily family) => family == IpFamily.V4 ? HeaderSizeV4 : HeaderSizeV6;

    /// <summary>Writes the header in front of a payload of so many octets.</summary>
    public static void WriteHeader(
        Span<byte> packet, IpAddress source, IpAddress destination, byte protocol, byte hopLimit, int payloadSize)
    {
        OctetWriter writer = new(packet);
        if (source.IsV6)
        {
            writer.WriteUInt32(6u << 28);
            writer.WriteUInt16((ushort)payloadSize);
            writer.WriteByte(protocol);
            writer.WriteByte(hopLimit);
            source.Write(writer.Reserve(16));
            destination.Write(writer.Reserve(16));
            return;
        }

        writer.WriteUInt16(0x4500);
        writer.WriteUInt16((ushort)(HeaderSizeV4 + payloadSize));
        writer.WriteUInt32(0x4000); // Not to be fragmented.
        writer.WriteByte(hopLimit);
        writer.WriteByte(protocol);
        writer.WriteUInt16(0);
        source.Write(writer.Reserve(4));
        destination.Write(writer.Reserve(4));
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], OnesComplement.Fold(OnesComplement.Sum(writer.Written)));
    }

    /// <summary>Takes one from the time to live of an IPv4 packet (and mends its checksum), or from the hop limit.</summary>
    /// <returns>False if the packet has come to its end.</returns>
    public static bool TryHop(Span<byte> packet)
    {
        bool isV4 = packet[0] >> 4 == 4;
        ref byte limit = ref packet[isV4 ? 8 : 7];
        if (limit <= 1)
        {
            return false;
        }

        limit--;
        if (isV4)
        {
            packet[10] = 0;
            packet[11] = 0;
            ushort sum = OnesComplement.Fold(OnesComplement.Sum(packet[..((packet[0] & 15) * 4)]));
            BinaryPrimitives.WriteUInt16BigEndian(packet[10..], sum);
        }

        return true;
    }

    private static string ParseV4(ReadOnlySpan<byte> octets, out IpDatagram packet)
    {
        packet = default;
        int headerSize = (octets[0] & 15) * 4;
        if (headerSize < HeaderSizeV4 || octets.Length < headerSize)
        {
            return "IPv4 header length wrong";
        }

        int size = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        if (size < headerSize || size > octets.Length)
        {
            return "IPv4 total length wrong";
        }

        if (OnesComplement.Fold(OnesComplement.Sum(octets[..headerSize])) != 0)
        {
            return "IPv4 header checksum wrong";
        }

        packet = new()
        {
            Source = IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[12..])),
            Destination = IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[16..])),
            Protocol = octets[9],
            HopLimit = octets[8],
            IsFragment = (BinaryPrimitives.ReadUInt16BigEndian(octets[6..]) & 0x3FFF) != 0,
            Payload = octets[headerSize..size],
            Size = size,
        };
        return "";
    }

    private static string ParseV6(ReadOnlySpan<byte> octets, out IpDatagram packet)
    {
        packet = default;
        if (octets.Length < HeaderSizeV6)
        {
            return "IPv6 header cut short";
        }

        int size = HeaderSizeV6 + BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        if (size > octets.Length)
        {
            return "IPv6 payload length wrong";
        }

        ReadOnlySpan<byte> payload = octets[HeaderSizeV6..size];
        byte protocol = octets[6];
        if (protocol == 0 && !TrySkipHopByHop(ref payload, ref protocol))
        {
            return "IPv6 hop-by-hop header wrong";
        }

        IpAddress.TryRead(octets.Slice(8, 16), out IpAddress source);
        IpAddress.TryRead(octets.Slice(24, 16), out IpAddress destination);
        packet = new()
        {
            Source = source,
            Destination = destination,
            Protocol = protocol,
            HopLimit = octets[7],
            IsFragment = protocol == 44,
            Payload = payload,
            Size = size,
        };
        return "";
    }

    /// <summary>Listener reports carry a router alert in front (RFC 3810, section 5).</summary>
    private static bool TrySkipHopByHop(ref ReadOnlySpan<byte> payload, ref byte protocol)
    {
        if (payload.Length < 8 || payload.Length < (payload[1] + 1) * 8)
        {
            return false;
        }

        protocol = payload[0];
        payload = payload[((payload[1] + 1) * 8)..];
        return true;
    }
}
