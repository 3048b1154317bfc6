using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>Shorthand for what D-Bus programs write most: entries of <c>a{sv}</c> and variants.</summary>
public static class BusEntries
{
    /// <summary>Writes an entry with <c>s</c>.</summary>
    public static void Entry(this BusWriter writer, string key, string value)
    {
        OpenEntry(writer, key, "s"u8);
        writer.WriteString(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>s</c> from octets that should be UTF-8.</summary>
    public static void Entry(this BusWriter writer, string key, ReadOnlySpan<byte> value)
    {
        OpenEntry(writer, key, "s"u8);
        writer.WriteString(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>b</c>.</summary>
    public static void Entry(this BusWriter writer, string key, bool value)
    {
        OpenEntry(writer, key, "b"u8);
        writer.WriteBoolean(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>y</c>.</summary>
    public static void Entry(this BusWriter writer, string key, byte value)
    {
        OpenEntry(writer, key, "y"u8);
        writer.WriteByte(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>q</c>.</summary>
    public static void Entry(this BusWriter writer, string key, ushort value)
    {
        OpenEntry(writer, key, "q"u8);
        writer.WriteUInt16(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>i</c>.</summary>
    public static void Entry(this BusWriter writer, string key, int value)
    {
        OpenEntry(writer, key, "i"u8);
        writer.WriteInt32(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>u</c>.</summary>
    public static void Entry(this BusWriter writer, string key, uint value)
    {
        OpenEntry(writer, key, "u"u8);
        writer.WriteUInt32(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>x</c>.</summary>
    public static void Entry(this BusWriter writer, string key, long value)
    {
        OpenEntry(writer, key, "x"u8);
        writer.WriteInt64(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>t</c>.</summary>
    public static void Entry(this BusWriter writer, string key, ulong value)
    {
        OpenEntry(writer, key, "t"u8);
        writer.WriteUInt64(value);
        CloseEntry(writer);
    }

    /// <summary>Writes an entry with <c>as</c>.</summary>
    public static void Entry(this BusWriter writer, string key, IReadOnlyList<string> values)
    {
        OpenEntry(writer, key, "as"u8);
        WriteStrings(writer, values);
        CloseEntry(writer);
    }

    /// <summary>Begins an entry whose value is a dictionary <c>a{sv}</c>; entries follow.</summary>
    public static void OpenDictionary(this BusWriter writer, string key)
    {
        OpenEntry(writer, key, "a{sv}"u8);
        writer.OpenArray();
    }

    /// <summary>Ends what <see cref="OpenDictionary"/> began.</summary>
    public static void CloseDictionary(this BusWriter writer)
    {
        writer.CloseArray();
        CloseEntry(writer);
    }

    /// <summary>Begins an entry of <c>a{sv}</c> with a value of any type.</summary>
    public static void OpenEntry(this BusWriter writer, string key, ReadOnlySpan<byte> signature)
    {
        writer.OpenEntry();
        writer.WriteString(key);
        writer.OpenVariant(signature);
    }

    /// <summary>Ends what <see cref="OpenEntry"/> began.</summary>
    public static void CloseEntryVariant(this BusWriter writer) => CloseEntry(writer);

    /// <summary>Writes <c>as</c>.</summary>
    public static void WriteStrings(this BusWriter writer, IReadOnlyList<string> values)
    {
        writer.OpenArray();
        for (int i = 0; i < values.Count; i++)
        {
            writer.WriteString(values[i]);
        }

        writer.CloseArray();
    }

    /// <summary>Writes <c>ao</c>.</summary>
    public static void WriteObjectPaths(this BusWriter writer, IReadOnlyList<string> paths)
    {
        writer.OpenArray();
        for (int i = 0; i < paths.Count; i++)
        {
            writer.WriteObjectPath(paths[i]);
        }

        writer.CloseArray();
    }

    private static void CloseEntry(BusWriter writer)
    {
        writer.CloseVariant();
        writer.CloseEntry();
    }
}
