using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Spindle.Basics;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Configuration;

/// <summary>Reads values of main.conf. A reading answers why it refuses, or null.</summary>
internal static class MainValue
{
    private static readonly ImmutableArray<string> TechnologyNames =
        ["ethernet", "wifi", "bluetooth", "cellular", "gps", "vpn", "gadget", "p2p"];

    public static string? Boolean(KeyFileEntry entry, out bool value) => Reason(entry.TryBoolean(out value, out var error), error);

    public static string? Number(KeyFileEntry entry, int min, int max, out int value)
    {
        if (!entry.TryInt32(out value, out KeyFileError error))
        {
            return error.Reason;
        }

        return Range(entry, min, max, value);
    }

    /// <summary>Why a number is none of those that may be.</summary>
    public static string? Range(KeyFileEntry entry, int min, int max, int value) => value >= min && value <= max
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"'{entry.Key}' is {value}, which is not from {min} to {max}");

    public static string? Seconds(KeyFileEntry entry, int min, int max, out TimeSpan value)
    {
        string? reason = Number(entry, min, max, out int seconds);
        value = TimeSpan.FromSeconds(seconds);
        return reason;
    }

    /// <summary>Seconds with a fraction.</summary>
    public static string? Decimal(KeyFileEntry entry, int max, out TimeSpan value)
    {
        value = default;
        if (!entry.TryRaw(out string? raw, out KeyFileError error))
        {
            return error.Reason;
        }

        if (!decimal.TryParse(raw, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
            || seconds > max)
        {
            return string.Create(CultureInfo.InvariantCulture, $"'{entry.Key}' is not a number of seconds from 0 to {max}");
        }

        value = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return null;
    }

    public static string? Text(KeyFileEntry entry, int maxOctets, out string value)
    {
        bool isRead = entry.TryString(out string? text, out KeyFileError error);
        value = text?.Trim() ?? "";
        return !isRead ? error.Reason
            : Encoding.UTF8.GetByteCount(value) > maxOctets ? $"'{entry.Key}' is longer than {maxOctets} octets"
            : HasControl(value) ? $"'{entry.Key}' holds control characters"
            : null;
    }

    /// <summary>The pieces between commas, without blanks around them; empty pieces are left out.</summary>
    public static string? Strings(KeyFileEntry entry, out ImmutableArray<string> value)
    {
        value = [];
        if (!entry.TryList(',', out List<string>? pieces, out KeyFileError error))
        {
            return error.Reason;
        }

        pieces = pieces.ConvertAll(static piece => piece.Trim());
        pieces.RemoveAll(static piece => piece.Length == 0);
        if (pieces.Exists(HasControl))
        {
            return $"'{entry.Key}' holds control characters";
        }

        value = [.. pieces];
        return null;
    }

    public static string? Technologies(KeyFileEntry entry, out ImmutableArray<string> value)
    {
        string? reason = Strings(entry, out value);
        foreach (string name in value)
        {
            if (!TechnologyNames.Contains(name))
            {
                return $"'{entry.Key}' names '{name}', which is none of {string.Join(", ", TechnologyNames)}";
            }
        }

        return reason;
    }

    /// <summary>Numeric addresses. ConnMan leaves names out and keeps the rest; so do we, and say which.</summary>
    public static string? Addresses(KeyFileEntry entry, out ImmutableArray<IpAddress> value, out string? left)
    {
        left = null;
        ImmutableArray<IpAddress>.Builder addresses = ImmutableArray.CreateBuilder<IpAddress>();
        string? reason = Strings(entry, out ImmutableArray<string> pieces);
        foreach (string piece in pieces)
        {
            if (IpAddress.TryParse(piece, out IpAddress address) && !address.IsUnspecified)
            {
                addresses.Add(address);
            }
            else
            {
                left ??= $"'{entry.Key}' names '{piece}', which is no address: left out";
            }
        }

        value = addresses.ToImmutable();
        return reason;
    }

    public static string? Url(KeyFileEntry entry, out string value)
    {
        string? reason = Text(entry, 2048, out value);
        if (reason is not null)
        {
            return reason;
        }

        return value.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && value.Length > 7 && value[7] is not ('/' or ':')
            && !value.Contains(' ', StringComparison.Ordinal)
            ? null
            : $"'{entry.Key}' is no http URL";
    }

    public static string? Word<T>(KeyFileEntry entry, ReadOnlySpan<(string Word, T Value)> words, [MaybeNull] out T value)
    {
        value = default;
        string? reason = Text(entry, 64, out string text);
        if (reason is not null)
        {
            return reason;
        }

        List<string> known = [];
        foreach ((string word, T meaning) in words)
        {
            known.Add(word);
            if (word == text)
            {
                value = meaning;
                return null;
            }
        }

        return $"'{entry.Key}' is '{text}', which is none of {string.Join(", ", known)}";
    }

    private static string? Reason(bool isRead, KeyFileError error) => isRead ? null : error.Reason;

    /// <summary>Characters that no line of a file should hold.</summary>
    public static bool HasControl(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal);
}
