using System;
using System.Collections.Generic;
using System.Text;

namespace Spindle.DBus;

/// <summary>Reads a body into values, within bounds.</summary>
internal static class BusValueReader
{
    private static readonly string[] CommonSignatures =
        ["s", "o", "b", "y", "u", "i", "q", "n", "x", "t", "d", "g", "h", "v", "as", "ao", "ay", "a{sv}", "{sv}", "a(oa{sv})"];

    /// <summary>Reads all values of a body. False: the octets are wrong, or there are more than <paramref name="countMax"/>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature, bool isBigEndian, int countMax, out BusValue[] values)
    {
        values = [];
        if (signature.IsEmpty)
        {
            return body.IsEmpty;
        }

        BusCursor cursor = new(body, isBigEndian);
        List<BusValue> read = new(4);
        int left = countMax;
        while (!signature.IsEmpty)
        {
            int length = BusSignature.FirstLength(signature);
            if (!TryReadOne(ref cursor, signature[..length], 0, ref left, out BusValue? value))
            {
                return false;
            }

            read.Add(value!);
            signature = signature[length..];
        }

        values = [.. read];
        return cursor.IsAtEnd;
    }

    /// <summary>Passes over a value that nobody wants; it is checked like any other.</summary>
    public static bool TrySkip(ref BusCursor cursor, ReadOnlySpan<byte> signature)
    {
        int left = SkipCountMax;
        return TryReadOne(ref cursor, signature, 0, ref left, out _);
    }

    // A header field that is not known yet; it will hardly be longer.
    private const int SkipCountMax = 256;

    private static bool TryReadOne(
        ref BusCursor cursor, ReadOnlySpan<byte> signature, int depth, ref int left, out BusValue? value)
    {
        value = null;
        if (--left < 0 || depth > BusSignature.DepthMax)
        {
            return false;
        }

        return signature[0] switch
        {
            (byte)'a' => TryReadArray(ref cursor, signature, depth, ref left, out value),
            (byte)'(' or (byte)'{' => TryReadStruct(ref cursor, signature, depth, ref left, out value),
            (byte)'v' => TryReadVariant(ref cursor, depth, ref left, out value),
            (byte)'s' or (byte)'o' or (byte)'g' => TryReadText(ref cursor, signature, out value),
            _ => TryReadNumber(ref cursor, signature, out value),
        };
    }

    private static bool TryReadNumber(ref BusCursor cursor, ReadOnlySpan<byte> signature, out BusValue? value)
    {
        bool isGood;
        long number;
        switch (signature[0])
        {
            case (byte)'y':
                isGood = cursor.TryByte(out byte octet);
                number = octet;
                break;
            case (byte)'q':
                isGood = cursor.TryUInt16(out ushort unsigned16);
                number = unsigned16;
                break;
            case (byte)'n':
                isGood = cursor.TryUInt16(out ushort signed16);
                number = (short)signed16;
                break;
            case (byte)'b':
                isGood = cursor.TryUInt32(out uint boolean) && boolean <= 1;
                number = boolean;
                break;
            case (byte)'i':
                isGood = cursor.TryUInt32(out uint signed32);
                number = (int)signed32;
                break;
            case (byte)'u' or (byte)'h':
                isGood = cursor.TryUInt32(out uint unsigned32);
                number = unsigned32;
                break;
            default:
                isGood = cursor.TryUInt64(out ulong wide);
                number = (long)wide;
                break;
        }

        value = isGood ? new BusValue(Text(signature), number) : null;
        return isGood;
    }

    private static bool TryReadText(ref BusCursor cursor, ReadOnlySpan<byte> signature, out BusValue? value)
    {
        ReadOnlySpan<byte> text;
        bool isGood = signature[0] switch
        {
            (byte)'s' => cursor.TryText(out text),
            (byte)'o' => cursor.TryPath(out text),
            _ => cursor.TrySignature(out text),
        };
        value = isGood ? new BusValue(Text(signature), BusText.Read(text)) : null;
        return isGood;
    }

    private static bool TryReadVariant(ref BusCursor cursor, int depth, ref int left, out BusValue? value)
    {
        value = null;
        if (!cursor.TryVariantSignature(out ReadOnlySpan<byte> inner)
            || !TryReadOne(ref cursor, inner, depth + 1, ref left, out BusValue? content))
        {
            return false;
        }

        value = new BusValue("v", content!);
        return true;
    }

    private static bool TryReadStruct(
        ref BusCursor cursor, ReadOnlySpan<byte> signature, int depth, ref int left, out BusValue? value)
    {
        value = null;
        if (!cursor.TryAlign(8))
        {
            return false;
        }

        List<BusValue> items = new(2);
        ReadOnlySpan<byte> rest = signature[1..^1];
        while (!rest.IsEmpty)
        {
            int length = BusSignature.FirstLength(rest);
            if (!TryReadOne(ref cursor, rest[..length], depth + 1, ref left, out BusValue? item))
            {
                return false;
            }

            items.Add(item!);
            rest = rest[length..];
        }

        value = new BusValue(Text(signature), items.ToArray());
        return true;
    }

    private static bool TryReadArray(
        ref BusCursor cursor, ReadOnlySpan<byte> signature, int depth, ref int left, out BusValue? value)
    {
        value = null;
        ReadOnlySpan<byte> element = signature[1..];
        if (!cursor.TryArray(element[0], out int length))
        {
            return false;
        }

        if (element[0] == 'y')
        {
            cursor.TryTake(length, out ReadOnlySpan<byte> octets);
            value = new BusValue("ay", octets.ToArray());
            return true;
        }

        int end = cursor.At + length;
        List<BusValue> items = [];
        while (cursor.At < end)
        {
            if (!TryReadOne(ref cursor, element, depth + 1, ref left, out BusValue? item))
            {
                return false;
            }

            items.Add(item!);
        }

        value = new BusValue(Text(signature), items.ToArray());
        return cursor.At == end;
    }

    // Signatures repeat; a handful of strings serves nearly all values.
    private static string Text(ReadOnlySpan<byte> signature)
    {
        foreach (string common in CommonSignatures)
        {
            if (Ascii.Equals(signature, common))
            {
                return common;
            }
        }

        return Encoding.ASCII.GetString(signature);
    }
}
