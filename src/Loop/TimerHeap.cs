using System;

namespace Spindle.Loop;

/// <summary>A heap of entries with four children a node, which share one or two cache lines.</summary>
internal sealed class TimerHeap
{
    private TimerEntry[] entries = new TimerEntry[4];

    public int Count { get; private set; }

    public ref readonly TimerEntry Top => ref entries[0];

    public ref readonly TimerEntry this[int index] => ref entries[index];

    /// <summary>All, in no order that is of use. Whoever changes them calls <see cref="Reorder"/>.</summary>
    public Span<TimerEntry> All => entries.AsSpan(0, Count);

    public void Add(in TimerEntry entry)
    {
        if (Count == entries.Length)
        {
            Array.Resize(ref entries, Count * 2);
        }

        Rise(Count++, entry);
    }

    public void DropTop()
    {
        TimerEntry last = entries[--Count];
        if (Count > 0)
        {
            SinkFromTop(last);
        }
    }

    /// <summary>True if the top is due at a time and no other entry is.</summary>
    public bool IsTopAloneDue(long now)
    {
        ReadOnlySpan<TimerEntry> first = entries.AsSpan(0, Math.Min(Count, 5));
        if (first.IsEmpty || first[0].DueAt > now)
        {
            return false;
        }

        foreach (ref readonly TimerEntry child in first[1..])
        {
            if (child.DueAt <= now)
            {
                return false;
            }
        }

        return true;
    }

    public void Clear() => Count = 0;

    /// <summary>Makes a heap of the first entries again.</summary>
    public void Reorder(int count)
    {
        Count = count;
        for (int index = (count - 2) >> 2; index >= 0; index--)
        {
            Sink(index);
        }
    }

    private void Rise(int index, in TimerEntry entry)
    {
        TimerEntry[] all = entries;
        while (index > 0)
        {
            int parent = (index - 1) >> 2;
            if (!TimerEntry.IsBefore(entry, all[parent]))
            {
                break;
            }

            all[index] = all[parent];
            index = parent;
        }

        all[index] = entry;
    }

    /// <summary>Fills the top. The hole sinks to the bottom first and the entry rises from there: what fills the top comes
    /// from the bottom nearly always, and this saves comparing it on every level.</summary>
    private void SinkFromTop(in TimerEntry entry)
    {
        Span<TimerEntry> all = All;
        int hole = 0;
        int child = 1;
        for (; child + 3 < all.Length; child = (hole << 2) + 1)
        {
            Span<TimerEntry> four = all.Slice(child, 4);
            int low = TimerEntry.IsBefore(four[1], four[0]) ? 1 : 0;
            int high = TimerEntry.IsBefore(four[3], four[2]) ? 3 : 2;
            int best = TimerEntry.IsBefore(four[high], four[low]) ? high : low;
            all[hole] = four[best];
            hole = child + best;
        }

        if (child < all.Length)
        {
            int best = BestOf(all, child, all.Length);
            all[hole] = all[best];
            hole = best;
        }

        Rise(hole, entry);
    }

    private void Sink(int index)
    {
        Span<TimerEntry> all = All;
        TimerEntry entry = all[index];
        for (int child = (index << 2) + 1; child < all.Length; child = (index << 2) + 1)
        {
            int best = BestOf(all, child, Math.Min(child + 4, all.Length));
            if (!TimerEntry.IsBefore(all[best], entry))
            {
                break;
            }

            all[index] = all[best];
            index = best;
        }

        all[index] = entry;
    }

    private static int BestOf(Span<TimerEntry> all, int first, int end)
    {
        int best = first;
        for (int other = first + 1; other < end; other++)
        {
            best = TimerEntry.IsBefore(all[other], all[best]) ? other : best;
        }

        return best;
    }
}
