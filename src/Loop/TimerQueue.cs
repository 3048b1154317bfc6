using System;
using System.Numerics;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>The armed timers of one clock, earliest first, equal ones in the order they were armed.</summary>
/// <remarks>
/// What makes timers cheap is what is not done: a timer that moves later leaves its entry where it is, and only when the entry
/// comes up is it put where it belongs. A timer that moves earlier or is disarmed leaves its old entry behind, outdated, which
/// is known without a look at the timer. The outdated are never many more than the others, or all are looked through for them.
/// Where entries lie is the affair of <see cref="TimerEntries"/>; here is what they mean.
/// </remarks>
internal sealed class TimerQueue
{
    // Below that many outdated entries it is not worth while to look for them.
    private const int OutdatedMin = 64;

    // A processor has some 10 to 16 cache misses under way at a time.
    private const int RowMax = 32;

    private readonly TimerSlots slots = new();
    private readonly TimerEntries entries;
    private TimerEntry[] row = [];
    private uint touched;
    private int looseCount;
    private uint armings;
    private long wakeAt;
    private long wakeDueAt;
    private bool isWakeKnown;

    // An expiry in rows, which is interrupted by callbacks: until when, what was armed before it, and what they armed.
    private bool isExpiring;
    private long expiringAt;
    private uint expiringOrder;
    private TimerEntry[] held = [];
    private int heldCount;

    /// <param name="armings">How many armings there were: a test begins shortly before the number wraps.</param>
    public TimerQueue(uint armings = 0)
    {
        this.armings = armings;
        entries = new TimerEntries(slots);
    }

    /// <summary>Armed timers.</summary>
    public int Count { get; private set; }

    /// <summary>Entries, those that no timer stands by any more included.</summary>
    public int EntryCount => entries.Count + heldCount;

    /// <summary>The timer with the earliest deadline, or null.</summary>
    public TimerSource? Earliest
    {
        get
        {
            EndExpiry();
            while (entries.TryGetTop(out TimerEntry top))
            {
                TimerSource timer = slots.TimerOf(top.Slot);
                if (timer.Arming.Order == top.Order)
                {
                    return timer;
                }

                entries.DropTop();
                Insert(ref timer.Arming);
            }

            return null;
        }
    }

    /// <summary>False if <see cref="BeginExpiry"/> and all that follows would find nothing: what most turns are answered.</summary>
    public bool MayHaveDue(long now) =>
        Count > 0 && (isExpiring || entries.BeginAt <= now);

    /// <summary>Puts a timer in that is not in.</summary>
    public void Add(TimerSource timer, long at)
    {
        ref TimerArming arming = ref timer.Arming;
        arming.Order = NextOrder();
        arming.DueAt = at;
        isWakeKnown &= Count > 0;
        Count++;
        if (isWakeKnown)
        {
            NoteWake(timer);
        }

        arming.Slot = slots.Take(timer);
        Insert(ref arming);
    }

    /// <summary>Moves a timer that is in.</summary>
    public void Move(TimerSource timer, long at)
    {
        uint order = NextOrder();
        ref TimerArming arming = ref timer.Arming;
        arming.Order = order;
        if (isWakeKnown)
        {
            MoveWake(timer, at);
        }

        arming.DueAt = at;
        if (at < arming.PlacedAt)
        {
            slots.Outdated++;
            Insert(ref arming);
            TidyIfWorthWhile();
        }
    }

    /// <summary>Takes a timer out. Its entry stays until it comes up.</summary>
    public void Remove(TimerSource timer)
    {
        if (timer.IsQueued)
        {
            slots.Outdated++;
            isWakeKnown &= timer.WindowEnd != wakeAt;
            Leave(ref timer.Arming);
            TidyIfWorthWhile();
        }
    }

    /// <summary>Takes out the timer that is due at a time, if it is certain at a glance that it is the only one.</summary>
    public TimerSource? TakeOnlyDue(long now)
    {
        if (isExpiring || !entries.IsTopAloneDue(now))
        {
            return null;
        }

        TimerEntry top = entries.Heap.Top;
        if (!slots.IsValid(top))
        {
            return null;
        }

        TimerSource timer = slots.TimerOf(top.Slot);
        ref TimerArming arming = ref timer.Arming;
        if (arming.Order != top.Order)
        {
            return null; // moved to somewhere behind
        }

        entries.DropTop();
        isWakeKnown = false;
        Leave(ref arming);
        return timer;
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

    /// <summary>From now on <see cref="ExpireRow"/> takes out what is due at this time and armed already; what is armed
    /// meanwhile and due is left for the next time.</summary>
    public void BeginExpiry(long now)
    {
        EndExpiry();
        expiringAt = now;
        expiringOrder = armings;
        isExpiring = true;
        GrowRow();
    }

    /// <summary>Takes out some timers that are due, the first ones, and has each join its band.</summary>
    /// <remarks>First entries alone, then the timers they stand for. Timers lie anywhere in memory, and their cache misses,
    /// which are most of what an expiry costs, then overlap instead of waiting for each other.</remarks>
    /// <returns>False: there are no more, or the expiry has ended.</returns>
    public bool ExpireRow()
    {
        while (isExpiring)
        {
            int taken = entries.TakeDue(expiringAt, row, RowMax);
            if (taken == 0)
            {
                EndExpiry();
                return false;
            }

            if (JoinBands(taken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What was held back joins the others.</summary>
    public void EndExpiry()
    {
        if (isExpiring)
        {
            isExpiring = false;
            for (int index = 0; index < heldCount; index++)
            {
                entries.Add(held[index]);
            }

            heldCount = 0;
            TidyIfWorthWhile();
        }
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
        EndExpiry();
        if (!isWakeKnown && Count > 0 && Earliest is { } earliest)
        {
            wakeAt = long.MaxValue;
            if (looseCount == 0)
            {
                NoteWake(earliest);
            }
            else
            {
                FindWake();
            }

            isWakeKnown = true;
        }

        at = wakeAt;
        dueAt = wakeDueAt;
        return Count > 0;
    }

    private void GrowRow()
    {
        int wanted = entries.HasLadder ? RowMax + TimerLadder.BucketMax : Math.Min(RowMax, Count);
        if (row.Length < wanted)
        {
            row = new TimerEntry[BitOperations.RoundUpToPowerOf2((uint)wanted)];
        }
    }

    /// <returns>True if a timer joined its band.</returns>
    private bool JoinBands(int taken)
    {
        TouchRow(taken);
        isWakeKnown = false;
        bool hasJoined = false;
        for (int index = 0; index < taken; index++)
        {
            TimerSource timer = slots.TimerOf(row[index].Slot);
            ref TimerArming arming = ref timer.Arming;
            if (arming.Order == row[index].Order)
            {
                Leave(ref arming);
                timer.BecomeDue();
                hasJoined = true;
                continue;
            }

            Insert(ref arming);
            if (arming.PlacedAt <= row[taken - 1].DueAt)
            {
                // It has moved to somewhere behind, but perhaps before the rest: sort them anew.
                PutBack(index + 1, taken);
                break;
            }
        }

        return hasJoined;
    }

    private void TouchRow(int taken)
    {
        for (int index = 0; index < taken; index++)
        {
            touched += slots.TimerOf(row[index].Slot).Touch();
        }

        for (int index = 0; index < taken; index++)
        {
            touched += slots.TimerOf(row[index].Slot).TouchHandler();
        }
    }

    private void PutBack(int first, int end)
    {
        for (int index = first; index < end; index++)
        {
            entries.Add(row[index]);
        }
    }

    private void Leave(ref TimerArming arming)
    {
        arming.Order = 0;
        Count--;
        slots.Release(arming.Slot);
    }

    /// <summary>What the ladder has up to the first end found may have a better one.</summary>
    private void FindWake()
    {
        FindWake(0);
        if (entries.Horizon >= wakeAt)
        {
            return;
        }

        while (entries.Horizon < wakeAt && entries.Load())
        {
        }

        FindWake(0);
    }

    /// <summary>Windows end not before they begin: below an entry that begins after the best end so far, none is better.
    /// So this looks at no more timers than will be due at that wake-up, and their children.</summary>
    private void FindWake(int index)
    {
        TimerHeap heap = entries.Heap;
        if (index >= heap.Count || heap[index].DueAt >= wakeAt)
        {
            return;
        }

        if (slots.IsValid(heap[index]))
        {
            NoteWake(slots.TimerOf(heap[index].Slot));
        }

        int end = Math.Min((index << 2) + 5, heap.Count);
        for (int child = (index << 2) + 1; child < end; child++)
        {
            FindWake(child);
        }
    }

    private void NoteWake(TimerSource timer)
    {
        long end = timer.WindowEnd;
        if (end < wakeAt || (end == wakeAt && timer.Arming.DueAt > wakeDueAt))
        {
            wakeAt = end;
            wakeDueAt = timer.Arming.DueAt;
        }
    }

    private void MoveWake(TimerSource timer, long at)
    {
        isWakeKnown = timer.WindowEnd != wakeAt;
        timer.Arming.DueAt = at;
        if (isWakeKnown)
        {
            NoteWake(timer);
        }
    }

    private uint NextOrder()
    {
        if (armings == uint.MaxValue)
        {
            Renumber();
        }

        return ++armings;
    }

    private TimerEntry Place(ref TimerArming arming)
    {
        arming.PlacedAt = arming.DueAt;
        slots.Place(arming.Slot, arming.Order);
        return new TimerEntry { DueAt = arming.DueAt, Order = arming.Order, Slot = arming.Slot };
    }

    private void Insert(ref TimerArming arming)
    {
        TimerEntry entry = Place(ref arming);
        if (isExpiring && entry.DueAt <= expiringAt && entry.Order > expiringOrder)
        {
            HoldBack(entry);
        }
        else
        {
            entries.Add(entry);
        }
    }

    private void HoldBack(in TimerEntry entry)
    {
        if (heldCount == held.Length)
        {
            Array.Resize(ref held, Math.Max(RowMax, heldCount * 2));
        }

        held[heldCount++] = entry;
    }

    // What is being expired is looked at anyway.
    private void TidyIfWorthWhile()
    {
        if (slots.Outdated > OutdatedMin && slots.Outdated > Count && !isExpiring)
        {
            entries.Tidy();
        }
    }

    /// <summary>Once in four thousand million armings the numbers begin again, in the order of the old ones.</summary>
    private void Renumber()
    {
        EndExpiry();
        Span<TimerEntry> all = entries.Gather();
        foreach (ref TimerEntry entry in all)
        {
            entry = Place(ref slots.TimerOf(entry.Slot).Arming);
        }

        all.Sort(default(TimerEntry.Ascending));
        armings = 0;
        foreach (ref TimerEntry entry in all)
        {
            ref TimerArming arming = ref slots.TimerOf(entry.Slot).Arming;
            arming.Order = ++armings;
            entry = Place(ref arming);
        }
    }
}
