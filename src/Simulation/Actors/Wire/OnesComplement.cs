using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>The checksum of RFC 1071, written anew: it judges the other one.</summary>
internal static class OnesComplement
{
    /// <summary>The sum over octets as 16-bit words, or one that folds to the same; an odd last octet counts as the high half.</summary>
    public static ulong Sum(ReadOnlySpan<byte> octets)
    {
        ulong sum = 0;

        // 2^16 counts as 1, so words of 32 bits are as good.
        for (; octets.Length >= 8; octets = octets[8..])
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(octets);
            sum += (word >> 32) + (uint)word;
        }

        for (int i = 0; i + 1 < octets.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets[i..]);
        }

        return (octets.Length & 1) == 0 ? sum : sum + ((ulong)octets[^1] << 8);
    }

    /// <summary>The sum over what TCP, UDP and ICMPv6 add from the IP header (RFC 9293, section 3.1; RFC 8200, section 8.1).</summary>
    public static ulong PseudoHeader(IpAddress source, IpAddress destination, byte protocol, int length)
    {
        Span<byte> octets = stackalloc byte[32];
        int size = source.Size;
        source.Write(octets);
        destination.Write(octets[size..]);
        return Sum(octets[..(2 * size)]) + protocol + (ulong)(uint)length;
    }

    /// <summary>What goes on the wire; 0 over data that carries its right checksum.</summary>
    public static ushort Fold(ulong sum)
    {
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)(0xFFFF - sum);
    }
}
