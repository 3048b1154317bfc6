using System;
using System.Numerics;

namespace Spindle.Loop;

/// <summary>Entries that are not near, in buckets and there in no order.</summary>
/// <remarks>
/// A ladder queue: a rung divides a span of time into buckets of equal width, and when a bucket with many entries is
/// reached, it becomes a rung of its own, with narrower buckets. What lies behind all rungs is one heap of entries, the
/// far ones, which become the next rung. So the widths follow from what there is, an entry is written some two or three
/// times, each time behind others, and memory is taken by what is held. Nothing here is before the horizon.
/// </remarks>
internal sealed class TimerLadder
{
    /// <summary>A bucket of more entries is divided, if it can be.</summary>
    public const int BucketMax = 64;

    private const int RungsMax = 12;

    // A rung has a bucket for every four entries.
    private const int BucketLoadShift = 2;
    private const int BucketsMinShift = 4;
    private const int BucketsMaxShift = 10;

    private readonly TimerSlots slots;
    private readonly TimerBlocks blocks = new();
    private readonly Rung[] rungs = new Rung[RungsMax];
    private int rungCount;
    private int far;
    private int farCount;
    private long farStart = long.MaxValue;

    public TimerLadder(TimerSlots slots)
    {
        this.slots = slots;
        for (int index = 0; index < RungsMax; index++)
        {
            rungs[index].Tails = [];
        }
    }

    // Start is where the first bucket begins that was not taken yet, Base where the first one of all does. The last one is
    // cut off at End: what is behind belongs to the rung outside of this one.
    private struct Rung
    {
        public long Start;
        public long Base;
        public long End;
        public int Shift;
        public int Cursor;
        public int Buckets;
        public int[] Tails;
    }

    /// <summary>Entries, outdated ones included.</summary>
    public int Count { get; private set; }

    /// <summary>All deadlines here are at least that.</summary>
    public long Horizon { get; private set; } = long.MaxValue;

    /// <summary>Puts in an entry that is not before the horizon.</summary>
    public void Add(in TimerEntry entry)
    {
        Count++;
        if (entry.DueAt >= farStart)
        {
            farCount++;
            blocks.Append(ref far, entry);
            return;
        }

        ref Rung rung = ref rungs[0];
        for (int index = 1; entry.DueAt < rung.Start; index++)
        {
            rung = ref rungs[index];
        }

        AppendTo(rung, entry);
    }

    /// <summary>The entries of the nearest bucket that has some go to a heap, the outdated nowhere, and the horizon goes
    /// behind them. All are gone if none came.</summary>
    /// <param name="heap">Gets them.</param>
    /// <param name="dueAt">If the heap is empty and all of the bucket was due by then, they go to a row instead.</param>
    /// <param name="row">The row.</param>
    /// <param name="taken">How many went there: in their order.</param>
    public void TakeNearest(TimerHeap heap, long dueAt, Span<TimerEntry> row, out int taken)
    {
        int found = heap.Count;
        int limit = found > 0 ? 0 : row.Length;
        taken = 0;
        while (Count > 0 && heap.Count == found && taken == 0)
        {
            int chain = rungCount == 0 ? DivideFar() : TakeBucket();
            if (chain != 0 && Horizon <= dueAt && !blocks.IsLonger(chain, limit & -TimerBlocks.BlockSize))
            {
                taken = MoveTo(row, chain);
                Sort(row[..taken]);
            }
            else
            {
                MoveTo(heap, chain);
            }
        }

        if (Count == 0)
        {
            Empty();
        }
    }

    /// <summary>All entries of a heap become the innermost rung, which reaches up to the horizon.</summary>
    /// <returns>False: there is no room for a rung, or they cannot be divided.</returns>
    public bool TakeIn(TimerHeap heap)
    {
        Span<TimerEntry> entries = heap.All;
        (long first, long last) = RangeOf(entries, (long.MaxValue, long.MinValue));
        if (rungCount == RungsMax || first == last)
        {
            return false;
        }

        // What comes now may be before all that. Down to three times the width, it has its place as well.
        long start = (long)Int128.Max(long.MinValue, first - (((Int128)last - first) * 3));
        if (Horizon == long.MaxValue)
        {
            farStart = last + 1;
            Horizon = farStart;
        }

        AddRung(start, Horizon, BucketsShiftFor(entries.Length) + 2);
        Count += entries.Length;
        ref Rung rung = ref rungs[rungCount - 1];
        foreach (ref readonly TimerEntry entry in entries)
        {
            AppendTo(rung, entry);
        }

        heap.Clear();
        return true;
    }

    /// <summary>All entries go to a heap.</summary>
    public void TakeAll(TimerHeap heap)
    {
        foreach (ref readonly Rung rung in rungs.AsSpan(0, rungCount))
        {
            for (int bucket = rung.Cursor; bucket < rung.Buckets; bucket++)
            {
                MoveTo(heap, rung.Tails[bucket]);
                rung.Tails[bucket] = 0;
            }
        }

        MoveTo(heap, far);
        Empty();
    }

    /// <summary>Drops the outdated entries.</summary>
    public void Tidy()
    {
        foreach (ref readonly Rung rung in rungs.AsSpan(0, rungCount))
        {
            for (int bucket = rung.Cursor; bucket < rung.Buckets; bucket++)
            {
                Tidy(ref rung.Tails[bucket]);
            }
        }

        int before = Count;
        Tidy(ref far);
        farCount -= before - Count;
    }

    private static int BucketsShiftFor(int count) =>
        Math.Clamp(BitOperations.Log2((uint)count | 1) - BucketLoadShift, BucketsMinShift, BucketsMaxShift);

    private static (long First, long Last) RangeOf(ReadOnlySpan<TimerEntry> entries, (long First, long Last) known)
    {
        (long first, long last) = known;
        foreach (ref readonly TimerEntry entry in entries)
        {
            first = Math.Min(first, entry.DueAt);
            last = Math.Max(last, entry.DueAt);
        }

        return (first, last);
    }

    private static long StartOf(in Rung rung, int bucket) =>
        (long)Int128.Min(rung.End, rung.Base + ((Int128)bucket << rung.Shift));

    /// <summary>Lays a rung from one instant to before another.</summary>
    private void AddRung(long first, long end, int bucketsShift)
    {
        ulong span = (ulong)end - 1 - (ulong)first;
        ref Rung rung = ref rungs[rungCount++];
        rung.Base = first;
        rung.Start = first;
        rung.End = end;
        rung.Shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(span) - bucketsShift);
        rung.Buckets = (int)(span >> rung.Shift) + 1;
        rung.Cursor = 0;
        if (rung.Tails.Length < rung.Buckets)
        {
            rung.Tails = new int[(int)BitOperations.RoundUpToPowerOf2((uint)rung.Buckets)];
        }

        Horizon = first;
    }

    private void AppendTo(in Rung rung, in TimerEntry entry) =>
        blocks.Append(ref rung.Tails[(int)(((ulong)entry.DueAt - (ulong)rung.Base) >> rung.Shift)], entry);

    /// <summary>The far ones become the only rung.</summary>
    /// <returns>The chain of none.</returns>
    private int DivideFar()
    {
        (long First, long Last) range = (long.MaxValue, long.MinValue);
        for (int chain = far; chain != 0; chain = blocks.Before(chain))
        {
            range = RangeOf(blocks.Last(chain), range);
        }

        int all = far;
        farStart = range.Last + 1;
        AddRung(range.First, farStart, BucketsShiftFor(farCount));
        far = 0;
        farCount = 0;
        return Divide(all);
    }

    /// <summary>Takes the next bucket of the innermost rung. One with many entries becomes a rung of its own; where there
    /// is none any more, the rung goes.</summary>
    /// <returns>Its chain; in the other cases that of none.</returns>
    private int TakeBucket()
    {
        ref Rung rung = ref rungs[rungCount - 1];
        ReadOnlySpan<int> tails = rung.Tails.AsSpan(rung.Cursor, rung.Buckets - rung.Cursor);
        int skipped = tails.IndexOfAnyExcept(0);
        if (skipped < 0)
        {
            rungCount--;
            Horizon = rungCount == 0 ? farStart : rungs[rungCount - 1].Start;
            return 0;
        }

        int bucket = rung.Cursor + skipped;
        int chain = rung.Tails[bucket];
        rung.Tails[bucket] = 0;
        rung.Cursor = bucket + 1;
        rung.Start = StartOf(rung, bucket + 1);
        Horizon = rung.Start;
        if (rung.Shift == 0 || rungCount == RungsMax || !blocks.IsLonger(chain, BucketMax))
        {
            return chain;
        }

        int bucketsShift = Math.Min(BucketsShiftFor(blocks.CountOf(chain)), rung.Shift);
        AddRung(StartOf(rung, bucket), rung.Start, bucketsShift);
        return Divide(chain);
    }

    private int Divide(int chain)
    {
        ref Rung rung = ref rungs[rungCount - 1];
        while (chain != 0)
        {
            foreach (ref readonly TimerEntry entry in blocks.Last(chain))
            {
                if (slots.IsValid(entry))
                {
                    AppendTo(rung, entry);
                }
                else
                {
                    Drop();
                }
            }

            chain = blocks.Release(chain);
        }

        return 0;
    }

    private void MoveTo(TimerHeap heap, int chain)
    {
        while (chain != 0)
        {
            foreach (ref readonly TimerEntry entry in blocks.Last(chain))
            {
                if (slots.IsValid(entry))
                {
                    heap.Add(entry);
                    Count--;
                }
                else
                {
                    Drop();
                }
            }

            chain = blocks.Release(chain);
        }
    }

    private int MoveTo(Span<TimerEntry> row, int chain)
    {
        int moved = 0;
        while (chain != 0)
        {
            foreach (ref readonly TimerEntry entry in blocks.Last(chain))
            {
                if (slots.IsValid(entry))
                {
                    row[moved++] = entry;
                }
                else
                {
                    Drop();
                }
            }

            chain = blocks.Release(chain);
        }

        Count -= moved;
        return moved;
    }

    // A handful: nothing is quicker.
    private static void Sort(Span<TimerEntry> row)
    {
        for (int next = 1; next < row.Length; next++)
        {
            TimerEntry entry = row[next];
            int place = next;
            for (; place > 0 && TimerEntry.IsBefore(entry, row[place - 1]); place--)
            {
                row[place] = row[place - 1];
            }

            row[place] = entry;
        }
    }

    private void Drop()
    {
        slots.Outdated--;
        Count--;
    }

    private void Tidy(ref int chain)
    {
        int old = chain;
        chain = 0;
        while (old != 0)
        {
            foreach (ref readonly TimerEntry entry in blocks.Last(old))
            {
                if (slots.IsValid(entry))
                {
                    blocks.Append(ref chain, entry);
                }
                else
                {
                    Drop();
                }
            }

            old = blocks.Release(old);
        }
    }

    // What was in the chains is gone.
    private void Empty()
    {
        rungCount = 0;
        far = 0;
        farCount = 0;
        farStart = long.MaxValue;
        Horizon = long.MaxValue;
    }
}
