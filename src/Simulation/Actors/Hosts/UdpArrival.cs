using System;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>A datagram that came for a bound port.</summary>
internal readonly ref struct UdpArrival
{
    public IpAddress Source { get; init; }

    public IpAddress Destination { get; init; }

    public ushort SourcePort { get; init; }

    public ushort DestinationPort { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }
}

/// <summary>Takes the datagrams of a port.</summary>
internal delegate void UdpHandler(in UdpArrival arrival);
