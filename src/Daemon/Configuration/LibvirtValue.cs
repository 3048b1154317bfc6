using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Configuration;

/// <summary>Reads values of the group <c>[Libvirt]</c>, whose texts may stand in double quotes as in libvirtd.conf.</summary>
internal static class LibvirtValue
{
    public static string? Text(KeyFileEntry entry, int maxOctets, out string value)
    {
        string? reason = MainValue.Text(entry, maxOctets + 2, out value);
        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
        {
            value = value[1..^1];
        }

        return reason ?? (Encoding.UTF8.GetByteCount(value) > maxOctets ? $"'{entry.Key}' is longer than {maxOctets} octets"
            : value.Contains('"', StringComparison.Ordinal) ? $"'{entry.Key}' has a quote in its middle"
            : null);
    }

    public static string? Path(KeyFileEntry entry, out string value)
    {
        // 90 octets and a socket's name: what sockaddr_un has room for is 107.
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
        string? reason = MainValue.Text(entry, 65536, out string text);
        ReadOnlySpan<char> rest = text.StartsWith('[') && text.EndsWith(']') ? text.AsSpan(1, text.Length - 2) : text;
        ImmutableArray<string>.Builder names = ImmutableArray.CreateBuilder<string>();
        while (reason is null && !(rest = rest.TrimStart(" ,")).IsEmpty)
        {
            int end = rest[0] == '"' ? rest[1..].IndexOf('"') : -1;
            if (end < 0)
            {
                return $"'{entry.Key}' is no list of texts in double quotes";
            }

            names.Add(rest.Slice(1, end).ToString());
            rest = rest[(end + 2)..];
        }

        value = names.ToImmutable();
        return reason;
    }
}
