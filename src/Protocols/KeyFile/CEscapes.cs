using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spindle.Protocols.KeyFile;

/// <summary>Escapes as in a C string, which ConnMan puts passphrases into before they become a value.</summary>
/// <remarks>They match <c>g_strescape</c> and <c>g_strcompress</c>: names for the usual controls, three octal digits
/// for other octets outside printable ASCII, so the outcome is ASCII whatever the passphrase is.</remarks>
public static class CEscapes
{
    private const string Names = "bfnrtv\\\"";
    private const string Plain = "\b\f\n\r\t\v\\\"";

    /// <summary>Text with every unprintable octet of its UTF-8 escaped.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            int named = Plain.IndexOf((char)octet, StringComparison.Ordinal);
            if (named >= 0)
            {
                escaped.Append('\\').Append(Names[named]);
            }
            else if (octet is < 0x20 or >= 0x7F)
            {
                escaped.Append('\\').Append((char)('0' + (octet >> 6)));
                escaped.Append((char)('0' + (octet >> 3 & 7))).Append((char)('0' + (octet & 7)));
            }
            else
            {
                escaped.Append((char)octet);
            }
        }

        return escaped.ToString();
    }

    /// <summary>Undoes <see cref="Escape"/>. An unknown escape stands for its character, as in GLib.</summary>
    /// <returns>False if the octets are not UTF-8, or the text ends in the middle of an escape.</returns>
    public static bool TryUnescape(string escaped, [NotNullWhen(true)] out string? text)
    {
        text = null;
        List<byte> octets = new(escaped.Length);
        byte[] source = Encoding.UTF8.GetBytes(escaped);
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\')
            {
                octets.Add(source[i]);
                continue;
            }

            if (++i == source.Length)
            {
                return false;
            }

            octets.Add(source[i] is >= (byte)'0' and <= (byte)'7' ? Octal(source, ref i) : Named(source[i]));
        }

        byte[] plain = [.. octets];
        if (!System.Text.Unicode.Utf8.IsValid(plain))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(plain);
        return true;
    }

    private static byte Octal(byte[] source, ref int at)
    {
        int value = 0;
        int end = Math.Min(at + 3, source.Length);
        int i = at;
        while (i < end && source[i] is >= (byte)'0' and <= (byte)'7')
        {
            value = value << 3 | (source[i] - '0');
            i++;
        }

        at = i - 1;
        return (byte)value;
    }

    private static byte Named(byte octet)
    {
        int named = Names.IndexOf((char)octet, StringComparison.Ordinal);
        return named < 0 ? octet : (byte)Plain[named];
    }
}
