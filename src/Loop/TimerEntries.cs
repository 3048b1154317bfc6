using System;

namespace Spindle.Loop;

/// <summary>Where the entries of a <see cref="TimerQueue"/> lie: in a heap, and where there are many timers in a ladder in front of
/// it. The heap then has only those before the ladder's horizon, and stays in the processor's first cache.</summary>
/// <param name="slots">Tells which entries are outdated.</param>
internal sealed class TimerEntries(TimerSlots slots)
{
    // A heap of so many stays in the first cache.
    private const int SpillMin = 512;

    private TimerLadder? ladder;
    private int spillAt = SpillMin;

    /// <summary>The earliest, up to the ladder's horizon.</summary>
    public TimerHeap Heap { get; } = new();

    public int Count => Heap.Count + (ladder?.Count ?? 0);

    public bool HasLadder => ladder is not null;

    /// <summary>Before this none is in the ladder.</summary>
    public long Horizon => ladder is null ? long.MaxValue : ladder.Horizon;

    /// <summary>Before this none is due.</summary>
    public long BeginAt => Heap.Count > 0 ? Heap.Top.DueAt : Horizon;

    public void Add(in TimerEntry entry)
    {
        if (ladder is not null && entry.DueAt >= ladder.Horizon)
        {
            ladder.Add(entry);
            return;
        }

        Heap.Add(entry);
        if (Heap.Count > spillAt)
        {
            ladder ??= new TimerLadder(slots);
            spillAt = ladder.TakeIn(Heap) ? SpillMin : Heap.Count * 2;
        }
    }

    /// <summary>The earliest entry that is not outdated.</summary>
    public bool TryGetTop(out TimerEntry top)
    {
        while (Heap.Count > 0 || Load())
        {
            top = Heap.Top;
            if (slots.IsValid(top))
            {
                return true;
            }

            slots.Outdated--;
            Heap.DropTop();
        }

        top = default;
        return false;
    }

    /// <summary>True if the first entry is due at a time and no other is.</summary>
    public bool IsTopAloneDue(long now) => Heap.IsTopAloneDue(now) && Horizon > now;

    public void DropTop() => Heap.DropTop();

    /// <summary>The nearest entries of the ladder join the heap.</summary>
    /// <returns>False: there are none.</returns>
    public bool Load()
    {
        if (ladder is null || ladder.Count == 0)
        {
            return false;
        }

        int before = Heap.Count;
        ladder.TakeNearest(Heap, long.MinValue, [], out _);
        spillAt = Math.Max(SpillMin, Heap.Count * 2);
        return Heap.Count > before;
    }

    /// <summary>Takes out entries that are due at a time, earliest first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="row">Where to. With a ladder there is room for one of its buckets behind those that are enough.</param>
    /// <param name="enough">So many will do.</param>
    /// <returns>How many.</returns>
    public int TakeDue(long now, TimerEntry[] row, int enough)
    {
        int taken = 0;
        int end = Math.Min(enough, row.Length);
        while (taken < end)
        {
            if (Heap.Count > 0)
            {
                TimerEntry top = Heap.Top;
                if (top.DueAt > now)
                {
                    break;
                }

                Heap.DropTop();
                row[taken] = top;
                taken += IsStillValid(top) ? 1 : 0;
            }
            else if (ladder is not null && ladder.Horizon <= now)
            {
                ladder.TakeNearest(Heap, now, row.AsSpan(taken), out int moved);
                taken += moved;
            }
            else
            {
                break;
            }
        }

        return taken;
    }

    /// <summary>Drops the outdated.</summary>
    public void Tidy()
    {
        ladder?.Tidy();
        int kept = 0;
        Span<TimerEntry> all = Heap.All;
        foreach (ref readonly TimerEntry entry in all)
        {
            if (slots.IsValid(entry))
            {
                all[kept++] = entry;
            }
        }

        Heap.Reorder(kept);
        slots.Outdated = 0;
    }

    /// <summary>All that are not outdated, in the heap: for who sorts them and numbers them anew.</summary>
    public Span<TimerEntry> Gather()
    {
        ladder?.TakeAll(Heap);
        Tidy();
        spillAt = Math.Max(SpillMin, Heap.Count);
        return Heap.All;
    }

    private bool IsStillValid(in TimerEntry entry)
    {
        if (slots.IsValid(entry))
        {
            return true;
        }

        slots.Outdated--;
        return false;
    }
}
