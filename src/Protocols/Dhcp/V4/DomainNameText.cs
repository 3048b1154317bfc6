using System;
using System.Collections.Generic;
using System.Text;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Names and other text out of options, checked before anybody puts them into a file or on a bus.</summary>
internal static class DomainNameText
{
    private const int NameMax = 253;
    private const int LabelMax = 63;
    private const int NamesMax = 32;

    /// <summary>Reads a host or domain name; a trailing dot and trailing zeros (both are common) are cut off.</summary>
    /// <returns>False if it is not letters, digits, hyphens and underscores in labels of 1 to 63.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out string name)
    {
        name = string.Empty;
        octets = octets.TrimEnd((byte)0);
        if (!octets.IsEmpty && octets[^1] == '.')
        {
            octets = octets[..^1];
        }

        if (octets.Length is 0 or > NameMax)
        {
            return false;
        }

        int label = 0;
        foreach (byte octet in octets)
        {
            bool isLabelEmpty = octet == '.' && label == 0;
            label = octet == '.' ? 0 : label + 1;
            if (isLabelEmpty || label > LabelMax || !IsNameOctet(octet))
            {
                return false;
            }
        }

        name = Encoding.ASCII.GetString(octets);
        return true;
    }

    /// <summary>Reads the search list of RFC 3397: names of RFC 1035, with compression inside the option.</summary>
    /// <returns>False if any of it is malformed; then nothing of it is used.</returns>
    public static bool TryReadSearchList(ReadOnlySpan<byte> octets, out string[] names)
    {
        names = [];
        List<string> found = [];
        int position = 0;
        Span<byte> name = stackalloc byte[NameMax + 2];
        while (position < octets.Length)
        {
            if (found.Count == NamesMax || !TryReadName(octets, ref position, name, out int length))
            {
                return false;
            }

            if (length > 0)
            {
                if (!TryRead(name[..length], out string text))
                {
                    return false;
                }

                found.Add(text);
            }
        }

        names = [.. found];
        return true;
    }

    /// <summary>Reads a URI: printable ASCII without blanks, beginning with a scheme.</summary>
    public static bool TryReadUri(ReadOnlySpan<byte> octets, out string uri)
    {
        uri = string.Empty;
        octets = octets.TrimEnd("\0\r\n "u8);
        int colon = octets.IndexOf((byte)':');
        if (colon <= 0 || octets.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)
            || !char.IsAsciiLetter((char)octets[0]))
        {
            return false;
        }

        foreach (byte octet in octets[..colon])
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'+' or (byte)'-' or (byte)'.'))
            {
                return false;
            }
        }

        uri = Encoding.ASCII.GetString(octets);
        return true;
    }

    private static bool IsNameOctet(byte octet) =>
        char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'_' or (byte)'.';

    /// <summary>Reads one name at a position and moves the position behind it; pointers only go backwards, so it ends.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> octets, ref int position, Span<byte> name, out int length)
    {
        length = 0;
        int at = position;
        int limit = position; // A pointer must lead before the name that holds it.
        bool hasJumped = false;
        while (true)
        {
            if (at >= octets.Length)
            {
                return false;
            }

            int size = octets[at];
            if (size >= 0xC0)
            {
                if (at + 1 >= octets.Length)
                {
                    return false;
                }

                int target = (size & 0x3F) << 8 | octets[at + 1];
                position = hasJumped ? position : at + 2;
                hasJumped = true;
                if (target >= limit)
                {
                    return false;
                }

                at = limit = target;
                continue;
            }

            if (size == 0)
            {
                position = hasJumped ? position : at + 1;
                return true;
            }

            if (size > LabelMax || at + 1 + size > octets.Length || length + size + 1 > name.Length
                || octets.Slice(at + 1, size).Contains((byte)'.'))
            {
                return false;
            }

            if (length > 0)
            {
                name[length++] = (byte)'.';
            }

            octets.Slice(at + 1, size).CopyTo(name[length..]);
            length += size;
            at += 1 + size;
        }
    }
}
