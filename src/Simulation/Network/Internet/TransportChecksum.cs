using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>The checksum of UDP, TCP and ICMPv6 over a pseudo header (RFC 768, RFC 8200, section 8.1).</summary>
internal static class TransportChecksum
{
    /// <summary>Over data with its checksum in place: 0 if it is right; over data with a zero there: the checksum.</summary>
    public static ushort Of(IpAddress source, IpAddress destination, byte protocol, ReadOnlySpan<byte> octets)
    {
        Span<byte> pseudo = stackalloc byte[40];
        pseudo.Clear();
        int size = source.Size;
        source.Write(pseudo);
        destination.Write(pseudo[size..]);
        BinaryPrimitives.WriteUInt32BigEndian(pseudo[(2 * size)..], (uint)octets.Length);
        pseudo[(2 * size) + 7] = protocol;
        uint sum = InternetChecksum.Add(0, pseudo[..((2 * size) + 8)]);
        return InternetChecksum.Finish(InternetChecksum.Add(sum, octets));
    }

    /// <summary>Puts the checksum where it belongs; what is there counts as zero.</summary>
    public static void Fill(IpAddress source, IpAddress destination, byte protocol, Span<byte> octets, int offset)
    {
        octets[offset] = octets[offset + 1] = 0;
        ushort sum = Of(source, destination, protocol, octets);
        BinaryPrimitives.WriteUInt16BigEndian(octets[offset..], protocol == IpProtocol.Udp && sum == 0 ? (ushort)0xFFFF : sum);
    }

    /// <summary>The checksum of ICMP for IPv4, which covers the message alone.</summary>
    public static void FillIcmp(Span<byte> octets)
    {
        octets[2] = octets[3] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], InternetChecksum.Finish(InternetChecksum.Add(0, octets)));
    }
}
