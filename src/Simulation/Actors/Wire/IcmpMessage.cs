using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>An ICMP (RFC 792) or ICMPv6 (RFC 4443) message.</summary>
internal readonly ref struct IcmpMessage
{
    public const int HeaderSize = 4;
    public const byte EchoReplyV4 = 0;
    public const byte UnreachableV4 = 3;
    public const byte EchoRequestV4 = 8;
    public const byte TimeExceededV4 = 11;
    public const byte UnreachableV6 = 1;
    public const byte TimeExceededV6 = 3;
    public const byte EchoRequestV6 = 128;
    public const byte EchoReplyV6 = 129;
    public const byte RouterSolicitation = 133;
    public const byte RouterAdvertisement = 134;
    public const byte NeighborSolicitation = 135;
    public const byte NeighborAdvertisement = 136;

    public byte Type { get; private init; }

    public byte Code { get; private init; }

    /// <summary>What follows type, code and checksum.</summary>
    public ReadOnlySpan<byte> Body { get; private init; }

    public static bool TryParse(in IpDatagram packet, out IcmpMessage message, out string problem)
    {
        message = default;
        ReadOnlySpan<byte> octets = packet.Payload;
        if (octets.Length < HeaderSize)
        {
            problem = "ICMP header cut short";
            return false;
        }

        ulong pseudo = packet.Source.IsV4
            ? 0
            : OnesComplement.PseudoHeader(packet.Source, packet.Destination, EtherTypes.IcmpV6, octets.Length);
        problem = OnesComplement.Fold(pseudo + OnesComplement.Sum(octets)) == 0 ? "" : "ICMP checksum wrong";
        message = new() { Type = octets[0], Code = octets[1], Body = octets[HeaderSize..] };
        return problem.Length == 0;
    }

    /// <summary>Writes type, code and checksum before a body that is in place: <paramref name="octets"/> is all of it.</summary>
    public static void WriteHeader(Span<byte> octets, byte type, byte code, IpAddress source, IpAddress destination)
    {
        octets[0] = type;
        octets[1] = code;
        octets[2] = 0;
        octets[3] = 0;
        ulong pseudo = source.IsV4
            ? 0
            : OnesComplement.PseudoHeader(source, destination, EtherTypes.IcmpV6, octets.Length);
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], OnesComplement.Fold(pseudo + OnesComplement.Sum(octets)));
    }
}
