using System;

namespace Spindle.Protocols.Dns;

/// <summary>Names inside a message, compressed or not (RFC 1035, section 4.1.4).</summary>
/// <remarks>
/// A pointer must point before the part of the name that it continues, so no chain of pointers can loop; besides,
/// a name ends at 255 octets, and <see cref="PointersMax"/> bounds the work for one name.
/// </remarks>
public static class DnsNameReader
{
    /// <summary>The most pointers followed for one name. Honest writers need one, some two.</summary>
    public const int PointersMax = 16;

    /// <summary>Passes over the name at an offset, and checks all of it.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name begins; afterwards what follows it.</param>
    public static DnsError Skip(ReadOnlySpan<byte> message, scoped ref int offset)
    {
        Span<byte> name = stackalloc byte[DnsName.WireSizeMax];
        return Read(message, ref offset, name, out _);
    }

    /// <summary>Reads the name at an offset, unfolded and in lower case.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name begins; afterwards what follows it.</param>
    /// <param name="destination">At least <see cref="DnsName.WireSizeMax"/> octets.</param>
    /// <param name="length">Octets written, with the final zero.</param>
    public static DnsError Read(ReadOnlySpan<byte> message, scoped ref int offset, Span<byte> destination, out int length)
    {
        int at = offset;
        int partStart = offset;
        int pointers = 0;
        length = 0;
        while (true)
        {
            if ((uint)at >= (uint)message.Length)
            {
                return DnsError.Truncated;
            }

            byte size = message[at];
            if (size >= 0xC0)
            {
                if (at + 1 >= message.Length)
                {
                    return DnsError.Truncated;
                }

                int target = (size & 0x3F) << 8 | message[at + 1];
                if (target >= partStart || ++pointers > PointersMax)
                {
                    return DnsError.BadName;
                }

                offset = pointers == 1 ? at + 2 : offset;
                at = partStart = target;
                continue;
            }

            DnsError error = TakeLabel(message, ref at, size, destination, ref length);
            if (error != DnsError.None)
            {
                return error;
            }

            if (size == 0)
            {
                offset = pointers == 0 ? at : offset;
                return DnsError.None;
            }
        }
    }

    private static DnsError TakeLabel(
        ReadOnlySpan<byte> message, ref int at, byte size, Span<byte> destination, ref int length)
    {
        // 0x40 and 0x80 announce label types that never came to be (RFC 6891, section 5).
        if (size > DnsName.LabelLengthMax || length + size + (size == 0 ? 1 : 2) > DnsName.WireSizeMax)
        {
            return DnsError.BadName;
        }

        if (at + 1 + size > message.Length)
        {
            return DnsError.Truncated;
        }

        destination[length] = size;
        for (int i = 1; i <= size; i++)
        {
            destination[length + i] = DnsName.ToLower(message[at + i]);
        }

        length += size + 1;
        at += size + 1;
        return DnsError.None;
    }
}
