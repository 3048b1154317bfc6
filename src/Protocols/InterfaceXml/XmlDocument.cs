using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>
/// Reads a whole document of UTF-8, well-formed and without a document type, into its elements. Not recursive; linear in
/// time and memory.
/// </summary>
internal static class XmlDocument
{
    // Elements around an element; libxml2's number, so that both give up at the same place.
    private const int DepthMax = 256;

    // An element takes some two hundred octets here; a bridge has at most 1,024 ports.
    private const int ElementsMax = 8_192;

    public static bool TryRead(ReadOnlySpan<byte> document, [NotNullWhen(true)] out XmlElement? root, out XmlFault fault)
    {
        root = null;
        if (document.Length > InterfaceDefinition.MaximumSize)
        {
            fault = new(0, IsWellFormed: true, $"The document is larger than {InterfaceDefinition.MaximumSize} octets.");
            return false;
        }

        XmlCursor cursor = new(document);
        bool isRead = ReadProlog(ref cursor, document) && ReadElements(ref cursor, out root)
            && XmlMarkup.SkipMiscellaneous(ref cursor)
            && (cursor.Offset == document.Length || cursor.Fail("Extra content at the end of the document"));
        fault = cursor.Fault;
        return isRead && root is not null;
    }

    /// <summary>A name or a value that is known to be UTF-8.</summary>
    public static string Text(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? "" : Encoding.UTF8.GetString(utf8);

    private static bool ReadProlog(ref XmlCursor cursor, ReadOnlySpan<byte> document)
    {
        if (document.IsEmpty)
        {
            return cursor.Fail("Document is empty");
        }

        // A zero octet beside the first '<', or the other byte order marks.
        if (document.Length >= 2
            && (document[0], document[1]) is (0xFE, 0xFF) or (0xFF, 0xFE) or (0, (byte)'<') or ((byte)'<', 0))
        {
            return cursor.Decline(0, "Only UTF-8 is read, not UTF-16.");
        }

        cursor.TrySkip("\uFEFF"u8);
        if (!XmlMarkup.SkipDeclaration(ref cursor) || !XmlMarkup.SkipMiscellaneous(ref cursor))
        {
            return false;
        }

        if (cursor.IsAt("<!DOCTYPE"u8))
        {
            return cursor.Decline(cursor.Offset, "A document type declaration is not read.");
        }

        return cursor.Peek() == '<' || cursor.Fail("Start tag expected, '<' not found");
    }

    private static bool ReadElements(ref XmlCursor cursor, out XmlElement? root)
    {
        root = null;
        int elements = 0;
        Stack<XmlElement> open = new();
        do
        {
            if (cursor.IsAt("</"u8) && open.Count > 0)
            {
                if (!ReadEnd(ref cursor, open.Pop()))
                {
                    return false;
                }
            }
            else if (cursor.Peek() == '<' && (open.Count == 0 || !IsMarkup(cursor)))
            {
                if (!ReadStart(ref cursor, open, ref root) || (++elements > ElementsMax && !TooMany(ref cursor)))
                {
                    return false;
                }
            }
            else if (!ReadContent(ref cursor, open.Peek()))
            {
                return false;
            }
        }
        while (open.Count > 0);

        return true;
    }

    private static bool TooMany(ref XmlCursor cursor) =>
        cursor.Decline(cursor.Offset, $"The document has more than {ElementsMax} elements.");

    private static bool IsMarkup(in XmlCursor cursor) =>
        cursor.IsAt("<!--"u8) || cursor.IsAt("<?"u8) || cursor.IsAt("<![CDATA["u8);

    private static bool ReadStart(ref XmlCursor cursor, Stack<XmlElement> open, ref XmlElement? root)
    {
        if (open.Count > DepthMax)
        {
            return cursor.Fail($"Excessive depth in document: {DepthMax}");
        }

        XmlElement? parent = open.Count > 0 ? open.Peek() : null;
        if (!XmlTag.TryRead(ref cursor, parent?.IsInDefaultNamespace ?? false, out XmlElement? element, out bool isEmpty))
        {
            return false;
        }

        parent?.Children.Add(element!);
        root ??= element;
        if (!isEmpty)
        {
            open.Push(element!);
        }

        return true;
    }

    private static bool ReadEnd(ref XmlCursor cursor, XmlElement element)
    {
        cursor.Advance(2);
        string name = Text(cursor.ReadName());
        cursor.SkipBlanks();
        if (!cursor.TrySkip(">"u8))
        {
            return cursor.Fail("expected '>'");
        }

        return name == element.Name
            || cursor.Fail($"Opening and ending tag mismatch: {element.Name} line {cursor.LineOf(element.Offset)} and {name}");
    }

    private static bool ReadContent(ref XmlCursor cursor, XmlElement element)
    {
        if (cursor.IsAtEnd)
        {
            return cursor.Fail($"Premature end of data in tag {element.Name} line {cursor.LineOf(element.Offset)}");
        }

        if (cursor.Peek() == '<')
        {
            return cursor.IsAt("<!--"u8) ? XmlMarkup.SkipComment(ref cursor)
                : cursor.IsAt("<?"u8) ? XmlMarkup.SkipInstruction(ref cursor)
                : ReadCharacterData(ref cursor, element);
        }

        int start = cursor.Offset;
        if (cursor.Peek() == '&')
        {
            bool isReference = XmlReference.TryRead(ref cursor, out int character);
            Note(element, start, isReference && XmlCharacters.IsBlank(character));
            return isReference;
        }

        int length = cursor.Rest.IndexOfAny((byte)'<', (byte)'&');
        ReadOnlySpan<byte> text = length < 0 ? cursor.Rest : cursor.Rest[..length];
        int wrong = text.IndexOf("]]>"u8);
        cursor.Advance(wrong < 0 ? text.Length : wrong);
        Note(element, start, text.IndexOfAnyExcept(" \t\r\n"u8) < 0);
        return wrong < 0 || cursor.Fail("Sequence ']]>' not allowed in content");
    }

    private static bool ReadCharacterData(ref XmlCursor cursor, XmlElement element)
    {
        cursor.Advance("<![CDATA[".Length);
        int start = cursor.Offset;
        if (!cursor.TrySkipPast("]]>"u8))
        {
            return cursor.Fail("CData section not finished");
        }

        Note(element, start, cursor.Since(start)[..^3].IndexOfAnyExcept(" \t\r\n"u8) < 0);
        return true;
    }

    private static void Note(XmlElement element, int offset, bool isBlank)
    {
        if (!isBlank && element.TextOffset < 0)
        {
            element.TextOffset = offset;
        }
    }
}
