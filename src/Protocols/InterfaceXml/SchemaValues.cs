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

    /// <summary>XML Schema's own <c>unsignedInt</c>, up to <paramref name="most"/>: a plus sign and blanks around are allowed.</summary>
    public static bool TryNumber(string text, uint most, out uint value)
    {
        ReadOnlySpan<char> digits = text.AsSpan().Trim(Blanks);
        digits = digits.Length > 1 && digits[0] == '+' ? digits[1..] : digits;
        return uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;
    }

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

    /// <summary><c>timeval</c>: a decimal number or one with an exponent, not below zero.</summary>
    public static bool IsTime(string text)
    {
        ReadOnlySpan<char> number = text.AsSpan().Trim(Blanks);
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(number, Style, CultureInfo.InvariantCulture, out double value) && value >= 0;
    }
}
