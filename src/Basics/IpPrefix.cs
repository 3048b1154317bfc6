using System;
using System.Globalization;

namespace Spindle.Basics;

/// <summary>An address with the length of its network part: <c>192.0.2.7/24</c>. Host bits are kept.</summary>
/// <param name="Address">The address; its host bits need not be zero.</param>
/// <param name="Length">Bits of the network part, 0 to 32 or 128.</param>
public readonly record struct IpPrefix(IpAddress Address, byte Length)
{
    /// <summary>Which version.</summary>
    public IpFamily Family => Address.Family;

    /// <summary>The same prefix with its host bits cleared.</summary>
    public IpPrefix Network => new(Mask(Address, Length), Length);

    /// <summary>The IPv4 directed broadcast address; the address itself for /31, /32 and IPv6.</summary>
    public IpAddress Broadcast => Address.IsV6 || Length >= 31
        ? Address
        : IpAddress.FromV4(Address.ToV4() | (uint)(0xFFFF_FFFFul >> Length));

    /// <summary>The IPv4 netmask. Meaningful for IPv4 alone.</summary>
    public IpAddress Netmask => IpAddress.FromV4(Length == 0 ? 0 : uint.MaxValue << (32 - Length));

    /// <summary>True if <paramref name="address"/> is in this network.</summary>
    public bool Contains(IpAddress address) =>
        address.Family == Family && Mask(address, Length) == Mask(Address, Length);

    /// <summary>The prefix length of an IPv4 netmask, if it is one (ones, then zeros).</summary>
    public static bool TryLengthOfNetmask(IpAddress netmask, out byte length)
    {
        uint mask = netmask.ToV4();
        length = (byte)uint.LeadingZeroCount(~mask);
        return netmask.IsV4 && (length == 32 || mask << length == 0);
    }

    /// <summary>Reads <c>address/length</c>; the length is in bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        if (slash < 0 || !IpAddress.TryParse(text[..slash], out IpAddress address)
            || !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out byte length)
            || length > address.BitLength)
        {
            return false;
        }

        prefix = new(address, length);
        return true;
    }

    /// <summary>Reads a prefix that the program itself wrote down.</summary>
    /// <exception cref="FormatException">Not a prefix.</exception>
    public static IpPrefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out IpPrefix prefix) ? prefix : throw new FormatException($"'{text}' is not a prefix.");

    /// <summary><c>address/length</c>.</summary>
    public override string ToString() => $"{Address}/{Length}";

    private static IpAddress Mask(IpAddress address, int length)
    {
        if (address.IsV4)
        {
            return IpAddress.FromV4(length == 0 ? 0 : address.ToV4() & (uint.MaxValue << (32 - length)));
        }

        return IpAddress.FromV6(length == 0 ? 0 : address.ToBits() & (UInt128.MaxValue << (128 - length)));
    }
}
