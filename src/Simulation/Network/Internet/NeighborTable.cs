using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;
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
/// seconds, five seconds of patience before a stale one is asked directly. What netlink is told is what the running kernel
/// tells: each state that is entered but Incomplete and Delay, and another hardware address.</remarks>
internal sealed class NeighborTable
{
    private const int WaitingMax = 101; // unres_qlen
    private const uint Share = 30_000;
    private const int ProbesMax = 3; // mcast_solicit, ucast_solicit
    private const int NeighborsMax = 1024; // gc_thresh3
    private static readonly TimeSpan DelayTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RouterProbeInterval = TimeSpan.FromSeconds(60);

    private readonly Dictionary<IpAddress, Neighbor> neighbors = [];
    private readonly NeighborTables tables;
    private readonly SimulatedLink link;
    private readonly IpFamily family;
    private readonly uint drawn;

    public NeighborTable(NeighborTables tables, SimulatedLink link, IpFamily family)
    {
        this.tables = tables;
        this.link = link;
        this.family = family;
        drawn = tables.Stack.Draw(Share);
    }

    /// <summary>All that is known, in no order.</summary>
    public IReadOnlyCollection<Neighbor> All => neighbors.Values;

    // Half to one and a half of what routers say (RFC 4861, section 6.3.2).
    private TimeSpan ReachableTime
    {
        get
        {
            uint milliseconds = family == IpFamily.V6 ? link.ReachableMilliseconds : SimulatedLink.ReachableByDefault;
            return TimeSpan.FromMilliseconds((milliseconds / 2) + ((double)milliseconds * drawn / Share));
        }
    }

    private TimeSpan RetransTime =>
        TimeSpan.FromMilliseconds(family == IpFamily.V6 ? link.RetransMilliseconds : SimulatedLink.RetransByDefault);

    private VirtualClock Clock => tables.Stack.Machine.Monotonic;

    public Neighbor? Find(IpAddress address) => neighbors.GetValueOrDefault(address);

    /// <summary>Sends a frame to a neighbour, as soon as its hardware address is known; the frame has room for that at its front.</summary>
    /// <param name="address">The neighbour.</param>
    /// <param name="frame">The frame; ours from now on.</param>
    /// <param name="source">The source of what is in it, with which the neighbour is asked for.</param>
    /// <param name="freed">Called when the frame goes, or is dropped.</param>
    public void Send(IpAddress address, byte[] frame, IpAddress source, Action? freed = null)
    {
        Neighbor neighbor = Find(address) ?? Add(address);
        switch (neighbor.State)
        {
            case NeighborState.None or NeighborState.Failed:
                Ask(neighbor, source);
                Wait(neighbor, frame, freed);
                return;
            case NeighborState.Incomplete:
                Wait(neighbor, frame, freed);
                return;
            case NeighborState.Stale:
                neighbor.Asker = source;
                neighbor.UsedAt = Clock.Now;
                Enter(neighbor, NeighborState.Delay, DelayTime);
                break;
            default:
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
    /// <param name="isRouter">What it says of itself; null if nothing.</param>
    public Neighbor? Learn(IpAddress address, MacAddress hardware, bool isConfirmed, bool mayCreate, bool? isRouter = null)
    {
        if ((Find(address) ?? (mayCreate ? Add(address) : null)) is not { } neighbor)
        {
            return null;
        }

        bool isOther = !neighbor.IsValid || neighbor.MacAddress != hardware;
        bool isNews = isOther || (isRouter is { } said && said != neighbor.IsRouter);
        neighbor.IsRouter = isRouter ?? neighbor.IsRouter;
        bool isByHand = (neighbor.State & (NeighborState.Permanent | NeighborState.NoArp)) != 0;
        if (isByHand || (!isNews && !isConfirmed))
        {
            return neighbor;
        }

        neighbor.MacAddress = hardware;
        neighbor.UpdatedAt = Clock.Now;
        neighbor.ConfirmedAt = isConfirmed ? Clock.Now : neighbor.ConfirmedAt;
        if (isConfirmed)
        {
            Enter(neighbor, NeighborState.Reachable, ReachableTime, isNews);
        }
        else if (isOther)
        {
            Enter(neighbor, NeighborState.Stale, null, isNews);
        }
        else
        {
            tables.Tell(neighbor, MessageType.NewNeighbour);
        }

        SendWaiting(neighbor);
        return neighbor;
    }

    /// <summary>Another hardware address is claimed, by one who has no right to change it: is the neighbour there still?</summary>
    public void Doubt(Neighbor neighbor)
    {
        if (neighbor.State == NeighborState.Reachable)
        {
            Enter(neighbor, NeighborState.Stale, null);
        }
    }

    /// <summary>Something above has heard from it: it is there. That shows when its time is over.</summary>
    public void Confirm(IpAddress address)
    {
        if (neighbors.TryGetValue(address, out Neighbor? neighbor) && neighbor.IsValid)
        {
            neighbor.ConfirmedAt = Clock.Now;
        }
    }

    /// <summary>A router that has failed was passed over: once a minute it is asked whether it is back (RFC 4191, section 3.5).</summary>
    public void ProbeRouter(Neighbor neighbor)
    {
        if (Clock.Now - neighbor.ProbedAt >= RouterProbeInterval)
        {
            neighbor.ProbedAt = Clock.Now;
            tables.Solicit?.Invoke(link, neighbor.Address, IpAddress.AnyV6, null);
        }
    }

    /// <summary>Set by hand, whatever was known.</summary>
    public void Set(IpAddress address, MacAddress hardware, NeighborState state, bool isRouter)
    {
        Neighbor neighbor = Find(address) ?? Add(address);
        bool isNews = neighbor.MacAddress != hardware || neighbor.State != state || neighbor.IsRouter != isRouter;
        neighbor.MacAddress = hardware;
        neighbor.IsRouter = isRouter;
        neighbor.UpdatedAt = neighbor.ConfirmedAt = Clock.Now;
        Enter(neighbor, state, state switch
        {
            NeighborState.Reachable => ReachableTime,
            NeighborState.Delay => DelayTime,
            NeighborState.Probe or NeighborState.Incomplete => RetransTime,
            _ => null,
        }, isNews);
        if (neighbor.IsValid)
        {
            SendWaiting(neighbor);
        }
        else if (state == NeighborState.Failed)
        {
            DropWaiting(neighbor);
        }
    }

    /// <summary>Taken out by hand: it has failed first, as netlink is told.</summary>
    public void Remove(Neighbor neighbor)
    {
        if (neighbor.State != NeighborState.Failed)
        {
            Enter(neighbor, NeighborState.Failed, null);
        }

        Forget(neighbor);
    }

    /// <summary>Forgets all; what waits is lost. True if nobody is left.</summary>
    public bool Clear(bool butPermanent = false)
    {
        foreach (Neighbor neighbor in (List<Neighbor>)[.. neighbors.Values])
        {
            if (!butPermanent || neighbor.State != NeighborState.Permanent)
            {
                Forget(neighbor);
            }
        }

        return neighbors.Count == 0;
    }

    private Neighbor Add(IpAddress address)
    {
        MakeRoom();
        Neighbor neighbor = new(link, address);
        neighbors.Add(address, neighbor);
        return neighbor;
    }

    private void Forget(Neighbor neighbor)
    {
        neighbor.Alarm?.Cancel();
        DropWaiting(neighbor);
        neighbors.Remove(neighbor.Address);
        tables.Tell(neighbor, MessageType.DeleteNeighbour);
    }

    private void Ask(Neighbor neighbor, IpAddress source)
    {
        neighbor.Asker = source;
        neighbor.UsedAt = Clock.Now;
        neighbor.Probes = 1;
        Enter(neighbor, NeighborState.Incomplete, RetransTime);
        tables.Solicit?.Invoke(link, neighbor.Address, source, null);
    }

    private void Enter(Neighbor neighbor, NeighborState next, TimeSpan? after, bool isNews = false)
    {
        bool isTold = isNews || (next != neighbor.State && next is not (NeighborState.Incomplete or NeighborState.Delay));
        neighbor.State = next;
        Arm(neighbor, after is { } span ? Clock.Now + span : null);
        if (isTold)
        {
            tables.Tell(neighbor, MessageType.NewNeighbour);
        }
    }

    private void Arm(Neighbor neighbor, Instant? at)
    {
        neighbor.Alarm?.Cancel();
        neighbor.Alarm = at is { } instant ? Clock.Set(instant, () => TimePassed(neighbor)) : null;
    }

    private void TimePassed(Neighbor neighbor)
    {
        neighbor.Alarm = null;
        switch (neighbor.State)
        {
            case NeighborState.Reachable when Clock.Now - neighbor.ConfirmedAt < ReachableTime:
                Arm(neighbor, neighbor.ConfirmedAt + ReachableTime);
                return;
            case NeighborState.Reachable when Clock.Now - neighbor.UsedAt <= DelayTime:
                Enter(neighbor, NeighborState.Delay, DelayTime);
                return;
            case NeighborState.Reachable:
                Enter(neighbor, NeighborState.Stale, null);
                return;
            case NeighborState.Delay when Clock.Now - neighbor.ConfirmedAt <= DelayTime:
                Enter(neighbor, NeighborState.Reachable, ReachableTime);
                return;
            case NeighborState.Delay:
                neighbor.Probes = 0;
                break;
            default:
                break;
        }

        AskAgain(neighbor);
    }

    private void AskAgain(Neighbor neighbor)
    {
        if (neighbor.Probes >= ProbesMax)
        {
            Fail(neighbor);
            return;
        }

        neighbor.Probes++;
        bool isKnown = neighbor.IsValid;
        Enter(neighbor, isKnown ? NeighborState.Probe : NeighborState.Incomplete, RetransTime);
        tables.Solicit?.Invoke(link, neighbor.Address, neighbor.Asker, isKnown ? neighbor.MacAddress : null);
    }

    private void Fail(Neighbor neighbor)
    {
        neighbor.ProbedAt = Clock.Now;
        Enter(neighbor, NeighborState.Failed, null);
        neighbor.FailedAt = Clock.Now;
        tables.NeighborFailed?.Invoke();
        while (neighbor.Waiting.TryDequeue(out (byte[] Octets, Action? Freed) frame))
        {
            tables.FrameLost?.Invoke(link, frame.Octets);
            frame.Freed?.Invoke();
        }
    }

    private static void DropWaiting(Neighbor neighbor)
    {
        while (neighbor.Waiting.TryDequeue(out (byte[] Octets, Action? Freed) lost))
        {
            lost.Freed?.Invoke();
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
                Forget(neighbor);
                return;
            }
        }
    }
}
