using System;
using System.Globalization;
using System.Text;

namespace Spindle.Protocols.InterfaceXml.Generated;

/// <summary>Writes a sketch as XML in one of the many ways that mean the same.</summary>
internal sealed class SketchWriter(Dice dice)
{
    private readonly StringBuilder text = new();

    public string Write(Sketch root)
    {
        text.Clear();
        if (dice.Once(16))
        {
            text.Append('\uFEFF');
        }

        if (dice.Once(4))
        {
            text.Append(dice.Of(
                "<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<?xml  version = '1.0'\n encoding='utf-8' standalone='yes' ?>",
                "<?xml version='1.0' standalone='no'?>"));
        }

        Around();
        Element(root);
        Around();
        return text.ToString();
    }

    private void Element(Sketch sketch)
    {
        text.Append('<').Append(sketch.Name);
        foreach ((string name, string value) in sketch.Attributes)
        {
            text.Append(dice.Of(" ", " ", "\n", "\r\n\t")).Append(name).Append(dice.Of("=", "=", " = ")).Append(Quoted(value));
        }

        text.Append(dice.Of("", "", " ", "\n"));
        if (sketch.Children.Count == 0 && sketch.Text.Length == 0 && !dice.Once(4))
        {
            text.Append("/>");
            return;
        }

        text.Append('>');
        foreach (Sketch child in sketch.Children)
        {
            Between();
            Element(child);
        }

        Between();
        text.Append(sketch.Text);
        text.Append("</").Append(sketch.Name).Append(dice.Of("", "", "\n")).Append('>');
    }

    private void Around() => text.Append(dice.Below(8) switch
    {
        0 => "\n",
        1 => "<!-- who? -->",
        2 => "\r\n<?a-program does='this'?>\n",
        _ => "",
    });

    private void Between() => text.Append(dice.Below(12) switch
    {
        0 => "<!-- <interface> ü -->",
        1 => "<?p?>",
        2 => "<![CDATA[ \n]]>",
        3 => "<![CDATA[]]>",
        4 => "&#32;&#x9;&#10;",
        5 or 6 => "",
        7 => "\r\n\t",
        _ => "\n  ",
    });

    private string Quoted(string value)
    {
        char quote = dice.Of('\'', '\'', '"');
        StringBuilder quoted = new();
        quoted.Append(quote);
        foreach (Rune character in value.EnumerateRunes())
        {
            quoted.Append(Escaped(character, quote));
        }

        return quoted.Append(quote).ToString();
    }

    private string Escaped(Rune character, char quote)
    {
        string number = character.Value.ToString(CultureInfo.InvariantCulture);
        string hexadecimal = character.Value.ToString("X4", CultureInfo.InvariantCulture);
        return character.Value switch
        {
            '&' => dice.Of("&amp;", "&#38;"),
            '<' => dice.Of("&lt;", "&#x3C;"),
            '>' => dice.Of(">", "&gt;"),
            '\'' when quote == '\'' => "&apos;",
            '"' when quote == '"' => "&quot;",
            '\n' => dice.Of("\n", "\r\n", "\r", "&#10;"),
            '\t' => dice.Of("\t", "&#9;"),
            '\r' => "&#13;",
            _ => dice.Once(30) ? dice.Of($"&#{number};", $"&#x{hexadecimal};") : character.ToString(),
        };
    }
}
