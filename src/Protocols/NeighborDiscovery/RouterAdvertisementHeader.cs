using System;
using System.Buffers.Binary;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>The fixed part of a router advertisement (RFC 4861, section 4.2; RFC 4191, section 2.2).</summary>
/// <param name="HopLimit">Hop limit for packets, or 0 if not said.</param>
/// <param name="IsManaged">M: addresses are to be had from DHCPv6.</param>
/// <param name="HasOtherConfiguration">O: other things are to be had from DHCPv6.</param>
/// <param name="Preference">Which router is to be preferred.</param>
/// <param name="RouterLifetimeSeconds">How long it is a default router, 0 to 65535; 0: it is none.</param>
/// <param name="ReachableMilliseconds">How long a neighbour counts as reachable, or 0 if not said.</param>
/// <param name="RetransmitMilliseconds">Time between solicitations of a neighbour, or 0 if not said.</param>
public readonly record struct RouterAdvertisementHeader(
    byte HopLimit,
    bool IsManaged,
    bool HasOtherConfiguration,
    RouterPreference Preference,
    ushort RouterLifetimeSeconds,
    uint ReachableMilliseconds,
    uint RetransmitMilliseconds)
{
    /// <summary>Octets of the fixed part, with type, code and checksum.</summary>
    public const int Size = 16;

    /// <summary>ICMPv6 type of a router advertisement.</summary>
    public const byte IcmpType = 134;

    private const byte FlagManaged = 0x80;
    private const byte FlagOther = 0x40;

    /// <summary>Reads the fixed part; false if it is too short or something else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out RouterAdvertisementHeader header)
    {
        header = default;
        if (octets.Length < Size || octets[0] != IcmpType || octets[1] != 0)
        {
            return false;
        }

        header = new(
            octets[4],
            (octets[5] & FlagManaged) != 0,
            (octets[5] & FlagOther) != 0,
            (RouterPreference)(octets[5] >> 3 & 3),
            BinaryPrimitives.ReadUInt16BigEndian(octets[6..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[12..]));
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets; the checksum is left to the kernel.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        destination[0] = IcmpType;
        destination[4] = HopLimit;
        destination[5] = (byte)((IsManaged ? FlagManaged : 0) | (HasOtherConfiguration ? FlagOther : 0)
            | (byte)Preference << 3);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], RouterLifetimeSeconds);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ReachableMilliseconds);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], RetransmitMilliseconds);
    }
}
