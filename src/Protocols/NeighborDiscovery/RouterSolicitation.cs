using System;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>A router solicitation (RFC 4861, section 4.1).</summary>
/// <param name="Source">Our link-layer address; zeros to leave it out, as a packet from :: must.</param>
public readonly record struct RouterSolicitation(MacAddress Source)
{
    /// <summary>ICMPv6 type of a router solicitation.</summary>
    public const byte IcmpType = 133;

    /// <summary>Most octets that are written.</summary>
    public const int SizeMax = 16;

    private const int FixedSize = 8;

    /// <summary>Reads a solicitation; false if it is something else or its options are broken.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out RouterSolicitation solicitation)
    {
        solicitation = default;
        if (octets.Length < FixedSize || octets[0] != IcmpType || octets[1] != 0
            || !new NeighborOptions(octets[FixedSize..]).AreValid())
        {
            return false;
        }

        NeighborOptions options = new(octets[FixedSize..]);
        while (options.TryNext(out NeighborOption option))
        {
            if (option.Type == NeighborOptionType.SourceLinkLayerAddress && option.Octets.Length == NeighborOption.Unit)
            {
                solicitation = new(MacAddress.Read(option.Value));
            }
        }

        return true;
    }

    /// <summary>Writes it; the answer is its length. The checksum is left to the kernel.</summary>
    public int Write(Span<byte> destination)
    {
        int size = Source.IsZero ? FixedSize : SizeMax;
        destination[..size].Clear();
        destination[0] = IcmpType;
        if (!Source.IsZero)
        {
            destination[FixedSize] = (byte)NeighborOptionType.SourceLinkLayerAddress;
            destination[FixedSize + 1] = 1;
            Source.Write(destination[(FixedSize + NeighborOption.HeaderSize)..]);
        }

        return size;
    }
}
