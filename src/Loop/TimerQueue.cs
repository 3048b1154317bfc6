using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>The armed timers of one clock, earliest first, equal ones in the order they were armed.</summary>
/// <remarks>
/// A heap with four children a node: the four deadlines stand together in one cache line, so that a level costs one miss.
/// Each timer knows its place, which makes disarming and re-arming as cheap as arming: O(log n).
/// </remarks>
internal sealed class TimerQueue
{
    private Entry[] entries = new Entry[16];
    private long armings;

    private struct Entry
    {
        public long DueAt;
        public TimerSource Timer;
    }

    public int Count { get; private set; }

    /// <summary>The earliest deadline; <see cref="Instant.Never"/> without timers.</summary>
    public Instant EarliestAt => Count == 0 ? Instant.Never : new Instant(entries[0].DueAt);

    /// <summary>The timer with the earliest deadline.</summary>
    public TimerSource Earliest => entries[0].Timer;

    /// <summary>Puts a timer in, or moves it if it is in.</summary>
    public void Set(TimerSource timer, Instant at)
    {
        Entry entry = new() { DueAt = at.Nanoseconds, Timer = timer };
        timer.ArmedOrder = ++armings;
        int index = timer.HeapIndex;
        if (index >= 0)
        {
            Place(index, entry);
            return;
        }

        if (Count == entries.Length)
        {
            Array.Resize(ref entries, Count * 2);
        }

        SiftUp(Count++, entry);
    }

    public void Remove(TimerSource timer)
    {
        int index = timer.HeapIndex;
        timer.HeapIndex = -1;
        Entry moved = entries[--Count];
        entries[Count] = default;
        if (index < Count)
        {
            Place(index, moved);
        }
    }

    private static bool IsBefore(in Entry left, in Entry right) => left.DueAt != right.DueAt
        ? left.DueAt < right.DueAt
        : left.Timer.ArmedOrder < right.Timer.ArmedOrder;

    private void Place(int index, in Entry entry)
    {
        if (index > 0 && IsBefore(entry, entries[(index - 1) >> 2]))
        {
            SiftUp(index, entry);
        }
        else
        {
            SiftDown(index, entry);
        }
    }

    private void SiftUp(int index, in Entry entry)
    {
        Entry[] heap = entries;
        while (index > 0)
        {
            int parent = (index - 1) >> 2;
            if (!IsBefore(entry, heap[parent]))
            {
                break;
            }

            Store(heap, index, heap[parent]);
            index = parent;
        }

        Store(heap, index, entry);
    }

    private void SiftDown(int index, in Entry entry)
    {
        Entry[] heap = entries;
        for (int child = (index << 2) + 1; child < Count; child = (index << 2) + 1)
        {
            int best = child;
            int end = Math.Min(child + 4, Count);
            for (int other = child + 1; other < end; other++)
            {
                best = IsBefore(heap[other], heap[best]) ? other : best;
            }

            if (!IsBefore(heap[best], entry))
            {
                break;
            }

            Store(heap, index, heap[best]);
            index = best;
        }

        Store(heap, index, entry);
    }

    private static void Store(Entry[] heap, int index, in Entry entry)
    {
        heap[index] = entry;
        entry.Timer.HeapIndex = index;
    }
}
