using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>A prefix that a router announces (RFC 4861, section 4.6.2).</summary>
/// <param name="Prefix">The prefix; host bits are as sent.</param>
/// <param name="IsOnLink">L: addresses in it are on this link.</param>
/// <param name="IsAutonomous">A: hosts make addresses in it.</param>
/// <param name="ValidSeconds">How long, or 0xFFFFFFFF for ever.</param>
/// <param name="PreferredSeconds">How long for new connections, or 0xFFFFFFFF for ever.</param>
public readonly record struct PrefixInformation(
    IpPrefix Prefix, bool IsOnLink, bool IsAutonomous, uint ValidSeconds, uint PreferredSeconds)
{
    /// <summary>Octets of the option.</summary>
    public const int Size = 32;

    private const byte FlagOnLink = 0x80;
    private const byte FlagAutonomous = 0x40;

    /// <summary>Reads the option; false if it is another one or its length is wrong.</summary>
    public static bool TryRead(NeighborOption option, out PrefixInformation information)
    {
        ReadOnlySpan<byte> octets = option.Octets;
        information = default;
        if (option.Type != NeighborOptionType.PrefixInformation || octets.Length != Size || octets[2] > 128
            || !IpAddress.TryRead(octets[16..32], out IpAddress address))
        {
            return false;
        }

        information = new(
            new IpPrefix(address, octets[2]),
            (octets[3] & FlagOnLink) != 0,
            (octets[3] & FlagAutonomous) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[8..]));
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        destination[0] = (byte)NeighborOptionType.PrefixInformation;
        destination[1] = Size / NeighborOption.Unit;
        destination[2] = Prefix.Length;
        destination[3] = (byte)((IsOnLink ? FlagOnLink : 0) | (IsAutonomous ? FlagAutonomous : 0));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], ValidSeconds);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], PreferredSeconds);
        Prefix.Address.Write(destination[16..]);
    }
}
