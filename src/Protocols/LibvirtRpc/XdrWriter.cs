using System;
using System.Buffers.Binary;
using System.Text;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Writes XDR (RFC 4506) into a buffer of its own that grows as needed and is used again and again.</summary>
/// <remarks>
/// Nothing here throws for the size of what is written: a string, list or message that no peer would take makes the writer
/// <see cref="IsOverflown"/>, and what is in it is then worth nothing.
/// </remarks>
public sealed class XdrWriter
{
    /// <summary>Largest buffer that <see cref="Reset"/> keeps, in octets.</summary>
    public const int KeepMaximum = 64 * 1024;

    private const int CapacityMin = 256;
    private byte[] buffer;

    /// <summary>Makes a writer; the buffer is allocated by the first write.</summary>
    public XdrWriter() => buffer = [];

    /// <summary>Octets written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Octets that fit without growing.</summary>
    public int Capacity => buffer.Length;

    /// <summary>True once more was written than a message or a string may hold; the content is then void.</summary>
    public bool IsOverflown { get; private set; }

    /// <summary>What is written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    /// <summary>What is written so far; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => buffer.AsMemory(0, Length);

    /// <summary>Starts afresh; keeps the buffer unless it is larger than <see cref="KeepMaximum"/>.</summary>
    public void Reset()
    {
        Length = 0;
        IsOverflown = false;
        if (buffer.Length > KeepMaximum)
        {
            buffer = [];
        }
    }

    /// <summary>Takes back what was written after the first <paramref name="length"/> octets, and an overflow with it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than is written, unless the writer had overflown.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, IsOverflown ? buffer.Length : Length);
        Length = length;
        IsOverflown = false;
    }

    /// <summary>Writes 32 bits over what stands at <paramref name="position"/>.</summary>
    public void PatchUInt32(int position, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(0, Length).Slice(position, sizeof(uint)), value);
    }

    /// <summary>Hands out the next octets to be filled by the caller; four for four, no padding.</summary>
    public Span<byte> Reserve(int count)
    {
        if (count > buffer.Length - Length)
        {
            Grow(count);
        }

        Span<byte> reserved = buffer.AsSpan(Length, count);
        Length += count;
        return reserved;
    }

    /// <summary>Writes 32 bits with a sign.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);

    /// <summary>Writes 32 bits.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(sizeof(uint)), value);

    /// <summary>Writes 64 bits with a sign.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(sizeof(long)), value);

    /// <summary>Writes 64 bits.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(sizeof(ulong)), value);

    /// <summary>Writes an IEEE 754 number of 64 bits.</summary>
    public void WriteDouble(double value) => WriteInt64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes a truth as 1 or 0.</summary>
    public void WriteBoolean(bool value) => WriteUInt32(value ? 1u : 0u);

    /// <summary>Writes the flag in front of an optional value.</summary>
    public void WriteOptional(bool isPresent) => WriteBoolean(isPresent);

    /// <summary>Writes the number of items of a list.</summary>
    public void WriteCount(int count) => WriteUInt32((uint)count);

    /// <summary>Writes the number of items of a list; more than <paramref name="maximum"/> are an overflow.</summary>
    public void WriteCount(int count, int maximum)
    {
        IsOverflown |= count > maximum;
        WriteCount(count);
    }

    /// <summary>Writes octets as they are: their number must be a multiple of four, or the caller pads.</summary>
    public void WriteOctets(ReadOnlySpan<byte> octets) => octets.CopyTo(Reserve(octets.Length));

    /// <summary>Writes octets with their length in front and zeros behind; more than <see cref="RpcFrame.StringMaximum"/> are an overflow.</summary>
    public void WriteOpaque(ReadOnlySpan<byte> value)
    {
        if (value.Length > RpcFrame.StringMaximum)
        {
            IsOverflown = true;
            return;
        }

        WriteUInt32((uint)value.Length);
        WriteFixedOpaque(value);
    }

    /// <summary>Writes octets and their padding, without their length.</summary>
    public void WriteFixedOpaque(ReadOnlySpan<byte> value)
    {
        Span<byte> place = Reserve((int)Xdr.Padded((uint)value.Length));
        value.CopyTo(place);
        place[value.Length..].Clear();
    }

    /// <summary>Writes a text up to its first NUL (<see cref="XdrText"/>); more than <see cref="RpcFrame.StringMaximum"/> octets are an overflow.</summary>
    public void WriteString(ReadOnlySpan<char> value)
    {
        int end = value.IndexOf('\0');
        value = end < 0 ? value : value[..end];
        if (Ascii.IsValid(value) && value.Length <= RpcFrame.StringMaximum)
        {
            WriteUInt32((uint)value.Length);
            Span<byte> place = Reserve((int)Xdr.Padded((uint)value.Length));
            Ascii.FromUtf16(value, place, out _);
            place[value.Length..].Clear();
            return;
        }

        WriteEncoded(value);
    }

    /// <summary>Writes a text that may be missing.</summary>
    public void WriteOptionalString(string? value)
    {
        WriteOptional(value is not null);
        if (value is not null)
        {
            WriteString(value);
        }
    }

    /// <summary>Writes <c>char x[n]</c>: four octets a character.</summary>
    public void WriteCharacters(ReadOnlySpan<byte> characters)
    {
        Span<byte> place = Reserve(characters.Length * sizeof(uint));
        place.Clear();
        for (int i = 0; i < characters.Length; i++)
        {
            place[(i * sizeof(uint)) + 3] = characters[i];
        }
    }

    private void WriteEncoded(ReadOnlySpan<char> value)
    {
        int length = XdrText.CountOctets(value);
        if (length > RpcFrame.StringMaximum)
        {
            IsOverflown = true;
            return;
        }

        WriteUInt32((uint)length);
        Span<byte> place = Reserve((int)Xdr.Padded((uint)length));
        XdrText.Encode(value, place);
        place[length..].Clear();
    }

    // Past the largest message there is nothing to keep: writing goes on at the front, so that memory stays bounded.
    private void Grow(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RpcFrame.MaximumLength);
        if (count > RpcFrame.MaximumLength - Length)
        {
            IsOverflown = true;
            Length = 0;
        }

        int needed = Length + count;
        if (needed > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Min(RpcFrame.MaximumLength, Math.Max(CapacityMin, Math.Max(needed, 2 * buffer.Length))));
        }
    }
}
