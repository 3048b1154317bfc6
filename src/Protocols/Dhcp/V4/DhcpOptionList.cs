using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Options in the order in which they are sent; long ones are split as RFC 3396 says. Equal if their octets are.</summary>
public sealed class DhcpOptionList : IEquatable<DhcpOptionList>
{
    private const int PieceMax = 255;

    private byte[] octets = new byte[96];

    /// <summary>Octets on the wire, without the end mark.</summary>
    public int Size { get; private set; }

    /// <summary>The options on the wire, without the end mark.</summary>
    public ReadOnlySpan<byte> Octets => octets.AsSpan(0, Size);

    /// <summary>Walks over the options.</summary>
    public DhcpOptionReader Read() => new(Octets);

    /// <summary>Adds an option with these octets.</summary>
    /// <exception cref="ArgumentException">Pad, end and overload are made by the writer, not added.</exception>
    public DhcpOptionList Add(DhcpOptionCode code, ReadOnlySpan<byte> value)
    {
        if (code is DhcpOptionCode.Pad or DhcpOptionCode.End or DhcpOptionCode.OptionOverload)
        {
            throw new ArgumentException("Pad, end and overload are not options with a value.", nameof(code));
        }

        do
        {
            ReadOnlySpan<byte> piece = value[..Math.Min(value.Length, PieceMax)];
            Span<byte> room = Reserve(2 + piece.Length);
            room[0] = (byte)code;
            room[1] = (byte)piece.Length;
            piece.CopyTo(room[2..]);
            value = value[piece.Length..];
        }
        while (!value.IsEmpty);
        return this;
    }

    /// <summary>Adds an option of one octet.</summary>
    public DhcpOptionList Add(DhcpOptionCode code, byte value) => Add(code, [value]);

    /// <summary>Adds an option that is one IPv4 address.</summary>
    public DhcpOptionList Add(DhcpOptionCode code, IpAddress address) => AddUInt32(code, address.ToV4());

    /// <summary>Adds an option of 16 bits.</summary>
    public DhcpOptionList AddUInt16(DhcpOptionCode code, ushort value)
    {
        Span<byte> octets = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        return Add(code, octets);
    }

    /// <summary>Adds an option of 32 bits.</summary>
    public DhcpOptionList AddUInt32(DhcpOptionCode code, uint value)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return Add(code, octets);
    }

    /// <summary>Adds an option that is text, octet by octet (characters beyond U+00FF become <c>?</c>).</summary>
    public DhcpOptionList AddText(DhcpOptionCode code, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> octets = text.Length <= PieceMax ? stackalloc byte[text.Length] : new byte[text.Length];
        System.Text.Encoding.Latin1.GetBytes(text, octets);
        return Add(code, octets);
    }

    /// <inheritdoc/>
    public bool Equals(DhcpOptionList? other) => other is not null && Octets.SequenceEqual(other.Octets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DhcpOptionList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Octets);
        return hash.ToHashCode();
    }

    private Span<byte> Reserve(int count)
    {
        if (Size + count > octets.Length)
        {
            Array.Resize(ref octets, Math.Max(octets.Length * 2, Size + count));
        }

        Size += count;
        return octets.AsSpan(Size - count, count);
    }
}
