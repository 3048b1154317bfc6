using System;
using System.Globalization;
using System.Text;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>
/// Addresses as text that the schema's patterns accept. The runtime's own form has a dotted end behind groups too
/// (<c>2001:db8::5efe:192.0.2.1</c>), which the patterns do not know.
/// </summary>
internal static class AddressText
{
    private const int Groups = 8;

    /// <summary>Dotted decimal, or RFC 5952: dots only behind <c>::ffff:</c> (its section 5).</summary>
    public static string Write(IpAddress address)
    {
        if (address.IsV4)
        {
            return address.ToString();
        }

        UInt128 bits = address.ToBits();
        if (bits >> 32 == 0xFFFF)
        {
            return $"::ffff:{IpAddress.FromV4((uint)bits)}";
        }

        (int gap, int length) = LongestGap(bits);
        StringBuilder text = new();
        for (int i = 0; i < Groups; i++)
        {
            if (i == gap)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            text.Append(i > 0 && text[^1] != ':' ? ":" : "").Append(CultureInfo.InvariantCulture, $"{Group(bits, i):x}");
        }

        return text.ToString();
    }

    private static ushort Group(UInt128 bits, int index) => (ushort)(bits >> (112 - (16 * index)));

    /// <summary>The first of the longest runs of zeros, if it is two groups or longer.</summary>
    private static (int Start, int Length) LongestGap(UInt128 bits)
    {
        (int Start, int Length) longest = (-1, 1);
        for (int i = 0; i < Groups; i++)
        {
            int end = i;
            while (end < Groups && Group(bits, end) == 0)
            {
                end++;
            }

            if (end - i > longest.Length)
            {
                longest = (i, end - i);
            }

            i = Math.Max(i, end - 1);
        }

        return longest;
    }
}
