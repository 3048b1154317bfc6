using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Asks a link who has an address.</summary>
/// <param name="link">The link.</param>
/// <param name="target">The address.</param>
/// <param name="source">Who asks; not necessarily one of the link's own.</param>
/// <param name="known">The station to ask directly; null to ask all.</param>
internal delegate void NeighborSolicitor(SimulatedLink link, IpAddress target, IpAddress source, MacAddress? known);

/// <summary>The neighbours on one link of one family: who has which hardware address, and whether they are there still.</summary>
/// <remarks>Times are those of RFC 4861 and of <c>net.*.neigh.*</c>: three questions a second apart, reachable for 15 to 45
/// seconds, five seconds of patience before a stale one is asked directly.</remarks>
internal sealed class NeighborTable
{
    private const int WaitingMax = 101; // unres_qlen
    private const int ProbesMax = 3; // mcast_solicit, ucast_solicit
    private const int NeighborsMax = 1024; // gc_thresh3
    private static readonly TimeSpan RetransTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DelayTime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<IpAddress, Neighbor> neighbors = [];
    private readonly InternetStack stack;
    private readonly SimulatedLink link;
    private readonly NeighborSolicitor solicit;
    private readonly TimeSpan reachableTime;

    public NeighborTable(InternetStack stack, SimulatedLink link, NeighborSolicitor solicit)
    {
        this.stack = stack;
        this.link = link;
        this.solicit = solicit;

        // Half to one and a half of base_reachable_time (RFC 4861, section 6.3.2).
        const uint BaseMilliseconds = 30_000;
        reachableTime = TimeSpan.FromMilliseconds((BaseMilliseconds / 2) + stack.Network.Draw(BaseMilliseconds));
    }

    /// <summary>All that is known, in no order.</summary>
    public IReadOnlyCollection<Neighbor> All => neighbors.Values;

    private VirtualClock Clock => stack.Clock;

    public Neighbor? Find(IpAddress address) => neighbors.GetValueOrDefault(address);

    /// <summary>Sends a frame to a neighbour, as soon as its hardware address is known; the frame has room for that at its front.</summary>
    /// <param name="address">The neighbour.</param>
    /// <param name="frame">The frame; ours from now on.</param>
    /// <param name="source">The source of what is in it, with which the neighbour is asked for.</param>
    /// <param name="freed">Called when the frame goes, or is dropped.</param>
    public void Send(IpAddress address, byte[] frame, IpAddress source, Action? freed = null)
    {
        if (!neighbors.TryGetValue(address, out Neighbor? neighbor))
        {
            MakeRoom();
            neighbor = new Neighbor(address);
            neighbors.Add(address, neighbor);
            Ask(neighbor, source);
        }

        switch (neighbor.State)
        {
            case NeighborState.Failed:
                Ask(neighbor, source);
                Wait(neighbor, frame, freed);
                return;
            case NeighborState.Incomplete:
                Wait(neighbor, frame, freed);
                return;
            case NeighborState.Reachable when Clock.Now - neighbor.ConfirmedAt > reachableTime:
            case NeighborState.Stale:
                neighbor.Asker = source;
                Enter(neighbor, NeighborState.Delay, DelayTime);
                break;
            case NeighborState.Reachable or NeighborState.Delay or NeighborState.Probe:
                break;
        }

        freed?.Invoke();
        Transmit(neighbor, frame);
    }

    /// <summary>Somebody has said which hardware address is its.</summary>
    /// <param name="address">Whose.</param>
    /// <param name="hardware">The hardware address.</param>
    /// <param name="isConfirmed">It was the answer to a question of ours: the neighbour is there.</param>
    /// <param name="mayCreate">Even if it was not known until now.</param>
    public Neighbor? Learn(IpAddress address, MacAddress hardware, bool isConfirmed, bool mayCreate)
    {
        if (!neighbors.TryGetValue(address, out Neighbor? neighbor))
        {
            if (!mayCreate)
            {
                return null;
            }

            MakeRoom();
            neighbor = new Neighbor(address);
            neighbors.Add(address, neighbor);
        }

        bool isNew = neighbor.MacAddress != hardware || neighbor.State is NeighborState.Incomplete or NeighborState.Failed;
        if (!isNew && !isConfirmed)
        {
            return neighbor;
        }

        neighbor.MacAddress = hardware;
        neighbor.UpdatedAt = Clock.Now;
        if (isConfirmed)
        {
            neighbor.ConfirmedAt = Clock.Now;
        }

        Enter(neighbor, isConfirmed ? NeighborState.Reachable : NeighborState.Stale, null);
        SendWaiting(neighbor);
        return neighbor;
    }

    /// <summary>Something above has heard from it: it is there.</summary>
    public void Confirm(IpAddress address)
    {
        if (neighbors.TryGetValue(address, out Neighbor? neighbor)
            && neighbor.State is NeighborState.Reachable or NeighborState.Stale or NeighborState.Delay or NeighborState.Probe)
        {
            neighbor.ConfirmedAt = Clock.Now;
            Enter(neighbor, NeighborState.Reachable, null);
        }
    }

    /// <summary>Forgets all; what waits is lost.</summary>
    public void Clear()
    {
        foreach (Neighbor neighbor in neighbors.Values)
        {
            neighbor.Alarm?.Cancel();
            while (neighbor.Waiting.TryDequeue(out (byte[] Octets, Action? Freed) lost))
            {
                lost.Freed?.Invoke();
            }
        }

        neighbors.Clear();
    }

    private void Ask(Neighbor neighbor, IpAddress source)
    {
        neighbor.Asker = source;
        neighbor.Probes = 1;
        Enter(neighbor, NeighborState.Incomplete, RetransTime);
        solicit(link, neighbor.Address, source, null);
    }

    private void Enter(Neighbor neighbor, NeighborState next, TimeSpan? after)
    {
        neighbor.State = next;
        neighbor.Alarm?.Cancel();
        neighbor.Alarm = after is { } span ? Clock.Set(Clock.Now + span, () => TimePassed(neighbor)) : null;
    }

    private void TimePassed(Neighbor neighbor)
    {
        neighbor.Alarm = null;
        if (neighbor.State == NeighborState.Delay)
        {
            neighbor.Probes = 0;
        }

        if (neighbor.Probes >= ProbesMax)
        {
            Fail(neighbor);
            return;
        }

        neighbor.Probes++;
        bool isKnown = neighbor.State is NeighborState.Delay or NeighborState.Probe;
        Enter(neighbor, isKnown ? NeighborState.Probe : NeighborState.Incomplete, RetransTime);
        solicit(link, neighbor.Address, neighbor.Asker, isKnown ? neighbor.MacAddress : null);
    }

    private void Fail(Neighbor neighbor)
    {
        Enter(neighbor, NeighborState.Failed, null);
        neighbor.FailedAt = Clock.Now;
        stack.Counters.NeighborFailures++;
        while (neighbor.Waiting.TryDequeue(out (byte[] Octets, Action? Freed) frame))
        {
            stack.NeighborFailed(link, frame.Octets);
            frame.Freed?.Invoke();
        }
    }

    private static void Wait(Neighbor neighbor, byte[] frame, Action? freed)
    {
        if (neighbor.Waiting.Count >= WaitingMax)
        {
            neighbor.Waiting.Dequeue().Freed?.Invoke();
        }

        neighbor.Waiting.Enqueue((frame, freed));
    }

    private void SendWaiting(Neighbor neighbor)
    {
        while (neighbor.Waiting.TryDequeue(out (byte[] Octets, Action? Freed) frame))
        {
            frame.Freed?.Invoke();
            Transmit(neighbor, frame.Octets);
        }
    }

    private void Transmit(Neighbor neighbor, byte[] frame)
    {
        neighbor.MacAddress.Write(frame);
        link.Transmit(frame);
    }

    // One that nobody needs makes room; the table has its limit for those who ask for every address there is.
    private void MakeRoom()
    {
        if (neighbors.Count < NeighborsMax)
        {
            return;
        }

        foreach (Neighbor neighbor in neighbors.Values)
        {
            if (neighbor.State is NeighborState.Failed or NeighborState.Stale)
            {
                neighbor.Alarm?.Cancel();
                neighbors.Remove(neighbor.Address);
                return;
            }
        }
    }
}
