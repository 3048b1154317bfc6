using System;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>What is known of a neighbour (<c>NUD_*</c>).</summary>
[Flags]
internal enum NeighbourState : ushort
{
    None = 0,
    Incomplete = 0x1,
    Reachable = 0x2,
    Stale = 0x4,
    Delay = 0x8,
    Probe = 0x10,
    Failed = 0x20,
    NoArp = 0x40,
    Permanent = 0x80,
}

/// <summary>A neighbour on a link, by ARP or neighbour discovery, or set by hand.</summary>
internal sealed class Neighbour(SimulatedLink link, IpAddress address)
{
    public SimulatedLink Link { get; } = link;

    public IpAddress Address { get; } = address;

    public MacAddress? MacAddress { get; set; }

    public NeighbourState State { get; set; }

    /// <summary>NTF_ROUTER and others.</summary>
    public byte Flags { get; set; }

    /// <summary>Frames can be sent to it.</summary>
    public bool IsValid => MacAddress is not null && (State & (NeighbourState.Incomplete | NeighbourState.Failed)) == 0;
}
