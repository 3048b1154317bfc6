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
        while (octets.Length >= 2)
        {
            total += BinaryPrimitives.ReadUInt16BigEndian(octets);
            octets = octets[2..];
        }

        if (octets.Length == 1)
        {
            total += (uint)octets[0] << 8;
        }

        return (uint)((total & 0xFFFF_FFFF) + (total >> 32));
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
