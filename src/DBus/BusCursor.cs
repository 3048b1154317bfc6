using System;
using System.Buffers.Binary;
using System.Text;

namespace Spindle.DBus;

/// <summary>Reads marshalled values from front to back; each read says whether the octets were right, none throws.</summary>
/// <remarks>Checks all that the specification asks for: boundaries, zero padding, lengths, UTF-8, paths, booleans.</remarks>
internal ref struct BusCursor(ReadOnlySpan<byte> octets, bool isBigEndian)
{
    private readonly ReadOnlySpan<byte> octets = octets;
    private readonly bool isBigEndian = isBigEndian;

    /// <summary>How far it has read.</summary>
    public int At { get; private set; }

    public readonly bool IsAtEnd => At == octets.Length;

    public bool TryAlign(int boundary)
    {
        int padding = -At & (boundary - 1);
        return TryTake(padding, out ReadOnlySpan<byte> zeros) && !zeros.ContainsAnyExcept((byte)0);
    }

    public bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if ((uint)count > (uint)(octets.Length - At))
        {
            taken = default;
            return false;
        }

        taken = octets.Slice(At, count);
        At += count;
        return true;
    }

    public bool TryByte(out byte value)
    {
        bool isGood = TryTake(1, out ReadOnlySpan<byte> taken);
        value = isGood ? taken[0] : (byte)0;
        return isGood;
    }

    public bool TryUInt16(out ushort value)
    {
        value = 0;
        if (!TryAlign(2) || !TryTake(2, out ReadOnlySpan<byte> taken))
        {
            return false;
        }

        value = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(taken) : BinaryPrimitives.ReadUInt16LittleEndian(taken);
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        value = 0;
        if (!TryAlign(4) || !TryTake(4, out ReadOnlySpan<byte> taken))
        {
            return false;
        }

        value = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(taken) : BinaryPrimitives.ReadUInt32LittleEndian(taken);
        return true;
    }

    public bool TryUInt64(out ulong value)
    {
        value = 0;
        if (!TryAlign(8) || !TryTake(8, out ReadOnlySpan<byte> taken))
        {
            return false;
        }

        value = isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(taken) : BinaryPrimitives.ReadUInt64LittleEndian(taken);
        return true;
    }

    /// <summary>The octets of <c>s</c>: UTF-8, no NUL inside, one behind.</summary>
    public bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        return TryUInt32(out uint length) && length <= int.MaxValue && TryTerminated((int)length, out text)
            && BusText.IsValid(text);
    }

    /// <summary>The octets of a name in a header, of the form that its field asks for.</summary>
    public bool TryName(BusHeaderField field, out ReadOnlySpan<byte> name)
    {
        if (!TryText(out name) || name.Length is 0 or > BusNames.LengthMax)
        {
            return false;
        }

        Span<char> characters = stackalloc char[BusNames.LengthMax];
        ReadOnlySpan<char> text = characters[..Encoding.Latin1.GetChars(name, characters)];
        return field switch
        {
            BusHeaderField.Interface or BusHeaderField.ErrorName => BusNames.IsInterface(text),
            BusHeaderField.Member => BusNames.IsMember(text),
            _ => BusNames.IsBusName(text),
        };
    }

    /// <summary>The octets of <c>o</c>.</summary>
    public bool TryPath(out ReadOnlySpan<byte> path)
    {
        path = default;
        if (!TryUInt32(out uint length) || length > BusNames.PathLengthMax || !TryTerminated((int)length, out path))
        {
            return false;
        }

        Span<char> characters = stackalloc char[BusNames.PathLengthMax];
        int count = Encoding.Latin1.GetChars(path, characters);
        return BusNames.IsObjectPath(characters[..count]);
    }

    /// <summary>The octets of <c>g</c>.</summary>
    public bool TrySignature(out ReadOnlySpan<byte> signature)
    {
        signature = default;
        return TryByte(out byte length) && TryTerminated(length, out signature) && BusSignature.IsValid(signature);
    }

    /// <summary>The octets of a variant's signature: one complete type.</summary>
    public bool TryVariantSignature(out ReadOnlySpan<byte> signature)
    {
        signature = default;
        return TryByte(out byte length) && TryTerminated(length, out signature) && BusSignature.IsSingle(signature);
    }

    /// <summary>The octets that an array's elements take; the cursor is at the first element.</summary>
    public bool TryArray(byte element, out int length)
    {
        length = 0;
        if (!TryUInt32(out uint octetCount) || octetCount > ArrayLengthMax || !TryAlign(BusSignature.Alignment(element))
            || octetCount > octets.Length - At)
        {
            return false;
        }

        length = (int)octetCount;
        return true;
    }

    private const int ArrayLengthMax = 64 * 1024 * 1024;

    private bool TryTerminated(int length, out ReadOnlySpan<byte> text) =>
        TryTake(length, out text) && TryByte(out byte terminator) && terminator == 0;
}
