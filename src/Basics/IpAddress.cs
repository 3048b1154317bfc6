using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Spindle.Basics;

/// <summary>An IPv4 or IPv6 address as a value; no scope, no allocation. The default value is 0.0.0.0.</summary>
public readonly record struct IpAddress : IComparable<IpAddress>
{
    private readonly UInt128 bits;

    private IpAddress(IpFamily family, UInt128 bits)
    {
        Family = family;
        this.bits = bits;
    }

    /// <summary>Which version.</summary>
    public IpFamily Family { get; }

    /// <summary>0.0.0.0.</summary>
    public static IpAddress AnyV4 => default;

    /// <summary>255.255.255.255.</summary>
    public static IpAddress BroadcastV4 => FromV4(uint.MaxValue);

    /// <summary>::.</summary>
    public static IpAddress AnyV6 => new(IpFamily.V6, 0);

    /// <summary>True for IPv4.</summary>
    public bool IsV4 => Family == IpFamily.V4;

    /// <summary>True for IPv6.</summary>
    public bool IsV6 => Family == IpFamily.V6;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsUnspecified => bits == 0;

    /// <summary>Octets: 4 or 16.</summary>
    public int Size => IsV4 ? 4 : 16;

    /// <summary>Bits: 32 or 128.</summary>
    public int BitLength => IsV4 ? 32 : 128;

    /// <summary>169.254/16 (RFC 3927) or fe80::/10 (RFC 4291).</summary>
    public bool IsLinkLocal => IsV4 ? ToV4() >> 16 == 0xA9FE : bits >> 118 == 0x3FA;

    /// <summary>127/8 or ::1.</summary>
    public bool IsLoopback => IsV4 ? ToV4() >> 24 == 127 : bits == 1;

    /// <summary>224/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV4 ? ToV4() >> 28 == 14 : bits >> 120 == 0xFF;

    /// <summary>The IPv4 address in an IPv4-mapped one (RFC 4291, section 2.5.5.2); any other as it is.</summary>
    public IpAddress Unmapped => IsV6 && bits >> 32 == 0xFFFF ? FromV4((uint)bits) : this;

    /// <summary>An IPv4 address from its value in host order: 0x7F000001 is 127.0.0.1.</summary>
    public static IpAddress FromV4(uint value) => new(IpFamily.V4, value);

    /// <summary>An IPv4 address from its four parts.</summary>
    public static IpAddress FromV4(byte a, byte b, byte c, byte d) =>
        FromV4((uint)(a << 24 | b << 16 | c << 8 | d));

    /// <summary>An IPv6 address from its value in host order.</summary>
    public static IpAddress FromV6(UInt128 value) => new(IpFamily.V6, value);

    /// <summary>The IPv4 value in host order. Meaningful for IPv4 alone.</summary>
    public uint ToV4() => (uint)bits;

    /// <summary>The value in host order, right-aligned.</summary>
    public UInt128 ToBits() => bits;

    /// <summary>Reads 4 or 16 octets in network order.</summary>
    /// <returns>False if the length is neither.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out IpAddress address)
    {
        switch (octets.Length)
        {
            case 4:
                address = FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets));
                return true;
            case 16:
                address = FromV6(BinaryPrimitives.ReadUInt128BigEndian(octets));
                return true;
            default:
                address = default;
                return false;
        }
    }

    /// <summary>Writes <see cref="Size"/> octets in network order.</summary>
    public void Write(Span<byte> destination)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, ToV4());
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(destination, bits);
        }
    }

    /// <summary>Reads dotted decimal with four parts, or RFC 4291 text without a scope.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.Contains(':'))
        {
            if (text.ContainsAny('%', '[', ']') || !IPAddress.TryParse(text, out IPAddress? v6)
                || v6.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return false;
            }

            Span<byte> octets = stackalloc byte[16];
            v6.TryWriteBytes(octets, out _);
            return TryRead(octets, out address);
        }

        uint value = 0;
        for (int part = 0; part < 4; part++)
        {
            int end = text.IndexOf('.');
            ReadOnlySpan<char> digits = part == 3 ? text : end < 0 ? default : text[..end];
            if (digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9')
                || !byte.TryParse(digits, out byte octet))
            {
                return false;
            }

            value = value << 8 | octet;
            text = text[(part == 3 ? text.Length : end + 1)..];
        }

        address = FromV4(value);
        return true;
    }

    /// <summary>Reads an address that the program itself wrote down.</summary>
    /// <exception cref="FormatException">Not an address.</exception>
    public static IpAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out IpAddress address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <inheritdoc/>
    public int CompareTo(IpAddress other) =>
        Family != other.Family ? Family.CompareTo(other.Family) : bits.CompareTo(other.bits);

    /// <summary>Dotted decimal, or RFC 5952 text; dots in an IPv6 address only behind <c>::ffff:</c> (its section 5).</summary>
    public override string ToString()
    {
        if (IsV6 && bits >> 32 != 0xFFFF)
        {
            return Ipv6Text.Write(bits);
        }

        uint v = ToV4();
        return $"{(IsV6 ? "::ffff:" : "")}{v >> 24}.{v >> 16 & 255}.{v >> 8 & 255}.{v & 255}";
    }
}
