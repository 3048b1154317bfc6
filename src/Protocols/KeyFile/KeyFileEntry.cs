using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Spindle.Protocols.KeyFile;

/// <summary>One <c>key=value</c> line, and its value read as one type or another.</summary>
/// <remarks>Every reading says why it failed; none throws. Values may end in blanks, as GLib's readers allow.</remarks>
public sealed class KeyFileEntry
{
    private readonly byte[] octets;

    internal KeyFileEntry(string group, string key, byte[] value, int line)
    {
        Group = group;
        Key = key;
        octets = value;
        Line = line;
    }

    /// <summary>The group that it stands in.</summary>
    public string Group { get; }

    /// <summary>The key, a locale in brackets included.</summary>
    public string Key { get; }

    /// <summary>The line in the file, counted from 1; 0 for one that was added since.</summary>
    public int Line { get; }

    /// <summary>The value as it stands in the file, escapes and all.</summary>
    public ReadOnlySpan<byte> RawOctets => octets;

    /// <summary>The value as it stands in the file, without the blanks at its end.</summary>
    public bool TryRaw([NotNullWhen(true)] out string? value, out KeyFileError error) =>
        TryText(trim: true, out value, out error);

    /// <summary>The value with its escapes undone (<c>\s \n \t \r \\</c>).</summary>
    public bool TryString([NotNullWhen(true)] out string? value, out KeyFileError error)
    {
        value = null;
        return TryText(trim: false, out string? raw, out error)
            && (KeyFileEscapes.TryUnescape(raw, out value) || Fail("has an unknown escape sequence", out error));
    }

    /// <summary><c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>, in lower case as GLib wants it.</summary>
    public bool TryBoolean(out bool value, out KeyFileError error)
    {
        value = false;
        if (!TryRaw(out string? raw, out error))
        {
            return false;
        }

        value = raw is "true" or "1";
        return value || raw is "false" or "0" || Fail("is neither true nor false", out error);
    }

    /// <summary>A whole number in decimal, with or without a sign.</summary>
    public bool TryInt32(out int value, out KeyFileError error)
    {
        value = 0;
        return TryRaw(out string? raw, out error)
            && (int.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
                || Fail("is not a whole number", out error));
    }

    /// <summary>A whole number in decimal that is not negative.</summary>
    public bool TryUInt32(out uint value, out KeyFileError error)
    {
        value = 0;
        return TryRaw(out string? raw, out error)
            && (uint.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                || Fail("is not a whole number from 0", out error));
    }

    /// <summary>A whole number of 64 bits.</summary>
    public bool TryInt64(out long value, out KeyFileError error)
    {
        value = 0;
        return TryRaw(out string? raw, out error)
            && (long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
                || Fail("is not a whole number", out error));
    }

    /// <summary>Pieces between separators, escapes undone; a separator at the end adds no piece.</summary>
    /// <param name="separator"><c>;</c> in settings, <c>,</c> in what people write.</param>
    /// <param name="value">The pieces.</param>
    /// <param name="error">Why it cannot be read.</param>
    public bool TryList(char separator, [NotNullWhen(true)] out List<string>? value, out KeyFileError error)
    {
        value = null;
        return TryText(trim: false, out string? raw, out error)
            && (KeyFileEscapes.TryUnescapeList(raw, separator, out value)
                || Fail("has an unknown escape sequence", out error));
    }

    private bool TryText(bool trim, [NotNullWhen(true)] out string? text, out KeyFileError error)
    {
        error = default;
        text = null;
        if (!System.Text.Unicode.Utf8.IsValid(octets))
        {
            return Fail("is not valid UTF-8", out error);
        }

        text = Encoding.UTF8.GetString(trim ? octets.AsSpan().TrimEnd(" \t\r\v\f"u8) : octets);
        return true;
    }

    private bool Fail(string reason, out KeyFileError error)
    {
        error = new(Line, $"the value of '{Key}' {reason}");
        return false;
    }
}
