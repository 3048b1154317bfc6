using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>Called before an event is copied out to the one who waits; false is a fault.</summary>
internal delegate bool CopyOut(in EpollEvent taken);

/// <summary>An epoll: registrations, and those of them that may be ready.</summary>
/// <remarks>
/// <para>The ready list holds candidates: whether a registration is ready is asked of its file when it is delivered, never
/// before. A wake of the file makes a candidate (<see cref="EventPollCallback"/>), so does adding or changing a
/// registration whose file is ready at that moment. Nothing else does: that is what edge-triggered means.</para>
/// <para>A scan takes the list as a batch. What the batch's files do meanwhile goes to the overflow list. In the end the
/// list is: what the scan did not get to, what came meanwhile in its order, and the level-triggered ones that were
/// delivered, in the order of delivery.</para>
/// </remarks>
/// <param name="machine">Where it is.</param>
/// <param name="user">Whose quota of watches it uses: that of the one who made it.</param>
internal sealed class EventPoll(SimulatedMachine machine, uint user) : OpenFile(machine)
{
    private readonly Dictionary<(OpenFile File, int Fd), EventPollItem> items = [];
    private ReadyList ready;
    private EventPollItem? overflow;
    private bool isScanning;

    /// <summary>Threads blocked in epoll_wait.</summary>
    public WaitQueue Sleepers { get; } = new();

    /// <summary>Those who watch this epoll as a file: outer epolls, poll and select.</summary>
    public WaitQueue PollQueue { get; } = new();

    public BusyPollParameters BusyPoll { get; set; }

    public IReadOnlyCollection<EventPollItem> Items => items.Values;

    /// <summary>True if a scan may find something.</summary>
    public bool HasCandidates => !ready.IsEmpty || isScanning;

    public bool TryFind(OpenFile file, int fd, out EventPollItem item)
    {
        if (Machine.Mutation is Mutation.NumberIsNotPartOfKey or Mutation.FileIsNotPartOfKey)
        {
            return TryFindByHalfKey(file, fd, out item);
        }

        return items.TryGetValue((file, fd), out item!);
    }

    /// <summary>Adds a registration; the caller has checked everything but quota and paths.</summary>
    /// <param name="file">What is watched.</param>
    /// <param name="fd">Under which number.</param>
    /// <param name="events">What is wanted.</param>
    /// <param name="data">What is reported with it.</param>
    /// <param name="leaves">The files whose paths to the outermost epolls must be counted; null for none.</param>
    public Result Add(OpenFile file, int fd, PollMask events, ulong data, List<OpenFile>? leaves)
    {
        if (!Machine.Watches.TryCharge(user))
        {
            return Result.Fail(Errno.ENOSPC);
        }

        bool asksUnasked = !Machine.Breaks(Mutation.AddDoesNotAskForErrors);
        EventPollItem item = new(this, file, fd) { Events = asksUnasked ? events | PollMask.Unasked : events, Data = data };
        Link(item);
        if (leaves is not null && !EventPollNesting.PathsFit(leaves, Machine))
        {
            Unlink(item);
            return Result.Fail(Errno.EINVAL);
        }

        bool isReady = item.Poll(item) != PollMask.None;
        if (isReady && !Machine.Breaks(Mutation.AddDoesNotQueue))
        {
            QueueNow(item, atHead: Machine.Breaks(Mutation.AddQueuesAtHead));
        }

        return Result.Ok();
    }

    /// <summary>Changes a registration. It is armed again, edge-triggered and one-shot too, but keeps its place.</summary>
    public void Modify(EventPollItem item, PollMask events, ulong data)
    {
        bool asksUnasked = !Machine.Breaks(Mutation.ModifyDoesNotAskForErrors);
        item.Events = asksUnasked ? events | PollMask.Unasked : events;
        item.Data = Machine.Breaks(Mutation.ModifyKeepsOldData) ? item.Data : data;
        bool isReady = item.Poll() != PollMask.None;
        if (item.IsReadyLinked && (isReady ? Machine.Breaks(Mutation.ModifyMovesToTail) : Machine.Breaks(Mutation.ModifyUnlinks)))
        {
            ready.Remove(item);
        }

        if (isReady && !item.IsReadyLinked && !Machine.Breaks(Mutation.ModifyDoesNotQueue))
        {
            QueueNow(item, atHead: false);
        }
    }

    /// <summary>Removes a registration, and with it an edge that was not delivered yet.</summary>
    public void Remove(EventPollItem item)
    {
        item.Unregister();
        Unlink(item);
    }

    /// <summary>Makes a registration whose file was woken a candidate.</summary>
    public void Queue(EventPollItem item)
    {
        if (isScanning && !Machine.Breaks(Mutation.ArrivalIsNotDeferred))
        {
            if (!item.IsOverflowLinked && !Machine.Breaks(Mutation.ArrivalIsLost))
            {
                item.IsOverflowLinked = true;
                item.NextOverflow = overflow;
                overflow = item;
            }

            return;
        }

        if (item.IsReadyLinked && Machine.Breaks(Mutation.WakeMovesToTail))
        {
            ready.Remove(item);
        }

        if (item.IsReadyLinked)
        {
            return;
        }

        if (Machine.Breaks(Mutation.WakeQueuesAtHead))
        {
            ready.AddFirst(item);
        }
        else
        {
            ready.AddLast(item);
        }
    }

    /// <summary>Wakes one thread that sleeps in epoll_wait here.</summary>
    /// <returns>Whether an exclusive wake ends here.</returns>
    public bool WakeSleeper(bool isExclusive, PollMask key, PollMask events)
    {
        if (Sleepers.IsEmpty)
        {
            return Machine.Breaks(Mutation.ExclusiveEndsWithoutSleeper)
                || (!PollQueue.IsEmpty && Machine.Breaks(Mutation.WatcherAbsorbsExclusive));
        }

        WakeSleeperUnless(Mutation.CallbackDoesNotWakeSleeper);
        if (!isExclusive || Machine.Breaks(Mutation.ExclusiveNeverEnds))
        {
            return !isExclusive;
        }

        return (key & (PollMask.In | PollMask.Out)) switch
        {
            PollMask.In => (events & PollMask.In) != PollMask.None,
            PollMask.Out => (events & PollMask.Out) != PollMask.None,
            PollMask.None => !Machine.Breaks(Mutation.WakeWithoutKeyIsNotAbsorbed),
            _ => false,
        };
    }

    /// <summary>Takes up to as many events as there is room for. Registrations that turn out not to be ready are dropped.</summary>
    /// <param name="destination">Where the events go.</param>
    /// <param name="copyOut">Asked before each copy; null if no copy can fail.</param>
    /// <returns>How many; EFAULT if the first copy failed. An event whose copy failed stays first in line.</returns>
    public Result Deliver(Span<EpollEvent> destination, CopyOut? copyOut = null)
    {
        ReadyList batch = BeginScan();
        int count = 0;
        bool isFault = false;
        while (batch.First is { } item && count < destination.Length && !isFault)
        {
            batch.Remove(item);
            PollMask found = Machine.Breaks(Mutation.MaskIsNotFiltered) ? item.File.Poll(null) : item.Poll();
            if (found == PollMask.None && !Machine.Breaks(Mutation.StaleIsDelivered))
            {
                DropStale(item);
                continue;
            }

            EpollEvent taken = new((uint)found, item.Data);
            isFault = copyOut is not null && !copyOut(in taken);
            if (isFault)
            {
                KeepFaulted(item, ref batch);
            }
            else
            {
                destination[count++] = taken;
                AfterDelivery(item);
            }
        }

        EndScan(batch);
        if (!ready.IsEmpty && Machine.Breaks(Mutation.ScanWakesOuter))
        {
            PollQueue.Wake(PollMask.In);
        }

        return count == 0 && isFault ? Result.Fail(Errno.EFAULT) : Result.Ok(count);
    }

    /// <summary>Ready if one registration really is. Candidates that are not are dropped on the way; edges and one-shots stay.</summary>
    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(PollQueue);
        if (Machine.Breaks(Mutation.NestedIsNotAsked))
        {
            return ready.IsEmpty ? PollMask.None : PollMask.ReadyEpoll;
        }

        ReadyList batch = BeginScan();
        PollMask mask = PollMask.None;
        ReadyList skipped = default;
        while (batch.First is { } item)
        {
            if (item.Poll() != PollMask.None)
            {
                mask = Machine.Breaks(Mutation.EpollIsNotReadNormal) ? PollMask.In : PollMask.ReadyEpoll;
                if (Machine.Breaks(Mutation.NestedPollConsumes) && item.Has(PollMask.EdgeTriggered))
                {
                    batch.Remove(item);
                }

                break;
            }

            batch.Remove(item);
            if (Machine.Breaks(Mutation.NestedPollDoesNotPrune))
            {
                skipped.AddLast(item);
            }
        }

        batch.AddFront(skipped);
        EndScan(batch);
        return mask;
    }

    public override Result Read(Span<byte> destination) =>
        Machine.Breaks(Mutation.EpollReadsNothing) ? Result.Ok(0) : base.Read(destination);

    protected override void Release()
    {
        foreach (EventPollItem item in items.Values)
        {
            item.Unregister();
            UnlinkWatcher(item);
            Machine.Watches.Free(user);
        }

        items.Clear();
        ready = default;
    }

    private void AfterDelivery(EventPollItem item)
    {
        if (item.IsReadyLinked && Machine.Breaks(Mutation.ArrivalIsNotDeferred))
        {
            ready.Remove(item);
        }

        if (item.Has(PollMask.OneShot) && !Machine.Breaks(Mutation.OneShotStaysArmed))
        {
            PollMask left = Machine.Breaks(Mutation.OneShotKeepsErrors) ? PollMask.Private | PollMask.Unasked : PollMask.Private;
            item.Events &= left;
        }
        else if (!item.Has(PollMask.EdgeTriggered) || Machine.Breaks(Mutation.EdgeIsQueuedAgain))
        {
            if (Machine.Breaks(Mutation.LevelIsQueuedAtHead))
            {
                ready.AddFirst(item);
            }
            else if (!Machine.Breaks(Mutation.LevelIsNotQueuedAgain))
            {
                ready.AddLast(item);
            }
        }
    }

    private void DropStale(EventPollItem item)
    {
        if (Machine.Breaks(Mutation.StaleStaysQueued))
        {
            ready.AddLast(item);
        }
        else if (Machine.Breaks(Mutation.StaleDisarms) && item.Has(PollMask.OneShot))
        {
            item.Events &= PollMask.Private;
        }
    }

    private void KeepFaulted(EventPollItem item, ref ReadyList batch)
    {
        if (Machine.Breaks(Mutation.FaultMovesToTail))
        {
            ready.AddLast(item);
        }
        else if (!Machine.Breaks(Mutation.FaultLosesEvent))
        {
            batch.AddFirst(item);
        }
    }

    private void QueueNow(EventPollItem item, bool atHead)
    {
        if (atHead)
        {
            ready.AddFirst(item);
        }
        else
        {
            ready.AddLast(item);
        }

        WakeSleeperUnless(Mutation.ControlDoesNotWakeSleeper);
        if (!Machine.Breaks(Mutation.ControlDoesNotWakeOuter))
        {
            PollQueue.Wake(PollMask.In);
        }
    }

    private ReadyList BeginScan()
    {
        ReadyList batch = ready;
        ready = default;
        isScanning = true;
        return batch;
    }

    private void EndScan(ReadyList unscanned)
    {
        TakeArrivals(ref unscanned);
        isScanning = false;
        if (Machine.Breaks(Mutation.UnscannedGoesToTail))
        {
            unscanned.AddFront(ready);
            ready = unscanned;
        }
        else
        {
            ready.AddFront(unscanned);
        }

        if (!ready.IsEmpty)
        {
            WakeSleeperUnless(Mutation.ScanDoesNotPassOn);
        }
    }

    private void WakeSleeperUnless(Mutation mistake)
    {
        if (!Machine.Breaks(mistake))
        {
            Sleepers.Wake(PollMask.None);
        }
    }

    // The latest comes first in the overflow list: each put before the others, they end in their order.
    private void TakeArrivals(ref ReadyList unscanned)
    {
        ReadyList latestFirst = default;
        for (EventPollItem? item = overflow; item is not null;)
        {
            EventPollItem? next = item.NextOverflow;
            item.NextOverflow = null;
            item.IsOverflowLinked = false;
            if (!item.IsReadyLinked)
            {
                TakeArrival(item, ref unscanned, ref latestFirst);
            }

            item = next;
        }

        overflow = null;
        ready.AddFront(latestFirst);
    }

    private void TakeArrival(EventPollItem item, ref ReadyList unscanned, ref ReadyList latestFirst)
    {
        switch (Machine.Mutation)
        {
            case Mutation.ArrivalsAreReversed:
                latestFirst.AddLast(item);
                break;
            case Mutation.ArrivalsGoToTail:
                ready.AddLast(item);
                break;
            case Mutation.ArrivalsGoBeforeUnscanned:
                unscanned.AddFirst(item);
                break;
            default:
                ready.AddFirst(item);
                break;
        }
    }

    private bool TryFindByHalfKey(OpenFile file, int fd, out EventPollItem item)
    {
        bool byFile = Machine.Breaks(Mutation.NumberIsNotPartOfKey);
        foreach (EventPollItem known in items.Values)
        {
            if (byFile ? known.File == file : known.Fd == fd)
            {
                item = known;
                return true;
            }
        }

        item = null!;
        return false;
    }

    private void Link(EventPollItem item)
    {
        items[(item.File, item.Fd)] = item;
        item.NextWatcher = item.File.FirstWatcher;
        if (item.NextWatcher is not null)
        {
            item.NextWatcher.PreviousWatcher = item;
        }

        item.File.FirstWatcher = item;
    }

    private void Unlink(EventPollItem item)
    {
        if (item.IsReadyLinked && !Machine.Breaks(Mutation.DeletedStaysCandidate))
        {
            ready.Remove(item);
        }

        items.Remove((item.File, item.Fd));
        UnlinkWatcher(item);
        Machine.Watches.Free(user);
    }

    private static void UnlinkWatcher(EventPollItem item)
    {
        if (item.PreviousWatcher is null)
        {
            item.File.FirstWatcher = item.NextWatcher;
        }
        else
        {
            item.PreviousWatcher.NextWatcher = item.NextWatcher;
        }

        if (item.NextWatcher is not null)
        {
            item.NextWatcher.PreviousWatcher = item.PreviousWatcher;
        }

        item.NextWatcher = item.PreviousWatcher = null;
    }
}
