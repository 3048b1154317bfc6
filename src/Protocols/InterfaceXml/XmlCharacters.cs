using System;
using System.Buffers;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>Which characters XML 1.0 (fifth edition) allows, and where.</summary>
internal static class XmlCharacters
{
    /// <summary>Section 2.3, production 3.</summary>
    public static bool IsBlank(int character) => character is ' ' or '\t' or '\r' or '\n';

    /// <summary>Section 2.2, production 2.</summary>
    public static bool IsCharacter(int character) => character >= ' '
        ? character is < 0xD800 or (> 0xDFFF and < 0xFFFE) or (> 0xFFFF and <= 0x10FFFF)
        : IsBlank(character);

    /// <summary>Section 2.3, production 4, the colon with it.</summary>
    public static bool StartsName(int character) => character < 0x80
        ? char.IsAsciiLetter((char)character) || character is ':' or '_'
        : character is (>= 0xC0 and <= 0x2FF and not 0xD7 and not 0xF7) or (>= 0x370 and <= 0x1FFF and not 0x37E)
            or (>= 0x200C and <= 0x200D) or (>= 0x2070 and <= 0x218F) or (>= 0x2C00 and <= 0x2FEF)
            or (>= 0x3001 and <= 0xD7FF) or (>= 0xF900 and <= 0xFDCF) or (>= 0xFDF0 and <= 0xFFFD)
            or (>= 0x10000 and <= 0xEFFFF);

    /// <summary>Section 2.3, production 4a.</summary>
    public static bool ContinuesName(int character) => StartsName(character)
        || character is '-' or '.' or (>= '0' and <= '9') or 0xB7 or (>= 0x300 and <= 0x36F) or (>= 0x203F and <= 0x2040);

    /// <summary>The offset of the first octet that is no character of XML in UTF-8; the length when all are.</summary>
    public static int IndexOfBad(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length)
        {
            // Most of a document is printable ASCII.
            int plain = text[at..].IndexOfAnyExceptInRange((byte)' ', (byte)'~');
            if (plain < 0)
            {
                return text.Length;
            }

            at += plain;
            if (Rune.DecodeFromUtf8(text[at..], out Rune character, out int octets) != OperationStatus.Done
                || !IsCharacter(character.Value))
            {
                return at;
            }

            at += octets;
        }

        return at;
    }
}
