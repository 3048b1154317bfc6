using System;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.Protocols.Dns;

/// <summary>A host name that may be asked for: letters, digits and hyphens (RFC 1123, section 2.1), in lower case.</summary>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>The most octets a name has on the wire (RFC 1035, section 2.3.4).</summary>
    public const int WireSizeMax = 255;

    /// <summary>The most characters a label has.</summary>
    public const int LabelLengthMax = 63;

    private const int TextLengthMax = 253;

    private readonly byte[] wire;

    private DnsName(byte[] wire, string text)
    {
        this.wire = wire;
        Text = text;
    }

    /// <summary>The name in lower case without a dot at its end.</summary>
    public string Text { get; }

    /// <summary>The name on the wire: labels with their lengths, then a zero; not compressed.</summary>
    public ReadOnlySpan<byte> Wire => wire;

    /// <summary>Reads a host name; one dot at its end is allowed.</summary>
    /// <remarks>A last label of digits alone is refused: <c>10.1</c> or <c>1.2.3.256</c> is a mistyped address.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (text.EndsWith('.'))
        {
            text = text[..^1];
        }

        if (text.Length is 0 or > TextLengthMax)
        {
            return false;
        }

        byte[] wire = new byte[text.Length + 2];
        int at = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> label = text[range];
            if (!IsLabel(label))
            {
                return false;
            }

            wire[at++] = (byte)label.Length;
            foreach (char character in label)
            {
                wire[at++] = ToLower((byte)character);
            }
        }

        if (!text[(text.LastIndexOf('.') + 1)..].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        name = new(wire, text.ToString().ToLowerInvariant());
        return true;
    }

    /// <summary>True for the same name; case never differs here.</summary>
    public bool Equals(DnsName? other) => other is not null && wire.AsSpan().SequenceEqual(other.wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>An octet of a name in lower case; only ASCII letters have one (RFC 4343).</summary>
    internal static byte ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > LabelLengthMax || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (char character in label)
        {
            // The underscore is no host name's character, but names with it are in use, and every resolver takes it.
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
