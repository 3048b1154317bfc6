using System;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Objects;

/// <summary>A datagram in the queue of a socket.</summary>
/// <param name="Packet">The packet that it came in.</param>
/// <param name="Octets">What the reader gets of it.</param>
/// <param name="Memory">What it takes of the receive buffer.</param>
internal sealed record ReceivedDatagram(IpPacket Packet, ReadOnlyMemory<byte> Octets, int Memory)
{
    /// <summary>The sender's port; 0 where there is none.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>Where it came in is known: of IPv4 only if somebody wanted to know when it came.</summary>
    public bool HasPlace { get; init; } = true;

    /// <summary>Its checksum is wrong: the reader is to be told nothing of it.</summary>
    public bool IsBad { get; init; }
}
