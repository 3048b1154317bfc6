using System;
using System.Text;
using System.Text.Unicode;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Text as libvirt sends it: octets that are UTF-8 as a rule and need not be.</summary>
/// <remarks>
/// An octet that is no UTF-8 becomes the lone surrogate U+DC00 + octet and is written as that octet again, so that whatever a client
/// sent comes back to it unchanged. No name that we know holds a lone surrogate, so none is ever equal to such a text.
/// </remarks>
public static class XdrText
{
    private const char EscapeFirst = '\uDC80';
    private const char EscapeLast = '\uDCFF';
    private const char EscapeBase = '\uDC00';

    /// <summary>Makes a text of octets; never fails.</summary>
    public static string Decode(ReadOnlySpan<byte> octets)
    {
        return octets.IsEmpty ? "" : Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : DecodeEscaped(octets);
    }

    /// <summary>Octets that <see cref="Encode"/> writes for a text.</summary>
    public static int CountOctets(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (!text.IsEmpty)
        {
            text = text[TakeRune(text, out Rune rune, out bool isEscape)..];
            count += isEscape ? 1 : rune.Utf8SequenceLength;
        }

        return count;
    }

    /// <summary>Writes a text into a span of at least <see cref="CountOctets"/> octets and says how many it took.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        int at = 0;
        while (!text.IsEmpty)
        {
            text = text[TakeRune(text, out Rune rune, out bool isEscape)..];
            if (isEscape)
            {
                destination[at++] = (byte)(rune.Value & 0xFF);
            }
            else
            {
                at += rune.EncodeToUtf8(destination[at..]);
            }
        }

        return at;
    }

    // An escape carries its octet in the rune's lower eight bits; another lone surrogate is U+FFFD, as everywhere in .NET.
    private static int TakeRune(ReadOnlySpan<char> text, out Rune rune, out bool isEscape)
    {
        Rune.DecodeFromUtf16(text, out rune, out int taken);
        isEscape = taken == 1 && text[0] is >= EscapeFirst and <= EscapeLast;
        if (isEscape)
        {
            rune = new Rune(text[0] - EscapeBase);
        }

        return taken;
    }

    private static string DecodeEscaped(ReadOnlySpan<byte> octets)
    {
        StringBuilder text = new(octets.Length);
        Span<char> units = stackalloc char[2];
        while (!octets.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(octets, out Rune rune, out int taken) == System.Buffers.OperationStatus.Done)
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
            }
            else
            {
                taken = 1;
                text.Append((char)(EscapeBase + octets[0]));
            }

            octets = octets[taken..];
        }

        return text.ToString();
    }
}
