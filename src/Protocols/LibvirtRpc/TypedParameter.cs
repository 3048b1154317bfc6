using System;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What kind of value a typed parameter has (<c>virTypedParameterType</c>).</summary>
public enum TypedParameterType
{
    /// <summary>32 bits with a sign.</summary>
    Int32 = 1,

    /// <summary>32 bits.</summary>
    UInt32 = 2,

    /// <summary>64 bits with a sign.</summary>
    Int64 = 3,

    /// <summary>64 bits.</summary>
    UInt64 = 4,

    /// <summary>An IEEE 754 number of 64 bits.</summary>
    Double = 5,

    /// <summary>A truth.</summary>
    Boolean = 6,

    /// <summary>A text.</summary>
    Text = 7,
}

/// <summary>A value with a name and a type.</summary>
public readonly record struct TypedParameter : IXdrValue<TypedParameter>
{
    /// <summary>Octets of the smallest one: an empty name, a type and 32 bits.</summary>
    internal const int SizeMin = 3 * sizeof(uint);

    private readonly ulong bits;

    /// <summary>A number of 32 bits with a sign.</summary>
    public TypedParameter(string field, int value)
        : this(field, TypedParameterType.Int32, unchecked((ulong)value), "")
    {
    }

    /// <summary>A number of 32 bits.</summary>
    public TypedParameter(string field, uint value)
        : this(field, TypedParameterType.UInt32, value, "")
    {
    }

    /// <summary>A number of 64 bits with a sign.</summary>
    public TypedParameter(string field, long value)
        : this(field, TypedParameterType.Int64, unchecked((ulong)value), "")
    {
    }

    /// <summary>A number of 64 bits.</summary>
    public TypedParameter(string field, ulong value)
        : this(field, TypedParameterType.UInt64, value, "")
    {
    }

    /// <summary>An IEEE 754 number of 64 bits.</summary>
    public TypedParameter(string field, double value)
        : this(field, TypedParameterType.Double, BitConverter.DoubleToUInt64Bits(value), "")
    {
    }

    /// <summary>A truth.</summary>
    public TypedParameter(string field, bool value)
        : this(field, TypedParameterType.Boolean, value ? 1u : 0u, "")
    {
    }

    /// <summary>A text.</summary>
    public TypedParameter(string field, string value)
        : this(field, TypedParameterType.Text, 0, value)
    {
    }

    private TypedParameter(string field, TypedParameterType type, ulong bits, string text)
    {
        Field = field;
        Type = type;
        this.bits = bits;
        Text = text;
    }

    /// <summary>What the value is called.</summary>
    public string Field { get; }

    /// <summary>What kind of value it is.</summary>
    public TypedParameterType Type { get; }

    /// <summary>The text; empty for a number.</summary>
    public string Text { get; }

    /// <summary>The number, if it is one of 32 bits with a sign.</summary>
    public int? Int32 => Type == TypedParameterType.Int32 ? (int)bits : null;

    /// <summary>The number, if it is one of 32 bits without a sign.</summary>
    public uint? UInt32 => Type == TypedParameterType.UInt32 ? (uint)bits : null;

    /// <summary>The number, if it is one of 64 bits with a sign.</summary>
    public long? Int64 => Type == TypedParameterType.Int64 ? (long)bits : null;

    /// <summary>The number, if it is one of 64 bits without a sign.</summary>
    public ulong? UInt64 => Type == TypedParameterType.UInt64 ? bits : null;

    /// <summary>The number, if it is an IEEE 754 one.</summary>
    public double? Double => Type == TypedParameterType.Double ? BitConverter.UInt64BitsToDouble(bits) : null;

    /// <summary>The truth, if it is one.</summary>
    public bool? Boolean => Type == TypedParameterType.Boolean ? bits != 0 : null;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out TypedParameter value)
    {
        value = default;
        return reader.TryReadString(out string field) && reader.TryReadInt32(out int type)
            && TryReadValue(ref reader, field, (TypedParameterType)type, out value);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Field);
        writer.WriteInt32((int)Type);
        switch (Type)
        {
            case TypedParameterType.Int32 or TypedParameterType.UInt32 or TypedParameterType.Boolean:
                writer.WriteUInt32((uint)bits);
                break;
            case TypedParameterType.Int64 or TypedParameterType.UInt64 or TypedParameterType.Double:
                writer.WriteUInt64(bits);
                break;
            case TypedParameterType.Text:
                writer.WriteString(Text);
                break;
        }
    }

    // A kind that has no name has no known size either: there is no reading on behind it.
    private static bool TryReadValue(ref XdrReader reader, string field, TypedParameterType type, out TypedParameter value)
    {
        bool ok;
        ulong bits = 0;
        string text = "";
        switch (type)
        {
            case TypedParameterType.Int32:
                ok = reader.TryReadInt32(out int number);
                bits = unchecked((ulong)number);
                break;
            case TypedParameterType.UInt32:
                ok = reader.TryReadUInt32(out uint unsigned);
                bits = unsigned;
                break;
            case TypedParameterType.Boolean:
                ok = reader.TryReadBoolean(out bool truth);
                bits = truth ? 1u : 0u;
                break;
            case TypedParameterType.Int64 or TypedParameterType.UInt64 or TypedParameterType.Double:
                ok = reader.TryReadUInt64(out bits);
                break;
            case TypedParameterType.Text:
                ok = reader.TryReadString(out text);
                break;
            default:
                ok = false;
                break;
        }

        value = ok ? new(field, type, bits, text) : default;
        return ok;
    }
}
