using System;
using System.Text;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Names and explanations in messages: short, mostly the same ones again.</summary>
internal static class NetlinkText
{
    /// <summary>Longest text that is kept; names have at most 15 octets (IFNAMSIZ), explanations about 80.</summary>
    public const int LengthMax = 512;

    /// <summary>The octets as text; <paramref name="known"/> itself if it says the same.</summary>
    public static string Get(ReadOnlySpan<byte> octets, string? known)
    {
        octets = octets.Length > LengthMax ? octets[..LengthMax] : octets;
        return known is not null && Same(octets, known) ? known : Encoding.UTF8.GetString(octets);
    }

    /// <summary>True if the octets are the ASCII text; others count as different, which only costs a string.</summary>
    private static bool Same(ReadOnlySpan<byte> octets, string text)
    {
        if (octets.Length != text.Length)
        {
            return false;
        }

        for (int i = 0; i < octets.Length; i++)
        {
            if (octets[i] != text[i] || octets[i] >= 0x80)
            {
                return false;
            }
        }

        return true;
    }
}
