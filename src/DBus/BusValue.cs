using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.DBus;

/// <summary>A value that came over the bus. It was checked when it was read, and does not change.</summary>
/// <remarks>Accessors never throw: what another program sent is compared with what we want, and refused if it differs.
/// All of them but <see cref="IsVariant"/> look through variants.</remarks>
public sealed class BusValue
{
    private static readonly BusValue[] Nothing = [];

    private readonly long number;
    private readonly object? content;

    internal BusValue(string signature, long number)
    {
        Signature = signature;
        this.number = number;
    }

    internal BusValue(string signature, object content)
    {
        Signature = signature;
        this.content = content;
    }

    /// <summary>The complete type: <c>s</c>, <c>a{sv}</c>, <c>v</c>.</summary>
    public string Signature { get; }

    /// <summary>True for <c>v</c>.</summary>
    public bool IsVariant => Signature == "v";

    /// <summary>What is in the variant (or in the variant inside of that); the value itself if it is none.</summary>
    public BusValue Content
    {
        get
        {
            BusValue value = this;
            while (value.IsVariant)
            {
                value = (BusValue)value.content!;
            }

            return value;
        }
    }

    /// <summary>The elements of an array or struct, or key and value of a dictionary's entry; else none.</summary>
    /// <remarks>An array of octets has none: see <see cref="TryGetOctets"/>.</remarks>
    public IReadOnlyList<BusValue> Items => Content.content as BusValue[] ?? Nothing;

    /// <summary>Reads <c>s</c>.</summary>
    public bool TryGetString([NotNullWhen(true)] out string? value) => TryGetText("s", out value);

    /// <summary>Reads <c>o</c>.</summary>
    public bool TryGetObjectPath([NotNullWhen(true)] out string? value) => TryGetText("o", out value);

    /// <summary>Reads <c>b</c>.</summary>
    public bool TryGetBoolean(out bool value)
    {
        bool isGood = TryGetNumber("b", out long read);
        value = read != 0;
        return isGood;
    }

    /// <summary>Reads <c>y</c>.</summary>
    public bool TryGetByte(out byte value)
    {
        bool isGood = TryGetNumber("y", out long read);
        value = (byte)read;
        return isGood;
    }

    /// <summary>Reads <c>n</c>.</summary>
    public bool TryGetInt16(out short value)
    {
        bool isGood = TryGetNumber("n", out long read);
        value = (short)read;
        return isGood;
    }

    /// <summary>Reads <c>q</c>.</summary>
    public bool TryGetUInt16(out ushort value)
    {
        bool isGood = TryGetNumber("q", out long read);
        value = (ushort)read;
        return isGood;
    }

    /// <summary>Reads <c>i</c>.</summary>
    public bool TryGetInt32(out int value)
    {
        bool isGood = TryGetNumber("i", out long read);
        value = (int)read;
        return isGood;
    }

    /// <summary>Reads <c>u</c>.</summary>
    public bool TryGetUInt32(out uint value)
    {
        bool isGood = TryGetNumber("u", out long read);
        value = (uint)read;
        return isGood;
    }

    /// <summary>Reads <c>x</c>.</summary>
    public bool TryGetInt64(out long value) => TryGetNumber("x", out value);

    /// <summary>Reads <c>t</c>.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        bool isGood = TryGetNumber("t", out long read);
        value = (ulong)read;
        return isGood;
    }

    /// <summary>Reads <c>d</c>.</summary>
    public bool TryGetDouble(out double value)
    {
        bool isGood = TryGetNumber("d", out long read);
        value = BitConverter.Int64BitsToDouble(read);
        return isGood;
    }

    /// <summary>Reads <c>ay</c>.</summary>
    public bool TryGetOctets(out ReadOnlyMemory<byte> value)
    {
        byte[]? octets = Content.content as byte[];
        value = octets;
        return octets is not null;
    }

    /// <summary>Reads <c>as</c>.</summary>
    public bool TryGetStringArray([NotNullWhen(true)] out string[]? value)
    {
        BusValue value0 = Content;
        if (value0.Signature != "as")
        {
            value = null;
            return false;
        }

        BusValue[] items = (BusValue[])value0.content!;
        value = new string[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            value[i] = (string)items[i].content!;
        }

        return true;
    }

    /// <summary>True for a dictionary with strings as keys; its entries are <see cref="Items"/>.</summary>
    public bool IsDictionary => Content.Signature.StartsWith("a{s", StringComparison.Ordinal);

    /// <summary>Finds a key in a dictionary with strings as keys; the value comes without its variant.</summary>
    /// <remarks>If a key stands there twice, the last one counts.</remarks>
    public bool TryGetEntry(string key, [NotNullWhen(true)] out BusValue? value)
    {
        value = null;
        if (IsDictionary)
        {
            foreach (BusValue entry in Items)
            {
                if ((string)entry.Items[0].content! == key)
                {
                    value = entry.Items[1].Content;
                }
            }
        }

        return value is not null;
    }

    /// <summary>For people, in the manner of <c>gdbus</c>; long values are cut.</summary>
    public override string ToString() => BusValueText.Of(this);

    internal long Number => number;

    internal object? Inner => content;

    private bool TryGetText(string signature, [NotNullWhen(true)] out string? value)
    {
        BusValue inner = Content;
        value = inner.Signature == signature ? (string)inner.content! : null;
        return value is not null;
    }

    private bool TryGetNumber(string signature, out long value)
    {
        BusValue inner = Content;
        bool isGood = inner.Signature == signature;
        value = isGood ? inner.number : 0;
        return isGood;
    }
}
