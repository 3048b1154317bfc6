using System;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>One option in a buffer.</summary>
/// <param name="octets">All of it, with type and length; a multiple of eight.</param>
public readonly ref struct NeighborOption(ReadOnlySpan<byte> octets)
{
    /// <summary>Octets of type and length.</summary>
    public const int HeaderSize = 2;

    /// <summary>Lengths are told in units of this many octets.</summary>
    public const int Unit = 8;

    /// <summary>What it is.</summary>
    public NeighborOptionType Type => (NeighborOptionType)Octets[0];

    /// <summary>All of it, with type and length.</summary>
    public ReadOnlySpan<byte> Octets { get; } = octets;

    /// <summary>What follows type and length.</summary>
    public ReadOnlySpan<byte> Value => Octets[HeaderSize..];
}
