using System;
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Spindle.DBus;

/// <summary>Text on the bus is UTF-8 without NUL. What is not, is made so: each bad part becomes U+FFFD.</summary>
public static class BusText
{
    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>True if the octets may go on the bus as they are.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => !text.Contains((byte)0) && Utf8.IsValid(text);

    /// <summary>The most octets that <see cref="MakeValid(ReadOnlySpan{byte}, Span{byte})"/> writes.</summary>
    public static int ValidLengthMax(int length) => checked(length * 3);

    /// <summary>The most octets that <see cref="MakeValid(ReadOnlySpan{char}, Span{byte})"/> writes.</summary>
    public static int ValidLengthMax(ReadOnlySpan<char> text) => checked(text.Length * 3);

    /// <summary>Writes text as valid UTF-8; lone surrogates and NUL are replaced.</summary>
    /// <returns>Octets written, at most three for each character.</returns>
    public static int MakeValid(ReadOnlySpan<char> text, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int nul = text.IndexOf('\0');
            ReadOnlySpan<char> part = nul < 0 ? text : text[..nul];
            Utf8.FromUtf16(part, destination[written..], out _, out int count, replaceInvalidSequences: true);
            written += count;
            if (nul < 0)
            {
                return written;
            }

            Replacement.CopyTo(destination[written..]);
            written += Replacement.Length;
            text = text[(nul + 1)..];
        }
    }

    /// <summary>Writes octets as valid UTF-8; what is not, and NUL, is replaced.</summary>
    /// <returns>Octets written, at most three for each octet given.</returns>
    public static int MakeValid(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        while (text.Length > 0)
        {
            OperationStatus status = Rune.DecodeFromUtf8(text, out Rune rune, out int consumed);
            if (status == OperationStatus.Done && rune.Value != 0)
            {
                text[..consumed].CopyTo(destination[written..]);
                written += consumed;
            }
            else
            {
                Replacement.CopyTo(destination[written..]);
                written += Replacement.Length;
            }

            text = text[consumed..];
        }

        return written;
    }

    /// <summary>Text of octets that came from outside, bad parts replaced.</summary>
    public static string Read(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    internal static bool TryAscii(ReadOnlySpan<char> text, Span<byte> destination, out int length) =>
        Ascii.FromUtf16(text, destination, out length) == OperationStatus.Done;
}
