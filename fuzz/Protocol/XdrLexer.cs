using System;
using System.Globalization;

namespace Spindle.Fuzz.Protocol;

/// <summary>Words, numbers and signs of the XDR language; comments and lines that begin with % or # are passed over.</summary>
internal sealed class XdrLexer(string text)
{
    private int at;
    private int line = 1;

    /// <summary>The word, number or sign that is next; empty at the end.</summary>
    public string Next { get; private set; } = "";

    /// <summary>The last comment right in front of <see cref="Next"/>, with nothing but space between; empty if there is none.</summary>
    public string Comment { get; private set; } = "";

    /// <summary>Goes on to the next one and returns the one before it.</summary>
    public string Take()
    {
        string taken = Next;
        Comment = "";
        while (PassOver())
        {
        }

        int start = at;
        if (at < text.Length && IsOfWord(text[at]))
        {
            while (at < text.Length && IsOfWord(text[at]))
            {
                at++;
            }
        }
        else if (at < text.Length)
        {
            at++;
        }

        Next = text[start..at];
        return taken;
    }

    /// <summary>Goes on over <paramref name="expected"/>.</summary>
    public void Take(string expected)
    {
        if (Next != expected)
        {
            throw Wrong($"'{expected}' is missing in front of '{Next}'");
        }

        Take();
    }

    /// <summary>Goes on if <paramref name="wanted"/> is next.</summary>
    public bool TryTake(string wanted)
    {
        bool isNext = Next == wanted;
        if (isNext)
        {
            Take();
        }

        return isNext;
    }

    /// <summary>Where reading is, and what is wrong there.</summary>
    public FormatException Wrong(string what) => new(string.Create(CultureInfo.InvariantCulture, $"line {line}: {what}"));

    private static bool IsOfWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';

    // One run of space, one comment or one line for another program.
    private bool PassOver()
    {
        int start = at;
        if (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
        else if (at < text.Length && text[at] is '%' or '#' && (at == 0 || text[at - 1] == '\n'))
        {
            int end = text.IndexOf('\n', at);
            at = end < 0 ? text.Length : end;
        }
        else if (text.AsSpan(at).StartsWith("/*"))
        {
            int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
            at = end < 0 ? throw Wrong("a comment has no end") : end + 2;
            Comment = text[start..at];
        }

        line += text.AsSpan(start, at - start).Count('\n');
        return at > start;
    }
}
