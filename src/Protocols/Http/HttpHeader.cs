using System;
using System.Text;

namespace Spindle.Protocols.Http;

/// <summary>One header of a response, unfolded (RFC 9110, section 5).</summary>
public readonly ref struct HttpHeader
{
    private HttpHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name as it came, without space around it.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value without space around it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Splits a line at its colon; false if there is none or nothing before it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out HttpHeader header)
    {
        header = default;
        int colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        header = new(line[..colon].Trim(" \t"u8), line[(colon + 1)..].Trim(" \t\r"u8));
        return !header.Name.IsEmpty;
    }

    /// <summary>True if this is the header's name; case does not matter.</summary>
    public bool Is(ReadOnlySpan<char> name) => Ascii.EqualsIgnoreCase(Name, name);

    /// <summary>The value as text; null if it is not visible ASCII with spaces.</summary>
    public string? ToText() => Value.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(Value);
}
