using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>A UDP datagram (RFC 768).</summary>
internal readonly ref struct UdpMessage
{
    public const int HeaderSize = 8;

    public ushort SourcePort { get; private init; }

    public ushort DestinationPort { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Reads what an IP packet carries; if it is no datagram, says why.</summary>
    public static bool TryParse(in IpDatagram packet, out UdpMessage message, out string problem)
    {
        message = default;
        ReadOnlySpan<byte> octets = packet.Payload;
        if (octets.Length < HeaderSize)
        {
            problem = "UDP header cut short";
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        if (length < HeaderSize || length > octets.Length)
        {
            problem = "UDP length wrong";
            return false;
        }

        octets = octets[..length];
        bool hasChecksum = octets[6] != 0 || octets[7] != 0;
        ulong pseudo = OnesComplement.PseudoHeader(packet.Source, packet.Destination, EtherTypes.Udp, length);
        problem = hasChecksum && OnesComplement.Fold(pseudo + OnesComplement.Sum(octets)) != 0 ? "UDP checksum wrong"
            : !hasChecksum && packet.Source.IsV6 ? "UDP checksum missing over IPv6"
            : "";
        message = new()
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(octets),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]),
            Payload = octets[HeaderSize..],
        };
        return problem.Length == 0;
    }

    /// <summary>Writes the header before a payload that is in place: <paramref name="datagram"/> is both.</summary>
    public static void WriteHeader(
        Span<byte> datagram, IpAddress source, IpAddress destination, ushort sourcePort, ushort destinationPort)
    {
        OctetWriter writer = new(datagram);
        writer.WriteUInt16(sourcePort);
        writer.WriteUInt16(destinationPort);
        writer.WriteUInt16((ushort)datagram.Length);
        writer.WriteUInt16(0);
        ulong sum = OnesComplement.PseudoHeader(source, destination, EtherTypes.Udp, datagram.Length);
        ushort checksum = OnesComplement.Fold(sum + OnesComplement.Sum(datagram));
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum == 0 ? ushort.MaxValue : checksum);
    }
}
