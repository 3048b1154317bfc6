using System;
using System.Globalization;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>Writes elements a line each, two blanks a level, attributes in single quotes.</summary>
internal sealed class XmlWriter
{
    private readonly StringBuilder text = new();
    private int level;

    /// <summary>Starts a tag: <c>&lt;name</c>. Attributes may follow, then one of the three ends.</summary>
    public XmlWriter Tag(string name)
    {
        text.Append(' ', level * 2).Append('<').Append(name);
        return this;
    }

    /// <summary>An attribute; nothing when its value is null.</summary>
    public XmlWriter Attribute(string name, string? value)
    {
        if (value is not null)
        {
            text.Append(' ').Append(name).Append("='");
            Escape(value);
            text.Append('\'');
        }

        return this;
    }

    /// <summary>An attribute; nothing when its value is null.</summary>
    public XmlWriter Attribute(string name, uint? value) =>
        Attribute(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>An empty element.</summary>
    public void Empty() => text.Append("/>\n");

    /// <summary>An element with text.</summary>
    public void Text(string name, string value)
    {
        Tag(name);
        text.Append('>');
        Escape(value);
        text.Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element with text; nothing when there is none.</summary>
    public void TextIfAny(string name, string? value)
    {
        if (value is not null)
        {
            Text(name, value);
        }
    }

    /// <summary>An element whose content follows, a level deeper.</summary>
    public void Open()
    {
        text.Append(">\n");
        level++;
    }

    /// <summary>The end of what was opened.</summary>
    public void Close(string name)
    {
        level--;
        text.Append(' ', level * 2).Append("</").Append(name).Append(">\n");
    }

    public override string ToString() => text.ToString();

    // What XML has no character for becomes U+FFFD; blanks but the space keep their value as references.
    private void Escape(string value)
    {
        foreach (Rune character in value.EnumerateRunes())
        {
            _ = character.Value switch
            {
                '&' => text.Append("&amp;"),
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '\'' => text.Append("&apos;"),
                '"' => text.Append("&quot;"),
                '\t' or '\n' or '\r' => text.Append(CultureInfo.InvariantCulture, $"&#{character.Value};"),
                _ when XmlCharacters.IsCharacter(character.Value) => text.Append(character.ToString()),
                _ => text.Append('\uFFFD'),
            };
        }
    }
}
