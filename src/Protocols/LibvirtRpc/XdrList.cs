using System;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Lists of values and of texts.</summary>
internal static class XdrList
{
    /// <summary>Octets of an empty string: the smallest text there is.</summary>
    public const int TextSizeMin = sizeof(uint);

    /// <summary>Reads a list of values.</summary>
    public static bool TryRead<T>(ref XdrReader reader, int maximum, int itemSizeMin, out T[] values)
        where T : struct, IXdrValue<T>
    {
        values = [];
        if (!reader.TryReadCount(maximum, itemSizeMin, out int count))
        {
            return false;
        }

        T[] read = count == 0 ? [] : new T[count];
        for (int i = 0; i < count; i++)
        {
            if (!T.TryRead(ref reader, out read[i]))
            {
                return false;
            }
        }

        values = read;
        return true;
    }

    /// <summary>Writes a list of values; too long a one is an overflow.</summary>
    public static void Write<T>(XdrWriter writer, ReadOnlySpan<T> values, int maximum)
        where T : struct, IXdrValue<T>
    {
        writer.WriteCount(values.Length, maximum);
        foreach (ref readonly T value in values)
        {
            value.Write(writer);
        }
    }

    /// <summary>Reads a list of texts.</summary>
    public static bool TryReadTexts(ref XdrReader reader, int maximum, out string[] texts)
    {
        texts = [];
        if (!reader.TryReadCount(maximum, TextSizeMin, out int count))
        {
            return false;
        }

        string[] read = count == 0 ? [] : new string[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadString(out read[i]))
            {
                return false;
            }
        }

        texts = read;
        return true;
    }

    /// <summary>Writes a list of texts; too long a one is an overflow.</summary>
    public static void WriteTexts(XdrWriter writer, ReadOnlySpan<string> texts, int maximum)
    {
        writer.WriteCount(texts.Length, maximum);
        foreach (string text in texts)
        {
            writer.WriteString(text);
        }
    }
}
