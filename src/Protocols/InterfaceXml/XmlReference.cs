using System;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>References: to a character by its number, or to one of the five predefined entities (XML 1.0, section 4).</summary>
internal static class XmlReference
{
    /// <summary>Reads from <c>&amp;</c> to <c>;</c>.</summary>
    public static bool TryRead(ref XmlCursor cursor, out int character)
    {
        if (cursor.TrySkip("&#x"u8))
        {
            return TryReadNumber(ref cursor, 16, "hexadecimal", out character);
        }

        if (cursor.TrySkip("&#"u8))
        {
            return TryReadNumber(ref cursor, 10, "decimal", out character);
        }

        cursor.Advance(1);
        character = 0;
        ReadOnlySpan<byte> name = cursor.ReadName();
        if (name.IsEmpty)
        {
            return cursor.Fail("xmlParseEntityRef: no name");
        }

        if (!cursor.TrySkip(";"u8))
        {
            return cursor.Fail("EntityRef: expecting ';'");
        }

        character = Predefined(name);
        return character != 0 || cursor.Fail($"Entity '{XmlDocument.Text(name)}' not defined");
    }

    private static int Predefined(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("lt"u8) ? '<'
        : name.SequenceEqual("gt"u8) ? '>'
        : name.SequenceEqual("amp"u8) ? '&'
        : name.SequenceEqual("quot"u8) ? '"'
        : name.SequenceEqual("apos"u8) ? '\''
        : 0;

    private static bool TryReadNumber(ref XmlCursor cursor, int radix, string what, out int character)
    {
        character = 0;
        while (DigitOf(cursor.Peek()) is var digit && digit < radix)
        {
            // Anything above the last character is as wrong as the one behind it; no digit at all is zero, which is none.
            character = Math.Min((character * radix) + digit, 0x110000);
            cursor.Advance(1);
        }

        if (!cursor.TrySkip(";"u8))
        {
            return cursor.Fail($"CharRef: invalid {what} value");
        }

        return XmlCharacters.IsCharacter(character)
            || cursor.Fail($"xmlParseCharRef: invalid xmlChar value {character}");
    }

    private static int DigitOf(int octet) => octet switch
    {
        >= '0' and <= '9' => octet - '0',
        >= 'a' and <= 'f' => octet - 'a' + 10,
        >= 'A' and <= 'F' => octet - 'A' + 10,
        _ => int.MaxValue,
    };
}
