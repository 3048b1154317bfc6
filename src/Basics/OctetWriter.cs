using System;
using System.Buffers.Binary;

namespace Spindle.Basics;

/// <summary>Writes octets from front to back into a span that the caller made large enough.</summary>
/// <remarks>Writing past the end throws: the size of what we send is ours to know.</remarks>
public ref struct OctetWriter(Span<byte> destination)
{
    private readonly Span<byte> all = destination;

    /// <summary>Octets written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What is written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => all[..Length];

    /// <summary>Hands out the next <paramref name="count"/> octets to be filled by the caller.</summary>
    public Span<byte> Reserve(int count)
    {
        Span<byte> reserved = all.Slice(Length, count);
        Length += count;
        return reserved;
    }

    /// <summary>Writes one octet.</summary>
    public void WriteByte(byte value) => Reserve(1)[0] = value;

    /// <summary>Writes 16 bits in network order.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    /// <summary>Writes 32 bits in network order.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    /// <summary>Writes octets as they are.</summary>
    public void Write(ReadOnlySpan<byte> octets) => octets.CopyTo(Reserve(octets.Length));

    /// <summary>Writes zeros.</summary>
    public void Fill(int count) => Reserve(count).Clear();
}
