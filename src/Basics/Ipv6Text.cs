using System;
using System.Globalization;

namespace Spindle.Basics;

/// <summary>IPv6 addresses in groups, as RFC 5952 (section 4) has them. The runtime's own form has a dotted end behind <c>5efe</c> too
/// (<c>fe80::5efe:192.0.2.1</c>), which neither the C library writes nor everybody reads.</summary>
internal static class Ipv6Text
{
    private const int Groups = 8;
    private const int LengthMax = 39;

    public static string Write(UInt128 bits)
    {
        (int gap, int length) = LongestGap(bits);
        Span<char> text = stackalloc char[LengthMax];
        int end = 0;
        for (int i = 0; i < Groups; i++)
        {
            if (i == gap)
            {
                text[end++] = ':';
                text[end++] = ':';
                i += length - 1;
                continue;
            }

            if (end > 0 && text[end - 1] != ':')
            {
                text[end++] = ':';
            }

            Group(bits, i).TryFormat(text[end..], out int written, "x", CultureInfo.InvariantCulture);
            end += written;
        }

        return new string(text[..end]);
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
