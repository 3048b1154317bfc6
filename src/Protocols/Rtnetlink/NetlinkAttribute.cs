using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>One attribute in a buffer (<c>struct rtattr</c>): a number that says what it is, and its octets.</summary>
public readonly ref struct NetlinkAttribute(ushort type, ReadOnlySpan<byte> value)
{
    /// <summary>Octets of the header.</summary>
    public const int HeaderSize = 4;

    /// <summary>What it is, without the flags for nested and network order.</summary>
    public ushort Type { get; } = (ushort)(type & 0x3FFF);

    /// <summary>Its octets.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>The attributes within this one.</summary>
    public NetlinkAttributes Nested => new(Value);

    /// <summary>Reads one octet.</summary>
    public bool TryGetByte(out byte value)
    {
        value = Value.Length >= 1 ? Value[0] : (byte)0;
        return Value.Length >= 1;
    }

    /// <summary>Reads 16 bits.</summary>
    public bool TryGetUInt16(out ushort value) => MemoryMarshal.TryRead(Value, out value);

    /// <summary>Reads 32 bits.</summary>
    public bool TryGetUInt32(out uint value) => MemoryMarshal.TryRead(Value, out value);

    /// <summary>Reads 32 bits with a sign.</summary>
    public bool TryGetInt32(out int value) => MemoryMarshal.TryRead(Value, out value);

    /// <summary>Reads an address of this family; false if the length is another one's.</summary>
    public bool TryGetAddress(IpFamily family, out IpAddress address)
    {
        bool ok = IpAddress.TryRead(Value, out address) && address.Family == family;
        address = ok ? address : default;
        return ok;
    }

    /// <summary>Reads a six-octet hardware address; other lengths (tunnels, InfiniBand) are not one.</summary>
    public bool TryGetMac(out MacAddress address)
    {
        bool ok = Value.Length == MacAddress.Size;
        address = ok ? MacAddress.Read(Value) : default;
        return ok;
    }

    /// <summary>The octets up to the first NUL.</summary>
    public ReadOnlySpan<byte> TextOctets
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return end < 0 ? Value : Value[..end];
        }
    }

    /// <summary>The text; <paramref name="known"/> itself if it says the same, so that nothing is allocated.</summary>
    public string GetText(string? known) => NetlinkText.Get(TextOctets, known);
}
