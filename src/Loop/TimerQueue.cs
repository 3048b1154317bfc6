using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>The armed timers of one clock, earliest first, equal ones in the order they were armed.</summary>
/// <remarks>
/// A heap with four children a node whose entries are 16 octets: the four of a node share one or two cache lines, and a
/// move touches neither timers nor the collector's card table. What makes timers cheap is what is not done: a timer
/// that moves later, or is disarmed, leaves its entry where it is, and only when the entry comes to the top is it put
/// where it belongs, or dropped. A timer that moves earlier leaves its old entry behind, outdated. The outdated are never
/// many more than the others, or the heap is built anew without them.
/// </remarks>
internal sealed class TimerQueue
{
    // Below that many outdated entries it is not worth while to look for them.
    private const int OutdatedMin = 64;

    // A processor has some 10 to 16 cache misses under way at a time.
    private const int RowMax = 32;

    private Entry[] heap = new Entry[16];
    private TimerSource?[] slots = new TimerSource?[16];
    private int[] freeSlots = new int[16];
    private readonly Entry[] row = new Entry[RowMax];
    private readonly TimerSource?[] rowTimers = new TimerSource?[RowMax];
    private uint touched;
    private int heapCount;
    private int slotCount;
    private int freeCount;
    private int outdated;
    private int looseCount;
    private uint armings;
    private long wakeAt;
    private long wakeDueAt;
    private bool isWakeKnown;

    /// <param name="armings">How many armings there were: a test begins shortly before the number wraps.</param>
    public TimerQueue(uint armings = 0) => this.armings = armings;

    // Order says which arming the entry is of. Slot: where to find the timer, if it still stands by this entry.
    private struct Entry
    {
        public long DueAt;
        public uint Order;
        public int Slot;
    }

    /// <summary>Armed timers.</summary>
    public int Count { get; private set; }

    /// <summary>Entries, those that no timer stands by any more included.</summary>
    public int EntryCount => heapCount;

    /// <summary>The timer with the earliest deadline, or null.</summary>
    public TimerSource? Earliest
    {
        get
        {
            while (heapCount > 0)
            {
                TimerSource? timer = slots[heap[0].Slot];
                if (timer is not null && timer.ArmedOrder == heap[0].Order)
                {
                    return timer;
                }

                Refresh(timer);
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
        Count += wasIn ? 0 : 1;
        if (timer.QueueSlot >= 0)
        {
            if (at.Nanoseconds >= timer.PlacedAt)
            {
                outdated -= wasIn ? 0 : 1;
                return;
            }

            outdated += wasIn ? 1 : 0;
        }
        else
        {
            TakeSlot(timer);
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

        ForgetWake(timer, wasIn: true);
        timer.ArmedOrder = 0;
        Count--;
        outdated++;
        TidyIfWorthWhile();
    }

    /// <summary>Takes a timer out and lets go of it.</summary>
    public void Forget(TimerSource timer)
    {
        Remove(timer);
        if (timer.QueueSlot >= 0)
        {
            ReleaseSlot(timer);
        }
    }

    /// <summary>Takes out all timers that are due, in their order, and has each join its band.</summary>
    /// <remarks>In rows: first entries alone, then the timers they stand for. Timers lie anywhere in memory, and their cache
    /// misses, which are most of what an expiry costs, then overlap instead of waiting for each other.</remarks>
    public void Expire(long now)
    {
        while (heapCount > 0 && heap[0].DueAt <= now)
        {
            int taken = 0;
            while (taken < RowMax && heapCount > 0 && heap[0].DueAt <= now)
            {
                row[taken++] = heap[0];
                DropTop();
            }

            for (int index = 0; index < taken; index++)
            {
                rowTimers[index] = slots[row[index].Slot];
            }

            ExpireRow(taken);
            Array.Clear(rowTimers, 0, taken);
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
                FindWake(0);
            }

            isWakeKnown = true;
        }

        at = wakeAt;
        dueAt = wakeDueAt;
        return earliest is not null;
    }

    private void ExpireRow(int taken)
    {
        for (int index = 0; index < taken; index++)
        {
            touched += rowTimers[index] is { } ahead ? ahead.PlacedOrder + (uint)ahead.Priority : 0;
        }

        for (int index = 0; index < taken; index++)
        {
            TimerSource? timer = rowTimers[index];
            if (timer is null || timer.PlacedOrder != row[index].Order)
            {
                outdated--;
            }
            else if (!timer.IsQueued)
            {
                outdated--;
                ReleaseSlot(timer);
            }
            else if (timer.ArmedOrder == row[index].Order)
            {
                BecomeDue(timer);
            }
            else
            {
                Insert(timer);
                if (timer.PlacedAt <= row[taken - 1].DueAt)
                {
                    // It has moved to somewhere behind, but perhaps before the rest: sort them anew.
                    PutBack(index + 1, taken);
                    return;
                }
            }
        }
    }

    private void PutBack(int first, int end)
    {
        for (int index = first; index < end; index++)
        {
            Insert(row[index]);
        }
    }

    private void BecomeDue(TimerSource timer)
    {
        ForgetWake(timer, wasIn: true);
        timer.ArmedOrder = 0;
        Count--;
        ReleaseSlot(timer);
        timer.BecomeDue();
    }

    private static bool IsBefore(in Entry left, in Entry right) =>
        left.DueAt < right.DueAt | (left.DueAt == right.DueAt & left.Order < right.Order);

    /// <summary>The top entry is outdated, or its timer has moved later, or was disarmed (it has no order then).</summary>
    private void Refresh(TimerSource? timer)
    {
        if (timer is null || timer.PlacedOrder != heap[0].Order)
        {
            outdated--;
            DropTop();
        }
        else if (!timer.IsQueued)
        {
            outdated--;
            ReleaseSlot(timer);
            DropTop();
        }
        else
        {
            SinkFromTop(Place(timer));
        }
    }

    /// <summary>Windows end not before they begin: below an entry that begins after the best end so far, none is better.
    /// So this looks at no more timers than will be due at that wake-up, and their children.</summary>
    private void FindWake(int index)
    {
        ref readonly Entry entry = ref heap[index];
        if (entry.DueAt >= wakeAt)
        {
            return;
        }

        TimerSource? timer = slots[entry.Slot];
        if (timer is not null && timer.PlacedOrder == entry.Order && timer.IsQueued)
        {
            NoteWakeAnyway(timer);
        }

        int end = Math.Min((index << 2) + 5, heapCount);
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

    private void TakeSlot(TimerSource timer)
    {
        if (freeCount > 0)
        {
            timer.QueueSlot = freeSlots[--freeCount];
        }
        else
        {
            if (slotCount == slots.Length)
            {
                Array.Resize(ref slots, slotCount * 2);
                Array.Resize(ref freeSlots, slotCount * 2);
            }

            timer.QueueSlot = slotCount++;
        }

        slots[timer.QueueSlot] = timer;
    }

    private void ReleaseSlot(TimerSource timer)
    {
        slots[timer.QueueSlot] = null;
        freeSlots[freeCount++] = timer.QueueSlot;
        timer.QueueSlot = -1;
        timer.PlacedOrder = 0;
    }

    private Entry Place(TimerSource timer)
    {
        timer.PlacedAt = timer.DueAt.Nanoseconds;
        timer.PlacedOrder = timer.ArmedOrder;
        return new Entry { DueAt = timer.PlacedAt, Order = timer.ArmedOrder, Slot = timer.QueueSlot };
    }

    private void Insert(TimerSource timer) => Insert(Place(timer));

    private void Insert(in Entry entry)
    {
        if (heapCount == heap.Length)
        {
            Array.Resize(ref heap, heapCount * 2);
        }

        Rise(heapCount++, entry);
    }

    private void DropTop()
    {
        Entry last = heap[--heapCount];
        if (heapCount > 0)
        {
            SinkFromTop(last);
        }
    }

    private void Rise(int index, in Entry entry)
    {
        Entry[] entries = heap;
        while (index > 0)
        {
            int parent = (index - 1) >> 2;
            if (!IsBefore(entry, entries[parent]))
            {
                break;
            }

            entries[index] = entries[parent];
            index = parent;
        }

        entries[index] = entry;
    }

    /// <summary>Fills the top. The hole sinks to the bottom first and the entry rises from there: what fills the top comes
    /// from the bottom nearly always, and this saves comparing it on every level.</summary>
    private void SinkFromTop(in Entry entry)
    {
        Span<Entry> entries = heap.AsSpan(0, heapCount);
        int hole = 0;
        int child = 1;
        for (; child + 3 < entries.Length; child = (hole << 2) + 1)
        {
            Span<Entry> four = entries.Slice(child, 4);
            int low = IsBefore(four[1], four[0]) ? 1 : 0;
            int high = IsBefore(four[3], four[2]) ? 3 : 2;
            int best = IsBefore(four[high], four[low]) ? high : low;
            entries[hole] = four[best];
            hole = child + best;
        }

        if (child < entries.Length)
        {
            int best = child;
            for (int other = child + 1; other < entries.Length; other++)
            {
                best = IsBefore(entries[other], entries[best]) ? other : best;
            }

            entries[hole] = entries[best];
            hole = best;
        }

        Rise(hole, entry);
    }

    private void TidyIfWorthWhile()
    {
        if (outdated > OutdatedMin && outdated > Count)
        {
            Tidy();
            for (int index = (heapCount - 2) >> 2; index >= 0; index--)
            {
                Sink(index);
            }
        }
    }

    /// <summary>Leaves no outdated entry, and the others in no order.</summary>
    private void Tidy()
    {
        int kept = 0;
        for (int index = 0; index < heapCount; index++)
        {
            Entry entry = heap[index];
            TimerSource? timer = slots[entry.Slot];
            if (timer is null || timer.PlacedOrder != entry.Order)
            {
                continue;
            }

            if (timer.IsQueued)
            {
                heap[kept++] = Place(timer);
            }
            else
            {
                ReleaseSlot(timer);
            }
        }

        heapCount = kept;
        outdated = 0;
    }

    private void Sink(int index)
    {
        Entry entry = heap[index];
        for (int child = (index << 2) + 1; child < heapCount; child = (index << 2) + 1)
        {
            int best = child;
            int end = Math.Min(child + 4, heapCount);
            for (int other = child + 1; other < end; other++)
            {
                best = IsBefore(heap[other], heap[best]) ? other : best;
            }

            if (!IsBefore(heap[best], entry))
            {
                break;
            }

            heap[index] = heap[best];
            index = best;
        }

        heap[index] = entry;
    }

    /// <summary>Once in four thousand million armings the numbers begin again. A sorted heap is a heap.</summary>
    private void Renumber()
    {
        Tidy();
        heap.AsSpan(0, heapCount).Sort(default(EntryOrder));
        armings = 0;
        for (int index = 0; index < heapCount; index++)
        {
            TimerSource timer = slots[heap[index].Slot]!;
            timer.ArmedOrder = ++armings;
            heap[index] = Place(timer);
        }
    }

    private readonly struct EntryOrder : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) => IsBefore(x, y) ? -1 : IsBefore(y, x) ? 1 : 0;
    }
}
