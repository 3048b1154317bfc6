using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>A station on a link, as a <see cref="NeighborTable"/> knows it.</summary>
internal sealed class Neighbor(SimulatedLink link, IpAddress address)
{
    private const NeighborState Valid = NeighborState.Reachable | NeighborState.Stale | NeighborState.Delay
        | NeighborState.Probe | NeighborState.NoArp | NeighborState.Permanent;

    public SimulatedLink Link { get; } = link;

    public IpAddress Address { get; } = address;

    public NeighborState State { get; set; }

    /// <summary>Good for use where <see cref="IsValid"/>.</summary>
    public MacAddress MacAddress { get; set; }

    /// <summary>Its hardware address is known, and not in doubt.</summary>
    public bool IsValid => (State & Valid) != 0;

    /// <summary>IPv6: it says so of itself.</summary>
    public bool IsRouter { get; set; }

    /// <summary>When it was last known to be there.</summary>
    public Instant ConfirmedAt { get; set; }

    /// <summary>When the last of the questions went unanswered.</summary>
    public Instant FailedAt { get; set; }

    /// <summary>When its hardware address was last learnt.</summary>
    public Instant UpdatedAt { get; set; }

    /// <summary>When something was last sent to it while it was not known to be there.</summary>
    public Instant UsedAt { get; set; }

    /// <summary>When it failed, or was last asked since for a route's sake.</summary>
    public Instant ProbedAt { get; set; }

    /// <summary>Who asks, in its own words: the source of what waits.</summary>
    public IpAddress Asker { get; set; }

    internal int Probes { get; set; }

    internal Alarm? Alarm { get; set; }

    /// <summary>Frames that wait for its hardware address, the oldest first.</summary>
    internal Queue<(byte[] Octets, Action? Freed)> Waiting { get; } = new();
}
