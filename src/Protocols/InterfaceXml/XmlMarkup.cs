using System;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>What may stand around and between elements and carries nothing for us: comments, processing instructions, the declaration.</summary>
internal static class XmlMarkup
{
    /// <summary>Blanks, comments and processing instructions before or behind the root.</summary>
    public static bool SkipMiscellaneous(ref XmlCursor cursor)
    {
        while (true)
        {
            cursor.SkipBlanks();
            if (cursor.IsAt("<!--"u8) ? !SkipComment(ref cursor) : cursor.IsAt("<?"u8) && !SkipInstruction(ref cursor))
            {
                return false;
            }

            if (!XmlCharacters.IsBlank(cursor.Peek()) && !cursor.IsAt("<!--"u8) && !cursor.IsAt("<?"u8))
            {
                return true;
            }
        }
    }

    /// <summary>Section 2.5; two hyphens end a comment or are wrong.</summary>
    public static bool SkipComment(ref XmlCursor cursor)
    {
        cursor.Advance("<!--".Length);
        int start = cursor.Offset;
        if (!cursor.TrySkipPast("--"u8))
        {
            return cursor.Fail("Comment not terminated");
        }

        return cursor.TrySkip(">"u8)
            || cursor.Fail($"Double hyphen within comment: <!--{XmlDocument.Text(cursor.Since(start)[..^2])}");
    }

    /// <summary>Section 2.6.</summary>
    public static bool SkipInstruction(ref XmlCursor cursor)
    {
        cursor.Advance("<?".Length);
        ReadOnlySpan<byte> target = cursor.ReadName();
        if (target.IsEmpty)
        {
            return cursor.Fail("xmlParsePI : no target name");
        }

        if (Ascii.EqualsIgnoreCase(target, "xml"u8))
        {
            return cursor.Fail(target.SequenceEqual("xml"u8)
                ? "XML declaration allowed only at the start of the document"
                : "xmlParsePITarget: invalid name prefix 'xml'");
        }

        string name = XmlDocument.Text(target);
        if (!cursor.IsAt("?>"u8) && !XmlCharacters.IsBlank(cursor.Peek()))
        {
            return cursor.Fail($"ParsePI: PI {name} space expected");
        }

        return cursor.TrySkipPast("?>"u8) || cursor.Fail($"ParsePI: PI {name} never end ...");
    }

    /// <summary>Section 2.8: version 1.something, UTF-8 or no encoding, standalone or not.</summary>
    public static bool SkipDeclaration(ref XmlCursor cursor)
    {
        if (!cursor.IsAt("<?xml"u8) || cursor.Rest.Length < 6 || !XmlCharacters.IsBlank(cursor.Rest[5]))
        {
            return true;
        }

        cursor.Advance("<?xml".Length);
        if (!SkipVersion(ref cursor) || !SkipEncoding(ref cursor) || !SkipStandalone(ref cursor))
        {
            return false;
        }

        cursor.SkipBlanks();
        return cursor.TrySkip("?>"u8) || cursor.Fail("parsing XML declaration: '?>' expected");
    }

    private static bool SkipVersion(ref XmlCursor cursor)
    {
        cursor.SkipBlanks();
        if (!cursor.TrySkip("version"u8))
        {
            return cursor.Fail("Malformed declaration expecting version");
        }

        return TryReadQuoted(ref cursor, out ReadOnlySpan<byte> version)
            && ((version.StartsWith("1."u8) && version[2..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
                || cursor.Fail($"Unsupported version '{XmlDocument.Text(version)}'"));
    }

    private static bool SkipEncoding(ref XmlCursor cursor)
    {
        int start = cursor.Offset;
        if (!cursor.SkipBlanks() || !cursor.TrySkip("encoding"u8))
        {
            return GoBack(ref cursor, start);
        }

        if (!TryReadQuoted(ref cursor, out ReadOnlySpan<byte> encoding))
        {
            return false;
        }

        return Ascii.EqualsIgnoreCase(encoding, "UTF-8"u8) || Ascii.EqualsIgnoreCase(encoding, "UTF8"u8)
            || cursor.Decline(start, $"Only UTF-8 is read, not encoding '{XmlDocument.Text(encoding)}'.");
    }

    private static bool SkipStandalone(ref XmlCursor cursor)
    {
        int start = cursor.Offset;
        if (!cursor.SkipBlanks() || !cursor.TrySkip("standalone"u8))
        {
            return GoBack(ref cursor, start);
        }

        return TryReadQuoted(ref cursor, out ReadOnlySpan<byte> answer)
            && (answer.SequenceEqual("yes"u8) || answer.SequenceEqual("no"u8)
                || cursor.Fail("standalone accepts only 'yes' or 'no'"));
    }

    private static bool GoBack(ref XmlCursor cursor, int offset)
    {
        cursor.Advance(offset - cursor.Offset);
        return true;
    }

    private static bool TryReadQuoted(ref XmlCursor cursor, out ReadOnlySpan<byte> value)
    {
        value = default;
        cursor.SkipBlanks();
        if (!cursor.TrySkip("="u8))
        {
            return cursor.Fail("expected '='");
        }

        cursor.SkipBlanks();
        int start = cursor.Offset + 1;
        bool isQuoted = cursor.TrySkip("'"u8) ? cursor.TrySkipPast("'"u8) : cursor.TrySkip("\""u8) && cursor.TrySkipPast("\""u8);
        if (!isQuoted)
        {
            return cursor.Fail("String not started expecting ' or \"");
        }

        value = cursor.Since(start)[..^1];
        return true;
    }
}
