using System;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>A router advertisement in a buffer.</summary>
public readonly ref struct RouterAdvertisementPacket
{
    private readonly ReadOnlySpan<byte> options;

    private RouterAdvertisementPacket(RouterAdvertisementHeader header, ReadOnlySpan<byte> options)
    {
        Header = header;
        this.options = options;
    }

    /// <summary>The fixed part.</summary>
    public RouterAdvertisementHeader Header { get; }

    /// <summary>The options.</summary>
    public NeighborOptions Options => new(options);

    /// <summary>
    /// The packet, from its ICMPv6 type on. The rules of RFC 4861, section 6.1.2, that octets can show are checked: type,
    /// code, length, options. Hop limit, source and checksum are the driver's.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out RouterAdvertisementPacket packet)
    {
        packet = default;
        if (!RouterAdvertisementHeader.TryRead(octets, out RouterAdvertisementHeader header))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = octets[RouterAdvertisementHeader.Size..];
        packet = new(header, rest);
        return new NeighborOptions(rest).AreValid();
    }
}
