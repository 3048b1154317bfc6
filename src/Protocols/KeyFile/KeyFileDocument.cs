using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Spindle.Protocols.KeyFile;

/// <summary>A key file in GLib's format: groups of keys and values, with comments. It can be changed and written back.</summary>
/// <remarks>
/// What is not changed comes out octet by octet as it went in: comments, blank lines, order, unknown groups and keys.
/// Where a key stands twice in a group the last one counts; groups of one name are one group.
/// </remarks>
public sealed class KeyFileDocument
{
    /// <summary>The most octets of a file.</summary>
    public const int SizeMax = 1 << 20;

    /// <summary>The most lines of a file.</summary>
    public const int LinesMax = 1 << 16;

    private const int PlainMax = 1 << 16;
    private static readonly SearchValues<char> PlainKey =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private readonly List<KeyFileLine> lines = [];
    private bool endsInNewline = true;

    /// <summary>A group whose name was read back as it was written.</summary>
    private string? soundGroup;

    /// <summary>Reads a file.</summary>
    /// <returns>False if the whole file is refused, with the first line that is wrong.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> octets, [NotNullWhen(true)] out KeyFileDocument? document, out KeyFileError error)
    {
        KeyFileDocument read = new() { endsInNewline = octets.IsEmpty || octets[^1] == '\n' };
        KeyFileReader reader = new(octets);
        bool ok = reader.TryReadAll(read.lines);
        document = ok ? read : null;
        error = reader.Error;
        return ok;
    }

    /// <summary>The names of the groups in order, each once.</summary>
    public List<string> Groups()
    {
        List<string> names = [];
        HashSet<string> seen = [];
        foreach (KeyFileLine line in lines)
        {
            if (line.Kind == KeyFileLineKind.Group && seen.Add(line.Group))
            {
                names.Add(line.Group);
            }
        }

        return names;
    }

    /// <summary>True if there is such a group.</summary>
    public bool HasGroup(string group) => LastIndex(line => line.Group == group && line.Kind == KeyFileLineKind.Group) >= 0;

    /// <summary>The keys of a group in order, those that stand twice included.</summary>
    public IEnumerable<KeyFileEntry> Entries(string group)
    {
        foreach (KeyFileLine line in lines)
        {
            if (line.Entry is { } entry && entry.Group == group)
            {
                yield return entry;
            }
        }
    }

    /// <summary>A key that counts, or null.</summary>
    public KeyFileEntry? Find(string group, string key)
    {
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            if (lines[i].Entry is { } entry && entry.Key == key && entry.Group == group)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The string under a key; null if it is absent or no string.</summary>
    public string? GetString(string group, string key) =>
        Find(group, key) is { } entry && entry.TryString(out string? value, out _) ? value : null;

    /// <summary>The truth under a key; null if it is absent or none.</summary>
    public bool? GetBoolean(string group, string key) =>
        Find(group, key) is { } entry && entry.TryBoolean(out bool value, out _) ? value : null;

    /// <summary>The number under a key; null if it is absent or none.</summary>
    public long? GetInt64(string group, string key) =>
        Find(group, key) is { } entry && entry.TryInt64(out long value, out _) ? value : null;

    /// <summary>The list under a key; null if it is absent or none.</summary>
    public List<string>? GetList(string group, string key, char separator = ';') =>
        Find(group, key) is { } entry && entry.TryList(separator, out List<string>? value, out _) ? value : null;

    /// <summary>Sets a string.</summary>
    public void SetString(string group, string key, string value) => SetRaw(group, key, KeyFileEscapes.Escape(value));

    /// <summary>Sets <c>true</c> or <c>false</c>.</summary>
    public void SetBoolean(string group, string key, bool value) => SetRaw(group, key, value ? "true" : "false");

    /// <summary>Sets a number.</summary>
    public void SetInt64(string group, string key, long value) =>
        SetRaw(group, key, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets a list.</summary>
    public void SetList(string group, string key, IEnumerable<string> value, char separator = ';') =>
        SetRaw(group, key, KeyFileEscapes.EscapeList(value, separator));

    /// <summary>Sets a value that is escaped already. A line that says so already is left as it is.</summary>
    /// <exception cref="ArgumentException">The name of the group or the key, or the value, would not be read back.</exception>
    public void SetRaw(string group, string key, string value) => Put(Make(group, key, value), isPlaced: false, behind: null);

    /// <summary>As <see cref="SetRaw(string, string, string)"/>, but a key that is not there yet comes behind another one.</summary>
    /// <param name="group">The group.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Escaped already.</param>
    /// <param name="behind">The other key; null: none, the new key comes first.</param>
    /// <exception cref="ArgumentException">As there.</exception>
    public void SetRaw(string group, string key, string value, string? behind) =>
        Put(Make(group, key, value), isPlaced: true, behind);

    /// <summary>Removes a key wherever it stands in the group; false if it does not.</summary>
    public bool Remove(string group, string key) =>
        lines.RemoveAll(line => line.Entry is { } entry && entry.Key == key && entry.Group == group) > 0;

    /// <summary>Removes a group with all that stands in it; false if there is none.</summary>
    public bool RemoveGroup(string group) => lines.RemoveAll(line => line.Group == group) > 0;

    /// <summary>The file.</summary>
    public byte[] ToOctets()
    {
        int size = 0;
        foreach (KeyFileLine line in lines)
        {
            size += line.Octets.Length + 1;
        }

        byte[] octets = new byte[lines.Count == 0 || endsInNewline ? size : size - 1];
        int at = 0;
        foreach (KeyFileLine line in lines)
        {
            line.Octets.CopyTo(octets, at);
            at += line.Octets.Length;
            if (at < octets.Length)
            {
                octets[at++] = (byte)'\n';
            }
        }

        return octets;
    }

    private void Put(KeyFileLine line, bool isPlaced, string? behind)
    {
        KeyFileEntry entry = line.Entry!;
        int at = IndexOf(entry.Group, entry.Key);
        if (at < 0)
        {
            lines.Insert(isPlaced ? PlaceBehind(entry.Group, behind) : PlaceInGroup(entry.Group), line);
        }
        else if (!lines[at].Entry!.RawOctets.SequenceEqual(entry.RawOctets))
        {
            lines[at] = line;
        }
    }

    /// <summary>A line as we write it, read back by the reader so that nothing is written that would be refused.</summary>
    private KeyFileLine Make(string group, string key, string value)
    {
        byte[] octets = Encoding.UTF8.GetBytes($"{key}={value}");
        int valueAt = Encoding.UTF8.GetByteCount(key) + 1;
        if (!IsSound(group) || !(IsPlain(key, value) || IsReadBack(group, key, octets, valueAt)))
        {
            throw new ArgumentException($"'{key}' in '{group}' cannot be written to a key file.");
        }

        return new(KeyFileLineKind.Entry, group, octets, new(group, key, octets[valueAt..], line: 0));
    }

    /// <summary>True for what needs no proof: letters and digits, and a value without blanks.</summary>
    private static bool IsPlain(string key, string value) =>
        key.Length is > 0 and < PlainMax && !key.AsSpan().ContainsAnyExcept(PlainKey)
        && value.Length < PlainMax && !value.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsReadBack(string group, string key, byte[] octets, int valueAt)
    {
        List<KeyFileLine> read = new(1);
        KeyFileReader reader = new(octets, group);
        return reader.TryReadAll(read) && read is [{ Entry: { } entry }]
            && entry.Key == key && entry.RawOctets.SequenceEqual(octets.AsSpan(valueAt));
    }

    private bool IsSound(string group)
    {
        if (group != soundGroup)
        {
            List<KeyFileLine> read = new(1);
            KeyFileReader reader = new(Encoding.UTF8.GetBytes($"[{group}]"));
            bool isSound = reader.TryReadAll(read) && read is [{ Kind: KeyFileLineKind.Group } line] && line.Group == group;
            soundGroup = isSound ? group : soundGroup;
            return isSound;
        }

        return true;
    }

    /// <summary>Behind the group's last line that says something; a group that is not there yet is begun.</summary>
    private int PlaceInGroup(string group)
    {
        int last = LastIndex(line => line.Group == group && line.Kind != KeyFileLineKind.Comment);
        if (last >= 0)
        {
            endsInNewline |= last == lines.Count - 1;
            return last + 1;
        }

        if (lines.Count > 0 && !lines[^1].IsBlank)
        {
            lines.Add(new(KeyFileLineKind.Comment, lines[^1].Group, [], null));
        }

        lines.Add(new(KeyFileLineKind.Group, group, Encoding.UTF8.GetBytes($"[{group}]"), null));
        endsInNewline = true;
        return lines.Count;
    }

    private int PlaceBehind(string group, string? key)
    {
        int at = key is null
            ? lines.FindIndex(line => line.Kind == KeyFileLineKind.Group && line.Group == group)
            : IndexOf(group, key);
        endsInNewline |= at == lines.Count - 1;
        return at < 0 ? PlaceInGroup(group) : at + 1;
    }

    private int IndexOf(string group, string key)
    {
        int at = lines.Count - 1;
        while (at >= 0 && !(lines[at].Entry is { } entry && entry.Key == key && entry.Group == group))
        {
            at--;
        }

        return at;
    }

    private int LastIndex(Predicate<KeyFileLine> match) => lines.FindLastIndex(match);
}
