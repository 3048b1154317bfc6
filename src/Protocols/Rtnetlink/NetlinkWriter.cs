using System;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Writes one netlink message: header, fixed part, attributes, nested attributes.</summary>
/// <remarks>Writing past the end throws: the size of what we send is ours to know.</remarks>
public ref struct NetlinkWriter
{
    private readonly Span<byte> all;

    /// <summary>Begins a message at the front of <paramref name="destination"/>.</summary>
    public NetlinkWriter(Span<byte> destination, NetlinkMessageType type, NetlinkFlags flags, uint sequence = 0)
    {
        all = destination;
        new NetlinkHeader(0, type, flags, sequence, 0).Write(Reserve(NetlinkHeader.Size));
    }

    /// <summary>Octets written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Puts the length into the header; the answer is the whole message.</summary>
    public readonly ReadOnlySpan<byte> Finish()
    {
        MemoryMarshal.Write(all, (uint)Length);
        return all[..Length];
    }

    /// <summary>Hands out the next octets, zeroed, padding included.</summary>
    public Span<byte> Reserve(int count)
    {
        Span<byte> reserved = all.Slice(Length, NetlinkAlignment.Align(count));
        reserved.Clear();
        Length += reserved.Length;
        return reserved[..count];
    }

    /// <summary>Hands out the value of a new attribute.</summary>
    public Span<byte> Attribute(ushort type, int size)
    {
        Span<byte> octets = Reserve(NetlinkAttribute.HeaderSize + size);
        MemoryMarshal.Write(octets, (ushort)(NetlinkAttribute.HeaderSize + size));
        MemoryMarshal.Write(octets[2..], type);
        return octets[NetlinkAttribute.HeaderSize..];
    }

    /// <summary>An attribute of one octet.</summary>
    public void Byte(ushort type, byte value) => Attribute(type, 1)[0] = value;

    /// <summary>An attribute of 16 bits.</summary>
    public void UInt16(ushort type, ushort value) => MemoryMarshal.Write(Attribute(type, 2), value);

    /// <summary>An attribute of 32 bits.</summary>
    public void UInt32(ushort type, uint value) => MemoryMarshal.Write(Attribute(type, 4), value);

    /// <summary>An attribute that is an address.</summary>
    public void Address(ushort type, IpAddress value) => value.Write(Attribute(type, value.Size));

    /// <summary>An attribute that is a hardware address.</summary>
    public void Mac(ushort type, MacAddress value) => value.Write(Attribute(type, MacAddress.Size));

    /// <summary>An attribute that is text; a NUL is put behind it.</summary>
    public void Text(ushort type, string value) =>
        Encoding.UTF8.GetBytes(value, Attribute(type, Encoding.UTF8.GetByteCount(value) + 1));

    /// <summary>Begins an attribute that holds attributes; the answer goes to <see cref="EndNested"/>.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="marked">True: with NLA_F_NESTED, which newer parts of the kernel demand and older ones do not know.</param>
    public int BeginNested(ushort type, bool marked = false)
    {
        int start = Length;
        Attribute((ushort)(marked ? type | 0x8000 : type), 0);
        return start;
    }

    /// <summary>Ends an attribute that holds attributes.</summary>
    public readonly void EndNested(int start) => MemoryMarshal.Write(all[start..], (ushort)(Length - start));
}
