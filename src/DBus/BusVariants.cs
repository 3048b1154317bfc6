using System;
using System.Collections.Generic;
using System.Text;

namespace Spindle.DBus;

/// <summary>Writes variants and values that came over the bus.</summary>
public static class BusVariants
{
    /// <summary>Writes <c>v</c> with <c>s</c>.</summary>
    public static void WriteVariant(this BusWriter writer, string value)
    {
        writer.OpenVariant("s"u8);
        writer.WriteString(value);
        writer.CloseVariant();
    }

    /// <summary>Writes <c>v</c> with <c>b</c>.</summary>
    public static void WriteVariant(this BusWriter writer, bool value)
    {
        writer.OpenVariant("b"u8);
        writer.WriteBoolean(value);
        writer.CloseVariant();
    }

    /// <summary>Writes <c>v</c> with <c>y</c>.</summary>
    public static void WriteVariant(this BusWriter writer, byte value)
    {
        writer.OpenVariant("y"u8);
        writer.WriteByte(value);
        writer.CloseVariant();
    }

    /// <summary>Writes <c>v</c> with <c>u</c>.</summary>
    public static void WriteVariant(this BusWriter writer, uint value)
    {
        writer.OpenVariant("u"u8);
        writer.WriteUInt32(value);
        writer.CloseVariant();
    }

    /// <summary>Writes <c>v</c> with <c>as</c>.</summary>
    public static void WriteVariant(this BusWriter writer, IReadOnlyList<string> values)
    {
        writer.OpenVariant("as"u8);
        writer.WriteStrings(values);
        writer.CloseVariant();
    }

    /// <summary>Writes <c>v</c> with a dictionary <c>a{sv}</c>; <paramref name="entries"/> writes its entries.</summary>
    public static void WriteVariant<TState>(this BusWriter writer, TState state, Action<TState, BusWriter> entries)
    {
        writer.OpenVariant("a{sv}"u8);
        writer.OpenArray();
        entries(state, writer);
        writer.CloseArray();
        writer.CloseVariant();
    }

    /// <summary>Writes <c>v</c> with a value that came over the bus.</summary>
    public static void WriteVariant(this BusWriter writer, BusValue value)
    {
        Span<byte> signature = stackalloc byte[BusSignature.LengthMax];
        int length = Encoding.ASCII.GetBytes(value.Signature, signature);
        writer.OpenVariant(signature[..length]);
        writer.WriteValue(value);
        writer.CloseVariant();
    }

    /// <summary>Writes a value that came over the bus, as its own type.</summary>
    public static void WriteValue(this BusWriter writer, BusValue value)
    {
        switch (value.Signature[0])
        {
            case 'v':
                writer.WriteVariant((BusValue)value.Inner!);
                break;
            case 'a' when value.Inner is byte[] octets:
                writer.OpenArray();
                foreach (byte octet in octets)
                {
                    writer.WriteByte(octet);
                }

                writer.CloseArray();
                break;
            case 'a':
                writer.OpenArray();
                WriteItems(writer, value);
                writer.CloseArray();
                break;
            case '(':
                writer.OpenStruct();
                WriteItems(writer, value);
                writer.CloseStruct();
                break;
            case '{':
                writer.OpenEntry();
                WriteItems(writer, value);
                writer.CloseEntry();
                break;
            default:
                WriteBasic(writer, value);
                break;
        }
    }

    private static void WriteItems(BusWriter writer, BusValue value)
    {
        foreach (BusValue item in (BusValue[])value.Inner!)
        {
            writer.WriteValue(item);
        }
    }

    private static void WriteBasic(BusWriter writer, BusValue value)
    {
        switch (value.Signature[0])
        {
            case 's':
                writer.WriteString((string)value.Inner!);
                break;
            case 'o':
                writer.WriteObjectPath((string)value.Inner!);
                break;
            case 'g':
                writer.WriteSignature(Encoding.ASCII.GetBytes((string)value.Inner!));
                break;
            case 'y':
                writer.WriteByte((byte)value.Number);
                break;
            case 'b':
                writer.WriteBoolean(value.Number != 0);
                break;
            case 'n':
                writer.WriteInt16((short)value.Number);
                break;
            case 'q':
                writer.WriteUInt16((ushort)value.Number);
                break;
            case 'i':
                writer.WriteInt32((int)value.Number);
                break;
            case 'u':
                writer.WriteUInt32((uint)value.Number);
                break;
            case 'x':
                writer.WriteInt64(value.Number);
                break;
            case 't':
                writer.WriteUInt64((ulong)value.Number);
                break;
            case 'd':
                writer.WriteDouble(BitConverter.Int64BitsToDouble(value.Number));
                break;
            default:
                throw new ArgumentException($"A value of type '{value.Signature}' cannot be passed on.", nameof(value));
        }
    }
}
