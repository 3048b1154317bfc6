using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>The header of RFC 8200, without what extends it.</summary>
internal readonly record struct Ipv6Header(IpAddress Source, IpAddress Destination, byte NextHeader)
{
    /// <summary>Octets.</summary>
    public const int Size = 40;

    public byte TrafficClass { get; init; }

    public byte HopLimit { get; init; }

    /// <summary>Octets behind the header.</summary>
    public int PayloadLength { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> octets, out Ipv6Header header)
    {
        header = default;
        if (octets.Length < Size || octets[0] >> 4 != 6)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        if (length > octets.Length - Size)
        {
            return false;
        }

        header = new Ipv6Header(Read(octets[8..]), Read(octets[24..]), octets[6])
        {
            TrafficClass = (byte)(octets[0] << 4 | octets[1] >> 4),
            HopLimit = octets[7],
            PayloadLength = length,
        };
        return true;
    }

    public void Write(Span<byte> octets, int payloadLength)
    {
        octets[0] = (byte)(0x60 | TrafficClass >> 4);
        octets[1] = (byte)(TrafficClass << 4);
        octets[2] = octets[3] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(octets[4..], (ushort)payloadLength);
        octets[6] = NextHeader;
        octets[7] = HopLimit;
        Source.Write(octets[8..]);
        Destination.Write(octets[24..]);
    }

    private static IpAddress Read(ReadOnlySpan<byte> octets) => IpAddress.FromV6(BinaryPrimitives.ReadUInt128BigEndian(octets));
}
