using System;
using System.Globalization;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>The schema's data types: what a text must look like (libvirt's <c>basictypes.rng</c>, XML Schema part 2).</summary>
internal static class SchemaValues
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    /// <summary>The index of a token among names, blanks around it left out; -1 when it is none.</summary>
    public static int IndexOf(string text, ReadOnlySpan<string> names)
    {
        ReadOnlySpan<char> token = text.AsSpan().Trim(Blanks);
        return token.IsEmpty ? -1 : names.IndexOf(token.ToString());
    }

    /// <summary><c>unsignedInt</c>: decimal digits alone.</summary>
    public static bool TryDigits(string text, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>
    /// XML Schema's own <c>unsignedInt</c>, up to <paramref name="most"/>: blanks may stand around it. (Its second edition would
    /// allow a plus sign too; libxml2, and so libvirt, does not.)
    /// </summary>
    public static bool TryNumber(string text, uint most, out uint value) =>
        uint.TryParse(text.AsSpan().Trim(Blanks), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;

    /// <summary><c>deviceName</c>.</summary>
    public static bool IsDeviceName(string text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '.' or '-' or '\\' or ':' or '/'))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    /// <summary><c>macAddr</c>: six octets of two digits, colons between them.</summary>
    public static bool TryMac(string text, out MacAddress address)
    {
        address = default;
        return text.Length == 17 && !text.Contains('-') && MacAddress.TryParse(text, out address);
    }

    /// <summary><c>ipv4Addr</c>: dotted decimal without leading zeros.</summary>
    public static bool TryIpv4(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        bool hasLeadingZero = false;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            hasLeadingZero |= text[i] == '0' && (i == 0 || text[i - 1] == '.') && text[i + 1] != '.';
        }

        return !hasLeadingZero && !text.Contains(':') && IpAddress.TryParse(text, out address);
    }

    /// <summary>
    /// <c>ipv6Addr</c>: RFC 4291 text, but no dotted part behind a group behind <c>::</c> that groups stand before.
    /// The schema also lets <c>:192.0.2.1</c> pass, which is no address: refused here.
    /// </summary>
    public static bool TryIpv6(string text, out IpAddress address)
    {
        address = default;
        int gap = text.IndexOf("::", StringComparison.Ordinal);
        int dot = text.IndexOf('.');
        ReadOnlySpan<char> dotted = dot < 0 ? default : text.AsSpan(text.LastIndexOf(':') + 1);
        bool isOdd = gap > 0 && dot >= 0 && text.LastIndexOf(':') != gap + 1;
        return !isOdd && (dot < 0 || TryIpv4(dotted, out _)) && HasShortGroups(text)
            && IpAddress.TryParse(text, out address) && address.IsV6;
    }

    // The library reads longer groups too.
    private static bool HasShortGroups(string text)
    {
        int digits = 0;
        foreach (char character in text)
        {
            digits = char.IsAsciiHexDigit(character) ? digits + 1 : 0;
            if (digits > 4 || (digits == 0 && character is not (':' or '.')))
            {
                return false;
            }
        }

        return text.Contains(':');
    }

    /// <summary>
    /// <c>timeval</c>, a <c>double</c> not below zero: digits with or without a point and an exponent, <c>INF</c> or <c>NaN</c>,
    /// blanks around it. As libxml2 reads it, the exponent may lack its digits.
    /// </summary>
    public static bool TryTime(string text, out string time)
    {
        time = text.Trim(Blanks);
        if (time is "INF" or "NaN")
        {
            return true;
        }

        ReadOnlySpan<char> rest = time;
        bool isNegative = rest.StartsWith('-');
        rest = isNegative || rest.StartsWith('+') ? rest[1..] : rest;
        int whole = SkipDigits(ref rest);
        int fraction = rest.StartsWith('.') ? SkipDigits(ref rest, from: 1) : 0;
        ReadOnlySpan<char> mantissa = time.AsSpan(0, time.Length - rest.Length);
        if (whole + fraction == 0 || !SkipExponent(rest).IsEmpty)
        {
            return false;
        }

        // A negative number so small that it is zero is not below zero. An exponent without digits counts nothing.
        return !isNegative || !double.TryParse(char.IsAsciiDigit(time[^1]) ? time : mantissa, CultureInfo.InvariantCulture, out double value)
            || value >= 0;
    }

    private static int SkipDigits(ref ReadOnlySpan<char> text, int from = 0)
    {
        int end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        text = text[end..];
        return end - from;
    }

    private static ReadOnlySpan<char> SkipExponent(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('e') || text.StartsWith('E'))
        {
            text = text[(text.Length > 1 && text[1] is '+' or '-' ? 2 : 1)..];
            SkipDigits(ref text);
        }

        return text;
    }
}
