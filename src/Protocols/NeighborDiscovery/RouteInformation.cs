using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>A route that a router announces (RFC 4191, section 2.3).</summary>
/// <param name="Prefix">Where it leads.</param>
/// <param name="Preference">Which is to be preferred.</param>
/// <param name="LifetimeSeconds">How long; 0: no longer; 0xFFFFFFFF: for ever.</param>
public readonly record struct RouteInformation(IpPrefix Prefix, RouterPreference Preference, uint LifetimeSeconds)
{
    private const int FixedSize = 8;

    /// <summary>Octets that are written.</summary>
    public int Size => FixedSize + (Prefix.Length == 0 ? 0 : Prefix.Length <= 64 ? 8 : 16);

    /// <summary>Reads the option; false if it is another one, or its length does not hold its prefix.</summary>
    public static bool TryRead(NeighborOption option, out RouteInformation information)
    {
        ReadOnlySpan<byte> octets = option.Octets;
        information = default;
        if (option.Type != NeighborOptionType.RouteInformation || octets.Length > 24 || octets[2] > 128
            || (octets.Length - FixedSize) * 8 < octets[2])
        {
            return false;
        }

        Span<byte> address = stackalloc byte[16];
        address.Clear();
        octets[FixedSize..].CopyTo(address);
        IpAddress.TryRead(address, out IpAddress prefix);
        information = new(
            new IpPrefix(prefix, octets[2]),
            (RouterPreference)(octets[3] >> 3 & 3),
            BinaryPrimitives.ReadUInt32BigEndian(octets[4..]));
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets; the prefix's host bits must be zero.</summary>
    public void Write(Span<byte> destination)
    {
        Span<byte> address = stackalloc byte[16];
        Prefix.Address.Write(address);
        destination[0] = (byte)NeighborOptionType.RouteInformation;
        destination[1] = (byte)(Size / NeighborOption.Unit);
        destination[2] = Prefix.Length;
        destination[3] = (byte)((byte)Preference << 3);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], LifetimeSeconds);
        address[..(Size - FixedSize)].CopyTo(destination[FixedSize..]);
    }
}
