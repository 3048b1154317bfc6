using System;
using System.Buffers.Binary;

namespace Spindle.Basics;

/// <summary>The ones'-complement checksum of RFC 1071 that IPv4, UDP, TCP and ICMP use.</summary>
public static class InternetChecksum
{
    /// <summary>Adds octets to a running sum; every span but the last must have an even length.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> octets)
    {
        ulong total = sum;

        // 2^16 counts as 1 in this arithmetic, so words of 32 bits are as good.
        while (octets.Length >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(octets);
            total += (word >> 32) + (uint)word;
            octets = octets[8..];
        }

        while (octets.Length >= 2)
        {
            total += BinaryPrimitives.ReadUInt16BigEndian(octets);
            octets = octets[2..];
        }

        if (octets.Length == 1)
        {
            total += (uint)octets[0] << 8;
        }

        // Small again: a caller may add a field or two by itself.
        while (total >> 16 != 0)
        {
            total = (total & 0xFFFF) + (total >> 16);
        }

        return (uint)total;
    }

    /// <summary>Folds a sum to the 16 bits that go on the wire; over data with its checksum in place the result is 0.</summary>
    public static ushort Finish(uint sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
