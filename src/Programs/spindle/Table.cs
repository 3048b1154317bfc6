using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Spindle.Programs;

/// <summary>A cell: what it says and how.</summary>
internal readonly record struct Cell(string Text, Colour Colour = Colour.None)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>Rows in columns as wide as their widest cell; the last column is not padded.</summary>
internal sealed class Table
{
    private const string Gap = "  ";

    private readonly List<Cell[]> rows = [];

    public void Add(params Cell[] row) =>
        rows.Add([.. row.Select(static cell => cell with { Text = Plain.Of(cell.Text) })]);

    public void Write(TextWriter output, bool hasColours)
    {
        int[] widths = new int[rows.Count == 0 ? 0 : rows.Max(static row => row.Length)];
        foreach (Cell[] row in rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                widths[column] = Math.Max(widths[column], Width(row[column].Text));
            }
        }

        foreach (Cell[] row in rows)
        {
            int last = Array.FindLastIndex(row, static cell => cell.Text.Length > 0);
            for (int column = 0; column <= last; column++)
            {
                Write(output, row[column], hasColours);
                if (column < last)
                {
                    output.Write(new string(' ', widths[column] - Width(row[column].Text)));
                    output.Write(Gap);
                }
            }

            output.Write('\n');
        }
    }

    private static void Write(TextWriter output, Cell cell, bool hasColours)
    {
        if (!hasColours || cell.Colour == Colour.None)
        {
            output.Write(cell.Text);
            return;
        }

        output.Write(string.Create(CultureInfo.InvariantCulture, $"\e[{(int)cell.Colour}m{cell.Text}\e[0m"));
    }

    // Columns of a terminal: nothing for combining marks, two for the wide blocks (UAX #11, the common ranges).
    private static int Width(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            bool isWide = rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
                or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
                or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
            width += isMark ? 0 : isWide ? 2 : 1;
        }

        return width;
    }
}
