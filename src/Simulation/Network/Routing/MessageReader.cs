using System;
using System.Buffers.Binary;
using System.Text;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Reads one netlink message of somebody else's: nothing in it is believed.</summary>
internal readonly ref struct MessageReader
{
    public const int HeaderSize = 16;
    private const int TypeMask = 0x3FFF;

    private readonly ReadOnlySpan<byte> octets;

    /// <param name="octets">The message with its header, of the length that it says.</param>
    public MessageReader(ReadOnlySpan<byte> octets) => this.octets = octets;

    public ReadOnlySpan<byte> Octets => octets;

    public MessageType Type => (MessageType)BinaryPrimitives.ReadUInt16LittleEndian(octets[4..]);

    public int Flags => BinaryPrimitives.ReadUInt16LittleEndian(octets[6..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]);

    public uint PortId => BinaryPrimitives.ReadUInt32LittleEndian(octets[12..]);

    public ReadOnlySpan<byte> Payload => octets[HeaderSize..];

    /// <summary>The address family, with which all payloads of the route family begin.</summary>
    public byte Family => Payload.IsEmpty ? (byte)0 : Payload[0];

    public bool Has(int flag) => (Flags & flag) == flag;

    /// <summary>Cuts the next message off.</summary>
    /// <returns>False at the end, and where the rest is no message.</returns>
    public static bool TryNext(ref ReadOnlySpan<byte> rest, out MessageReader message)
    {
        message = default;
        if (rest.Length < HeaderSize)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length < HeaderSize || length > rest.Length)
        {
            return false;
        }

        message = new MessageReader(rest[..(int)length]);
        rest = rest[Math.Min((int)(length + 3) & ~3, rest.Length)..];
        return true;
    }

    /// <summary>The last attribute of a type, as the kernel takes it.</summary>
    public bool TryFind(int fixedSize, int type, out ReadOnlySpan<byte> value) =>
        TryFind(Payload.Length > fixedSize ? Payload[fixedSize..] : default, type, out value);

    public static bool TryFind(ReadOnlySpan<byte> attributes, int type, out ReadOnlySpan<byte> value)
    {
        value = default;
        bool isFound = false;
        ReadOnlySpan<byte> rest = attributes;
        while (TryCut(ref rest, out int found, out ReadOnlySpan<byte> content))
        {
            value = found == type ? content : value;
            isFound |= found == type;
        }

        return isFound;
    }

    /// <summary>Cuts the next attribute off.</summary>
    public static bool TryCut(scoped ref ReadOnlySpan<byte> attributes, out int type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        int length = attributes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(attributes);
        if (length < 4 || length > attributes.Length)
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & TypeMask;
        value = attributes[4..length];
        attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        return true;
    }

    public uint? FindUInt32(int fixedSize, int type) =>
        TryFind(fixedSize, type, out ReadOnlySpan<byte> value) && value.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(value) : null;

    public byte? FindByte(int fixedSize, int type) =>
        TryFind(fixedSize, type, out ReadOnlySpan<byte> value) && value.Length >= 1 ? value[0] : null;

    public string? FindText(int fixedSize, int type) =>
        TryFind(fixedSize, type, out ReadOnlySpan<byte> value) ? Text(value) : null;

    public IpAddress? FindAddress(int fixedSize, int type, int size) =>
        TryFind(fixedSize, type, out ReadOnlySpan<byte> value) && value.Length >= size && IpAddress.TryRead(value[..size], out IpAddress address)
            ? address : null;

    public static string Text(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }
}
