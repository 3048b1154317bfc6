using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Configuration;

/// <summary>Reads values of the group <c>[Libvirt]</c>, which may stand as in libvirtd.conf: in quotes of both kinds, within which a
/// backslash is one, and with a comment behind them.</summary>
internal static class LibvirtValue
{
    public static string? Text(KeyFileEntry entry, int maxOctets, out string value)
    {
        value = "";
        if (!entry.TryRaw(out string? raw, out KeyFileError error))
        {
            return error.Reason;
        }

        raw = raw.TrimStart();
        if (raw.StartsWith('"') || raw.StartsWith('\''))
        {
            int end = raw.IndexOf(raw[0], 1);
            value = end < 0 ? "" : raw[1..end];
            string? wrong = end < 0 ? $"'{entry.Key}' has a quote without its other one"
                : !IsRest(raw.AsSpan(end + 1)) ? $"'{entry.Key}' has a quote in its middle"
                : null;
            return wrong ?? Verified(entry, value, maxOctets);
        }

        if (!entry.TryString(out string? text, out error))
        {
            return error.Reason;
        }

        value = WithoutComment(text).Trim().ToString();
        return value.Contains('"', StringComparison.Ordinal) ? $"'{entry.Key}' has a quote in its middle"
            : Verified(entry, value, maxOctets);
    }

    public static string? Boolean(KeyFileEntry entry, out bool value)
    {
        string? reason = Text(entry, 16, out string text);
        value = text is "true" or "1";
        return reason ?? (value || text is "false" or "0" ? null : $"the value of '{entry.Key}' is neither true nor false");
    }

    public static string? Number(KeyFileEntry entry, int min, int max, out int value)
    {
        value = 0;
        string? reason = Text(entry, 16, out string text);
        if (reason is null && !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            reason = $"the value of '{entry.Key}' is not a whole number";
        }

        return reason ?? MainValue.Range(entry, min, max, value);
    }

    public static string? Path(KeyFileEntry entry, out string value)
    {
        // 80 octets and a socket's name: what sockaddr_un has room for is 107.
        string? reason = Text(entry, entry.Key == "unix_sock_dir" ? 80 : 4096, out value);
        return reason ?? (value.StartsWith('/') ? null : $"'{entry.Key}' is no absolute path");
    }

    /// <summary>Permissions in octal: <c>0770</c>.</summary>
    public static string? Mode(KeyFileEntry entry, out int value)
    {
        value = 0;
        string? reason = Text(entry, 16, out string text);
        if (reason is not null)
        {
            return reason;
        }

        bool isOctal = text.Length is >= 1 and <= 5 && text.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0;
        value = isOctal ? Convert.ToInt32(text, 8) : 0;
        return isOctal && value <= 0x1FF ? null : $"'{entry.Key}' is '{text}', which is no mode in octal from 0 to 0777";
    }

    public static string? Word<T>(KeyFileEntry entry, ReadOnlySpan<(string Word, T Value)> words, out T value)
        where T : struct
    {
        value = default;
        string? reason = Text(entry, 64, out string text);
        StringBuilder known = new();
        foreach ((string word, T meaning) in words)
        {
            if (word == text)
            {
                value = meaning;
                return reason;
            }

            known.Append(CultureInfo.InvariantCulture, $"{(known.Length == 0 ? "" : ", ")}{word}");
        }

        return reason ?? $"'{entry.Key}' is '{text}', which is none of {known}";
    }

    /// <summary>libvirtd.conf's lists of quoted texts, in brackets or not: <c>["CN=a", "CN=b"]</c>.</summary>
    public static string? List(KeyFileEntry entry, out ImmutableArray<string> value)
    {
        value = [];
        if (!entry.TryRaw(out string? raw, out KeyFileError error))
        {
            return error.Reason;
        }

        string wrong = $"'{entry.Key}' is no list of texts in double quotes";
        ReadOnlySpan<char> rest = raw.AsSpan().TrimStart();
        bool isBracketed = rest.StartsWith('[');
        rest = isBracketed ? rest[1..] : rest;
        ImmutableArray<string>.Builder names = ImmutableArray.CreateBuilder<string>();
        while (!(rest = rest.TrimStart(" \t,")).IsEmpty && rest[0] is '"' or '\'')
        {
            int end = rest[1..].IndexOf(rest[0]);
            if (end < 0)
            {
                return wrong;
            }

            names.Add(rest.Slice(1, end).ToString());
            rest = rest[(end + 2)..];
        }

        bool isClosed = !isBracketed || rest.StartsWith(']');
        if (!isClosed || !IsRest(isBracketed ? rest[1..] : rest))
        {
            return wrong;
        }

        value = names.ToImmutable();
        return raw.Length > 65536 ? $"'{entry.Key}' is longer than 65536 characters"
            : MainValue.HasControl(raw.Replace('\t', ' ')) ? $"'{entry.Key}' holds control characters"
            : null;
    }

    private static string? Verified(KeyFileEntry entry, string value, int maxOctets) =>
        Encoding.UTF8.GetByteCount(value) > maxOctets ? $"'{entry.Key}' is longer than {maxOctets} octets"
        : MainValue.HasControl(value) ? $"'{entry.Key}' holds control characters"
        : null;

    /// <summary>Nothing is behind the value, or a comment.</summary>
    private static bool IsRest(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        return text.IsEmpty || text[0] == '#';
    }

    /// <summary>A comment begins with the text or behind a blank: <c>/a#b</c> is a path.</summary>
    private static ReadOnlySpan<char> WithoutComment(string text)
    {
        for (int i = text.IndexOf('#', StringComparison.Ordinal); i >= 0; i = text.IndexOf('#', i + 1))
        {
            if (i == 0 || text[i - 1] is ' ' or '\t')
            {
                return text.AsSpan(0, i);
            }
        }

        return text;
    }
}
