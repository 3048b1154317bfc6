using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spindle.Protocols.KeyFile;

/// <summary>The escapes of GLib's key files: <c>\s \n \t \r \\</c>, and the separator in lists.</summary>
/// <remarks>Blanks are escaped only where a reader would drop them: at the front of a value.</remarks>
public static class KeyFileEscapes
{
    /// <summary>What is escaped, or left out, wherever it stands.</summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\n\r\\\0");

    /// <summary>A string as a value.</summary>
    public static string Escape(string text)
    {
        if (text.Length > 0 && text[0] is not (' ' or '\t' or '\v' or '\f' or '\0') && text.AsSpan().IndexOfAny(Escaped) < 0)
        {
            return text;
        }

        StringBuilder escaped = new(text.Length);
        AppendEscaped(escaped, text, separator: '\0');
        return escaped.ToString();
    }

    /// <summary>Strings as a value, each ended by the separator, as GLib writes lists.</summary>
    public static string EscapeList(IEnumerable<string> pieces, char separator)
    {
        StringBuilder escaped = new();
        foreach (string piece in pieces)
        {
            AppendEscaped(escaped, piece, separator);
            escaped.Append(separator);
        }

        return escaped.ToString();
    }

    /// <summary>The string that a value stands for.</summary>
    /// <returns>False for a backslash that begins no known escape.</returns>
    public static bool TryUnescape(string value, [NotNullWhen(true)] out string? text)
    {
        StringBuilder plain = new(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\')
            {
                plain.Append(value[i]);
            }
            else if (!TryAppendUnescaped(plain, value, ++i, separator: '\0'))
            {
                text = null;
                return false;
            }
        }

        text = plain.ToString();
        return true;
    }

    /// <summary>The strings that a value stands for.</summary>
    /// <returns>False for a backslash that begins no known escape.</returns>
    public static bool TryUnescapeList(string value, char separator, [NotNullWhen(true)] out List<string>? pieces)
    {
        pieces = null;
        List<string> found = [];
        StringBuilder piece = new();
        int begin = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == separator)
            {
                found.Add(piece.ToString());
                piece.Clear();
                begin = i + 1;
            }
            else if (value[i] != '\\')
            {
                piece.Append(value[i]);
            }
            else if (!TryAppendUnescaped(piece, value, ++i, separator))
            {
                return false;
            }
        }

        if (begin < value.Length)
        {
            found.Add(piece.ToString());
        }

        pieces = found;
        return true;
    }

    private static void AppendEscaped(StringBuilder to, string text, char separator)
    {
        bool isFront = true;
        foreach (char c in text)
        {
            // A vertical tab or form feed at the front would be skipped by a reader, a NUL ends a line: neither has
            // an escape in this format, so they are left out.
            isFront &= c is ' ' or '\t' or '\v' or '\f' or '\0';
            switch (c)
            {
                case '\v' or '\f' when isFront: break;
                case '\0': break;
                case ' ' when isFront: to.Append("\\s"); break;
                case '\t' when isFront: to.Append("\\t"); break;
                case '\n': to.Append("\\n"); break;
                case '\r': to.Append("\\r"); break;
                case '\\': to.Append("\\\\"); break;
                default:
                    if (c == separator && separator != '\0')
                    {
                        to.Append('\\');
                    }

                    to.Append(c);
                    break;
            }
        }
    }

    private static bool TryAppendUnescaped(StringBuilder to, string value, int at, char separator)
    {
        char c = at < value.Length ? value[at] : '\0';
        char plain = c switch { 's' => ' ', 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' => '\\', _ => '\0' };
        if (plain == '\0' && c != '\0' && c == separator)
        {
            plain = c;
        }

        if (plain == '\0')
        {
            return false;
        }

        to.Append(plain);
        return true;
    }
}
