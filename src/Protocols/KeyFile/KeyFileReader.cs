using System;
using System.Collections.Generic;
using System.Text;

namespace Spindle.Protocols.KeyFile;

/// <summary>Turns octets into lines (Desktop Entry Specification, "Basic format of the file", as GLib reads it).</summary>
/// <param name="octets">The lines.</param>
/// <param name="group">The group that they stand in; empty: none has begun.</param>
internal ref struct KeyFileReader(ReadOnlySpan<byte> octets, string group = "")
{
    private readonly ReadOnlySpan<byte> all = octets;
    private string group = group;
    private int number;

    public KeyFileError Error { get; private set; }

    public bool TryReadAll(List<KeyFileLine> lines)
    {
        if (all.Length > KeyFileDocument.SizeMax)
        {
            return Fail(0, $"larger than {KeyFileDocument.SizeMax} octets");
        }

        ReadOnlySpan<byte> rest = all;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (++number > KeyFileDocument.LinesMax)
            {
                return Fail(number, $"more than {KeyFileDocument.LinesMax} lines");
            }

            if (!TryReadLine(line, lines))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadLine(ReadOnlySpan<byte> line, List<KeyFileLine> lines)
    {
        ReadOnlySpan<byte> text = (line.EndsWith("\r"u8) ? line[..^1] : line).TrimStart(" \t\r\v\f"u8);
        if (line.Contains((byte)0))
        {
            return Fail(number, "holds a NUL octet");
        }

        if (text.IsEmpty || text[0] == '#')
        {
            lines.Add(new(KeyFileLineKind.Comment, group, line.ToArray(), null));
            return true;
        }

        return text[0] == '[' ? TryReadGroup(line, text, lines) : TryReadEntry(line, text, lines);
    }

    private bool TryReadGroup(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text, List<KeyFileLine> lines)
    {
        int end = text.IndexOf((byte)']');
        if (end < 0 || !text[(end + 1)..].TrimStart(" \t"u8).IsEmpty)
        {
            return Fail(number, "begins like a group but does not end in ']'");
        }

        ReadOnlySpan<byte> name = text[1..end];
        if (name.IsEmpty || name.Contains((byte)'[') || HasControl(name) || !System.Text.Unicode.Utf8.IsValid(name))
        {
            return Fail(number, "is no valid group name");
        }

        group = Encoding.UTF8.GetString(name);
        lines.Add(new(KeyFileLineKind.Group, group, line.ToArray(), null));
        return true;
    }

    private bool TryReadEntry(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text, List<KeyFileLine> lines)
    {
        int equals = text.IndexOf((byte)'=');
        if (equals <= 0)
        {
            return Fail(number, text[0] == 0xEF
                ? "begins with a byte order mark, or is neither group, key nor comment"
                : "is neither a group, a key with a value, nor a comment");
        }

        if (group.Length == 0)
        {
            return Fail(number, "a key stands before the first group");
        }

        ReadOnlySpan<byte> key = text[..equals].TrimEnd(" \t\r\v\f"u8);
        if (!IsKey(key))
        {
            return Fail(number, "is no valid key name");
        }

        byte[] value = text[(equals + 1)..].TrimStart(" \t\r\v\f"u8).ToArray();
        KeyFileEntry entry = new(group, Encoding.UTF8.GetString(key), value, number);
        lines.Add(new(KeyFileLineKind.Entry, group, line.ToArray(), entry));
        return true;
    }

    /// <summary>Anything but brackets, save for a locale in brackets at the end.</summary>
    private static bool IsKey(ReadOnlySpan<byte> key)
    {
        int bracket = key.IndexOf((byte)'[');
        ReadOnlySpan<byte> name = bracket < 0 ? key : key[..bracket];
        ReadOnlySpan<byte> locale = bracket < 0 ? default : key[(bracket + 1)..];
        return !name.IsEmpty && !name.Contains((byte)']') && System.Text.Unicode.Utf8.IsValid(key)
            && (bracket < 0 || (locale.EndsWith("]"u8) && locale.IndexOf((byte)']') == locale.Length - 1 && !locale.Contains((byte)'[')));
    }

    private static bool HasControl(ReadOnlySpan<byte> name) =>
        name.ContainsAnyInRange((byte)0, (byte)31) || name.Contains((byte)127);

    private bool Fail(int line, string reason)
    {
        Error = new(line, reason);
        return false;
    }
}
