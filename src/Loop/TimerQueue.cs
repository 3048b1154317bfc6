using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>The armed timers of one clock, earliest first, equal ones in the order they were armed.</summary>
/// <remarks>
/// A heap, and where there are many timers a wheel in front of it: the heap then has those before the wheel's horizon, and
/// what was near enough to stay in the processor's cache. What makes timers cheap is what is not done: a timer that moves
/// later leaves its entry where it is, and only when the entry comes up is it put where it belongs. A timer that moves
/// earlier or is disarmed leaves its old entry behind, outdated. The outdated are never many more than the others, or all
/// are looked through for them.
/// </remarks>
internal sealed class TimerQueue
{
    // Below that many outdated entries it is not worth while to look for them.
    private const int OutdatedMin = 64;

    // A heap of so many stays in the first cache.
    private const int SpillMin = 512;

    // A processor has some 10 to 16 cache misses under way at a time.
    private const int RowMax = 32;

    private readonly TimerHeap heap = new();
    private readonly TimerSlots slots = new();
    private readonly TimerEntry[] row = new TimerEntry[RowMax];
    private readonly TimerSource?[] rowTimers = new TimerSource?[RowMax];
    private TimerWheel? wheel;
    private TimerEntry[] held = [];
    private int heldCount;
    private long horizon = long.MaxValue;
    private long expiringAt;
    private uint expiringOrder;
    private bool isExpiring;
    private int spillAt = SpillMin;
    private uint touched;
    private int outdated;
    private int looseCount;
    private uint armings;
    private long wakeAt;
    private long wakeDueAt;
    private bool isWakeKnown;

    /// <param name="armings">How many armings there were: a test begins shortly before the number wraps.</param>
    public TimerQueue(uint armings = 0) => this.armings = armings;

    /// <summary>Armed timers.</summary>
    public int Count { get; private set; }

    /// <summary>Entries, those that no timer stands by any more included.</summary>
    public int EntryCount => heap.Count + heldCount + (wheel?.Count ?? 0);

    /// <summary>The timer with the earliest deadline, or null.</summary>
    public TimerSource? Earliest
    {
        get
        {
            EndExpiry();
            while (HasTop())
            {
                TimerEntry top = heap.Top;
                if (!slots.IsValid(top))
                {
                    outdated--;
                    heap.DropTop();
                    continue;
                }

                TimerSource timer = slots.TimerOf(top.Slot)!;
                if (timer.ArmedOrder == top.Order)
                {
                    return timer;
                }

                heap.DropTop();
                Insert(timer);
            }

            return null;
        }
    }

    /// <summary>Puts a timer in, or moves it if it is in.</summary>
    public void Set(TimerSource timer, Instant at)
    {
        if (armings == uint.MaxValue)
        {
            Renumber();
        }

        bool wasIn = timer.IsQueued;
        ForgetWake(timer, wasIn);
        timer.ArmedOrder = ++armings;
        timer.DueAt = at;
        NoteWake(timer);
        if (!wasIn)
        {
            Count++;
            timer.QueueSlot = slots.Take(timer);
        }
        else if (at.Nanoseconds >= timer.PlacedAt)
        {
            return;
        }
        else
        {
            outdated++;
        }

        Insert(timer);
        TidyIfWorthWhile();
    }

    /// <summary>Takes a timer out. Its entry stays until it comes up.</summary>
    public void Remove(TimerSource timer)
    {
        if (!timer.IsQueued)
        {
            return;
        }

        outdated++;
        Leave(timer);
        TidyIfWorthWhile();
    }

    /// <summary>Takes out all timers that are due, in their order, and has each join its band.</summary>
    public void Expire(long now)
    {
        BeginExpiry(now);
        while (ExpireRow())
        {
        }

        EndExpiry();
    }

    /// <summary>From now on <see cref="ExpireRow()"/> takes out what is due at this time and armed already; what is armed
    /// meanwhile and due is left for the next time.</summary>
    public void BeginExpiry(long now)
    {
        EndExpiry();
        expiringAt = now;
        expiringOrder = armings;
        isExpiring = true;
    }

    /// <summary>Takes out some timers that are due, the first ones, and has each join its band.</summary>
    /// <remarks>First entries alone, then the timers they stand for. Timers lie anywhere in memory, and their cache misses,
    /// which are most of what an expiry costs, then overlap instead of waiting for each other.</remarks>
    /// <returns>False: there are no more, or the expiry has ended.</returns>
    public bool ExpireRow()
    {
        while (isExpiring)
        {
            int taken = TakeRow();
            if (taken == 0 || ExpireRow(taken))
            {
                return taken > 0;
            }
        }

        return false;
    }
    /// <summary>What was held back joins the others.</summary>
    public void EndExpiry()
    {
        if (!isExpiring)
        {
            return;
        }

        isExpiring = false;
        int count = heldCount;
        heldCount = 0;
        for (int index = 0; index < count; index++)
        {
            Insert(held[index]);
        }

        TidyIfWorthWhile();
    }

    /// <summary>The accuracy window of a timer changes from one span to another; 0: it has none.</summary>
    public void ChangeWindow(long before, long after)
    {
        looseCount += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
        isWakeKnown = false;
    }

    /// <summary>When to wake at the latest: where the first accuracy window ends. False without timers.</summary>
    /// <param name="at">The end of the window.</param>
    /// <param name="dueAt">Its beginning: the deadline.</param>
    public bool TryGetWake(out long at, out long dueAt)
    {
        TimerSource? earliest = Earliest;
        if (earliest is not null && !isWakeKnown)
        {
            wakeAt = long.MaxValue;
            if (looseCount == 0)
            {
                NoteWakeAnyway(earliest);
            }
            else
            {
                FindWake();
            }

            isWakeKnown = true;
        }

        at = wakeAt;
        dueAt = wakeDueAt;
        return earliest is not null;
    }

    private bool HasTop()
    {
        while (heap.Count == 0)
        {
            if (!TryLoad())
            {
                return false;
            }
        }

        return true;
    }

    private bool IsTopDue()
    {
        while (heap.Count == 0)
        {
            if (horizon > expiringAt || !TryLoad())
            {
                return false;
            }
        }

        return heap.Top.DueAt <= expiringAt;
    }

    private int TakeRow()
    {
        int taken = 0;
        while (taken < RowMax && IsTopDue())
        {
            TimerEntry top = heap.Top;
            heap.DropTop();
            if (slots.IsValid(top))
            {
                rowTimers[taken] = slots.TimerOf(top.Slot);
                row[taken++] = top;
            }
            else
            {
                outdated--;
            }
        }

        return taken;
    }

    private void TouchRow(int taken)
    {
        foreach (TimerSource? timer in rowTimers.AsSpan(0, taken))
        {
            touched += timer!.Touch();
        }
    }

    /// <returns>True if a timer joined its band.</returns>
    private bool ExpireRow(int taken)
    {
        TouchRow(taken);
        bool hasJoined = false;
        for (int index = 0; index < taken; index++)
        {
            TimerSource timer = rowTimers[index]!;
            if (timer.ArmedOrder == row[index].Order)
            {
                Leave(timer);
                timer.BecomeDue();
                hasJoined = true;
                continue;
            }

            Insert(timer);
            if (timer.PlacedAt <= row[taken - 1].DueAt)
            {
                // It has moved to somewhere behind, but perhaps before the rest: sort them anew.
                PutBack(index + 1, taken);
                break;
            }
        }

        Array.Clear(rowTimers, 0, taken);
        return hasJoined;
    }

    private void PutBack(int first, int end)
    {
        for (int index = first; index < end; index++)
        {
            Insert(row[index]);
        }
    }

    private void Leave(TimerSource timer)
    {
        ForgetWake(timer, wasIn: true);
        timer.ArmedOrder = 0;
        Count--;
        slots.Release(timer.QueueSlot);
        timer.QueueSlot = -1;
    }

    /// <summary>What the wheel has up to the first end found may have a better one.</summary>
    private void FindWake()
    {
        FindWake(0);
        if (wheel is null || wakeAt <= horizon)
        {
            return;
        }

        while (horizon < wakeAt && TryLoad())
        {
        }

        FindWake(0);
    }

    /// <summary>Windows end not before they begin: below an entry that begins after the best end so far, none is better.
    /// So this looks at no more timers than will be due at that wake-up, and their children.</summary>
    private void FindWake(int index)
    {
        TimerEntry entry = heap[index];
        if (entry.DueAt >= wakeAt)
        {
            return;
        }

        if (slots.IsValid(entry))
        {
            NoteWakeAnyway(slots.TimerOf(entry.Slot)!);
        }

        int end = Math.Min((index << 2) + 5, heap.Count);
        for (int child = (index << 2) + 1; child < end; child++)
        {
            FindWake(child);
        }
    }

    private void NoteWake(TimerSource timer)
    {
        if (isWakeKnown)
        {
            NoteWakeAnyway(timer);
        }
    }

    private void NoteWakeAnyway(TimerSource timer)
    {
        long end = timer.WindowEnd;
        if (end < wakeAt || (end == wakeAt && timer.DueAt.Nanoseconds > wakeDueAt))
        {
            wakeAt = end;
            wakeDueAt = timer.DueAt.Nanoseconds;
        }
    }

    private void ForgetWake(TimerSource timer, bool wasIn) =>
        isWakeKnown &= Count > 0 && !(wasIn && timer.WindowEnd == wakeAt);

    private TimerEntry Place(TimerSource timer)
    {
        timer.PlacedAt = timer.DueAt.Nanoseconds;
        slots.OrderOf(timer.QueueSlot) = timer.ArmedOrder;
        return new TimerEntry { DueAt = timer.PlacedAt, Order = timer.ArmedOrder, Slot = timer.QueueSlot };
    }

    private void Insert(TimerSource timer)
    {
        TimerEntry entry = Place(timer);
        if (isExpiring && entry.DueAt <= expiringAt && entry.Order > expiringOrder)
        {
            HoldBack(entry);
        }
        else
        {
            Insert(entry);
        }
    }

    private void HoldBack(in TimerEntry entry)
    {
        if (heldCount == held.Length)
        {
            Array.Resize(ref held, Math.Max(16, heldCount * 2));
        }

        held[heldCount++] = entry;
    }

    private void Insert(in TimerEntry entry)
    {
        if (entry.DueAt >= horizon)
        {
            wheel!.Add(entry);
            return;
        }

        heap.Add(entry);
        if (heap.Count > spillAt)
        {
            SpillIfWorthWhile();
        }
    }

    /// <summary>The heap is large. All but its nearest entries go to the wheel, if that has not many more: those then have to
    /// be put in anew.</summary>
    private void SpillIfWorthWhile()
    {
        long nearest = TimerWheel.EndOfFirst(heap.Top.DueAt);
        if (nearest < horizon && heap.Count >= (wheel?.Count ?? 0) >> 2)
        {
            wheel ??= new TimerWheel();
            outdated -= wheel.TakeAll(heap, slots);
            horizon = nearest;
            wheel.Start(horizon);
            int kept = 0;
            Span<TimerEntry> all = heap.All;
            foreach (TimerEntry entry in all)
            {
                if (entry.DueAt >= horizon)
                {
                    wheel.Add(entry);
                }
                else
                {
                    all[kept++] = entry;
                }
            }

            heap.Reorder(kept);
        }

        spillAt = Math.Max(SpillMin, heap.Count * 2);
    }

    /// <summary>The nearest entries of the wheel join the heap.</summary>
    /// <returns>False: the wheel is empty. True does not mean that one came.</returns>
    private bool TryLoad()
    {
        if (wheel is null || wheel.Count == 0)
        {
            horizon = long.MaxValue;
            return false;
        }

        outdated -= wheel.TakeNearest(heap, slots);
        horizon = wheel.Horizon;
        spillAt = Math.Max(SpillMin, heap.Count * 2);
        return true;
    }

    private void TidyIfWorthWhile()
    {
        if (outdated > OutdatedMin && outdated > Count && !isExpiring)
        {
            Tidy();
        }
    }

    private void Tidy()
    {
        wheel?.Tidy(slots);
        int kept = 0;
        Span<TimerEntry> all = heap.All;
        foreach (TimerEntry entry in all)
        {
            if (slots.IsValid(entry))
            {
                all[kept++] = entry;
            }
        }

        heap.Reorder(kept);
        outdated = 0;
    }

    /// <summary>Once in four thousand million armings the numbers begin again, in the order of the old ones.</summary>
    private void Renumber()
    {
        EndExpiry();
        wheel?.TakeAll(heap, slots);
        horizon = long.MaxValue;
        Tidy();
        Span<TimerEntry> all = heap.All;
        foreach (ref TimerEntry entry in all)
        {
            entry = Place(slots.TimerOf(entry.Slot)!);
        }

        all.Sort(default(TimerEntry.Ascending));
        armings = 0;
        foreach (ref TimerEntry entry in all)
        {
            TimerSource timer = slots.TimerOf(entry.Slot)!;
            timer.ArmedOrder = ++armings;
            entry = Place(timer);
        }
    }
}
