using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>Start tags with their attributes (XML 1.0, sections 3.1 and 3.3.3; Namespaces in XML 1.0).</summary>
internal static class XmlTag
{
    // Each attribute is compared with those before it; the schema has at most three, and namespaces are few.
    private const int AttributesMax = 64;

    /// <summary>Reads from <c>&lt;</c> to <c>&gt;</c> or <c>/&gt;</c>.</summary>
    public static bool TryRead(ref XmlCursor cursor, bool isInDefaultNamespace, out XmlElement? element, out bool isEmpty)
    {
        element = null;
        isEmpty = false;
        int start = cursor.Offset;
        cursor.Advance(1);
        string name = XmlDocument.Text(cursor.ReadName());
        if (name.Length == 0)
        {
            return cursor.Fail("StartTag: invalid element name");
        }

        List<XmlAttribute> attributes = [];
        if (!TryReadAttributes(ref cursor, attributes))
        {
            return false;
        }

        isEmpty = cursor.TrySkip("/>"u8);
        if (!isEmpty && !cursor.TrySkip(">"u8))
        {
            return cursor.Fail($"Couldn't find end of Start Tag {name} line {cursor.LineOf(start)}");
        }

        element = Resolve(name, start, isInDefaultNamespace, attributes);
        return true;
    }

    // Declarations leave the list; what they declare counts only by being there, since the schema has no namespace.
    private static XmlElement Resolve(string name, int start, bool isInDefaultNamespace, List<XmlAttribute> attributes)
    {
        foreach (XmlAttribute attribute in attributes)
        {
            isInDefaultNamespace = attribute.Name == "xmlns" ? attribute.Value.Length > 0 : isInDefaultNamespace;
        }

        XmlElement element = new(name, start, isInDefaultNamespace);
        foreach (XmlAttribute attribute in attributes)
        {
            if (!IsDeclaration(attribute.Name))
            {
                element.Attributes.Add(attribute);
            }
        }

        return element;
    }

    private static bool IsDeclaration(string name) => name == "xmlns"
        || (name.Length > "xmlns:".Length && name.StartsWith("xmlns:", StringComparison.Ordinal)
            && Rune.TryGetRuneAt(name, "xmlns:".Length, out Rune first)
            && first.Value != ':' && XmlCharacters.StartsName(first.Value));

    private static bool TryReadAttributes(ref XmlCursor cursor, List<XmlAttribute> attributes)
    {
        while (true)
        {
            bool isApart = cursor.SkipBlanks();
            if (cursor.IsAtEnd || cursor.Peek() == '>' || cursor.IsAt("/>"u8))
            {
                return true;
            }

            if (!isApart)
            {
                return cursor.Fail(attributes.Count == 0 ? "error parsing attribute name" : "attributes construct error");
            }

            if (attributes.Count == AttributesMax)
            {
                return cursor.Decline(cursor.Offset, $"More than {AttributesMax} attributes in one element.");
            }

            if (!TryReadAttribute(ref cursor, attributes))
            {
                return false;
            }
        }
    }

    private static bool TryReadAttribute(ref XmlCursor cursor, List<XmlAttribute> attributes)
    {
        int start = cursor.Offset;
        string name = XmlDocument.Text(cursor.ReadName());
        if (name.Length == 0)
        {
            return cursor.Fail("error parsing attribute name");
        }

        cursor.SkipBlanks();
        if (!cursor.TrySkip("="u8))
        {
            return cursor.Fail($"Specification mandates value for attribute {name}");
        }

        cursor.SkipBlanks();
        if (!TryReadValue(ref cursor, out string value))
        {
            return false;
        }

        foreach (XmlAttribute other in attributes)
        {
            if (other.Name == name)
            {
                return cursor.Fail($"Attribute {name} redefined");
            }
        }

        attributes.Add(new(name, value, start));
        return true;
    }

    private static bool TryReadValue(ref XmlCursor cursor, out string value)
    {
        value = "";
        int quote = cursor.Peek();
        if (quote is not ('"' or '\''))
        {
            return cursor.Fail("AttValue: \" or ' expected");
        }

        cursor.Advance(1);
        StringBuilder? pieces = null;
        SearchValues<byte> ends = quote == '"' ? EndsInDouble : EndsInSingle;
        while (true)
        {
            int plain = cursor.Rest.IndexOfAny(ends);
            if (plain < 0)
            {
                cursor.Advance(cursor.Rest.Length);
                return cursor.Fail("AttValue: ' expected");
            }

            ReadOnlySpan<byte> piece = cursor.Rest[..plain];
            cursor.Advance(plain);
            if (cursor.Peek() == quote)
            {
                cursor.Advance(1);
                value = pieces is null ? XmlDocument.Text(piece) : pieces.Append(Encoding.UTF8.GetString(piece)).ToString();
                return true;
            }

            pieces = (pieces ?? new()).Append(Encoding.UTF8.GetString(piece));
            if (!TryReadSpecial(ref cursor, pieces))
            {
                return false;
            }
        }
    }

    private static readonly SearchValues<byte> EndsInDouble = SearchValues.Create("\"<&\t\r\n"u8);
    private static readonly SearchValues<byte> EndsInSingle = SearchValues.Create("'<&\t\r\n"u8);

    private static bool TryReadSpecial(ref XmlCursor cursor, StringBuilder value)
    {
        switch (cursor.Peek())
        {
            case '<':
                return cursor.Fail("Unescaped '<' not allowed in attributes values");
            case '&':
                if (!XmlReference.TryRead(ref cursor, out int character))
                {
                    return false;
                }

                value.Append(new Rune(character).ToString());
                return true;
            default:
                // A line's end is one character, whichever octets it has (section 2.11).
                cursor.Advance(cursor.IsAt("\r\n"u8) ? 2 : 1);
                value.Append(' ');
                return true;
        }
    }
}
