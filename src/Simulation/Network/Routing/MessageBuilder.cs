using System;
using System.Buffers.Binary;
using System.Text;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Builds one netlink message: header, fixed part, attributes (RFC 3549, section 2; <c>man 7 netlink</c>). Of its own,
/// apart from the product's: an error there does not cancel against the same error here.</summary>
internal sealed class MessageBuilder
{
    private const int HeaderSize = 16;
    private const int AttributeHeaderSize = 4;
    private const ushort NestedFlag = 0x8000;

    private byte[] octets = new byte[256];
    private int length = HeaderSize;

    public MessageBuilder(MessageType type, int flags, uint sequence = 0, uint portId = 0)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(octets.AsSpan(4), (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(octets.AsSpan(6), (ushort)flags);
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(8), sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(12), portId);
    }

    public MessageBuilder Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    public MessageBuilder UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);
        return this;
    }

    public MessageBuilder UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
        return this;
    }

    public MessageBuilder Octets(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    public MessageBuilder Attribute(int type, ReadOnlySpan<byte> value)
    {
        Span<byte> attribute = Take((AttributeHeaderSize + value.Length + 3) & ~3);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(AttributeHeaderSize + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], (ushort)type);
        value.CopyTo(attribute[AttributeHeaderSize..]);
        return this;
    }

    public MessageBuilder Attribute(int type, uint value)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        return Attribute(type, number);
    }

    public MessageBuilder Attribute(int type, byte value) => Attribute(type, [value]);

    public MessageBuilder Attribute(int type, string text) => Attribute(type, [.. Encoding.UTF8.GetBytes(text), 0]);

    public MessageBuilder Attribute(int type, IpAddress address)
    {
        Span<byte> value = stackalloc byte[16];
        address.Write(value[..address.Size]);
        return Attribute(type, value[..address.Size]);
    }

    public MessageBuilder Attribute(int type, MacAddress address)
    {
        Span<byte> value = stackalloc byte[MacAddress.Size];
        address.Write(value);
        return Attribute(type, value);
    }

    /// <summary>Begins an attribute that has attributes; <see cref="End"/> takes what this returns.</summary>
    public int Begin(int type)
    {
        int start = length;
        Attribute(type, default(ReadOnlySpan<byte>));
        return start;
    }

    public MessageBuilder End(int start)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(octets.AsSpan(start), (ushort)(length - start));
        return this;
    }

    /// <summary>As <see cref="Begin"/>, and says in the type that it is nested.</summary>
    public int BeginMarked(int type) => Begin(type | NestedFlag);

    /// <summary>The message; its length is in its header.</summary>
    public byte[] ToArray()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(octets, (uint)length);
        return octets.AsSpan(0, length).ToArray();
    }

    private Span<byte> Take(int count)
    {
        if (length + count > octets.Length)
        {
            Array.Resize(ref octets, Math.Max(octets.Length * 2, length + count));
        }

        length += count;
        return octets.AsSpan(length - count, count);
    }
}
