using System;
using System.Numerics;

namespace Spindle.Loop;

/// <summary>Entries that are not near, in buckets and there in no order.</summary>
/// <remarks>
/// A bucket of the finest level spans 2^16 ns, one of each level above 256 times as much, and six levels span all there is.
/// An entry is on the level of the highest digit (of 8 bits) by which its deadline differs from the horizon; nothing here is
/// before the horizon. When the horizon comes to a bucket, its entries go to the levels below, and from the lowest one out.
/// So an entry is written at most six times, one octet behind the other, and mostly twice. Buckets are chains of blocks:
/// they take memory by what they hold.
/// </remarks>
internal sealed class TimerWheel
{
    private const int FinestBits = 16;
    private const int DigitBits = 8;
    private const int Digits = 1 << DigitBits;
    private const int Levels = 6;
    private const int BlockShift = 4;
    private const int BlockSize = 1 << BlockShift;
    private const int SegmentShift = 8;
    private const int SegmentMask = (1 << SegmentShift) - 1;

    private readonly Bucket[] buckets = new Bucket[Levels * Digits];
    private readonly ulong[] map = new ulong[Levels * Digits / 64];
    private TimerEntry[][] segments = new TimerEntry[4][];
    private int[][] links = new int[4][];
    private int blockCount;
    private int freeBlock = -1;

    // Block is where entries are added, with Fill in it; the blocks behind it are full.
    private struct Bucket
    {
        public int Block;
        public int Fill;
    }

    public int Count { get; private set; }

    /// <summary>All deadlines here are at least that.</summary>
    public long Horizon { get; private set; } = long.MaxValue;

    /// <summary>The end of the finest bucket in which a deadline lies: a good horizon.</summary>
    public static long EndOfFirst(long dueAt)
    {
        long start = Math.Max(dueAt, 0) & -(1L << FinestBits);
        return start > long.MaxValue - (1L << FinestBits) ? long.MaxValue : start + (1L << FinestBits);
    }

    /// <summary>Begins anew, empty.</summary>
    public void Start(long horizon) => Horizon = horizon;

    public void Add(in TimerEntry entry)
    {
        int index = IndexOf(entry.DueAt);
        ref Bucket bucket = ref buckets[index];
        if ((map[index >> 6] >> index & 1) == 0)
        {
            map[index >> 6] |= 1UL << index;
            bucket = new Bucket { Block = TakeBlock(-1) };
        }
        else if (bucket.Fill == BlockSize)
        {
            bucket.Block = TakeBlock(bucket.Block);
            bucket.Fill = 0;
        }

        Row(bucket.Block)[bucket.Fill++] = entry;
        Count++;
    }

    /// <summary>The nearest entries go to a heap, outdated ones nowhere, and the horizon behind them.</summary>
    /// <returns>How many outdated ones there were.</returns>
    public int TakeNearest(TimerHeap heap, TimerSlots slots)
    {
        int outdated = 0;
        for (int level = 0; level < Levels && Count > 0; level++)
        {
            int digit = NextDigit(level);
            if (digit == Digits)
            {
                continue;
            }

            int shift = FinestBits + (level * DigitBits);
            long start = (long)((((ulong)Horizon >> shift >> DigitBits << DigitBits) | (uint)digit) << shift);
            if (level == 0)
            {
                outdated += Empty(digit, heap, slots);
                return outdated + PassBucket(start, slots);
            }

            Horizon = Math.Max(Horizon, start);
            outdated += Empty((level * Digits) + digit, null, slots);
            level = -1;
        }

        return outdated;
    }

    /// <summary>All entries go to a heap, but for the outdated.</summary>
    /// <returns>How many outdated ones there were.</returns>
    public int TakeAll(TimerHeap heap, TimerSlots slots) => EmptyAll(heap, slots);

    /// <summary>Drops the outdated entries.</summary>
    public void Tidy(TimerSlots slots) => EmptyAll(null, slots);

    private int EmptyAll(TimerHeap? heap, TimerSlots slots)
    {
        int dropped = 0;
        for (int word = 0; word < map.Length; word++)
        {
            for (ulong bits = map[word]; bits != 0; bits &= bits - 1)
            {
                dropped += Empty((word << 6) + BitOperations.TrailingZeroCount(bits), heap, slots);
            }
        }

        return dropped;
    }

    private int IndexOf(long dueAt)
    {
        ulong difference = ((ulong)dueAt ^ (ulong)Horizon) >> FinestBits;
        int level = BitOperations.Log2(difference | 1) >> 3;
        int digit = (int)(dueAt >> (FinestBits + (level << 3))) & (Digits - 1);
        return (level << DigitBits) | digit;
    }

    // The first bucket of a level that has something: the horizon's own or one behind it.
    private int NextDigit(int level)
    {
        int from = (int)((ulong)Horizon >> (FinestBits + (level * DigitBits))) & (Digits - 1);
        ulong mask = ulong.MaxValue << from;
        for (int word = from >> 6; word < Digits / 64; word++)
        {
            ulong bits = map[(level * (Digits / 64)) + word] & mask;
            if (bits != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }

            mask = ulong.MaxValue;
        }

        return Digits;
    }

    /// <summary>The horizon goes to the end of a bucket of the finest level; where that is the beginning of one of a higher
    /// level, its entries go down.</summary>
    /// <returns>How many outdated ones there were.</returns>
    private int PassBucket(long start, TimerSlots slots)
    {
        Horizon = EndOfFirst(start);
        int outdated = 0;
        ulong place = (ulong)Horizon >> FinestBits;
        for (int level = Levels - 1; level > 0 && (place & (Digits - 1)) == 0; level--)
        {
            int index = (level << DigitBits) | ((int)(place >> (level << 3)) & (Digits - 1));
            outdated += (map[index >> 6] >> index & 1) != 0 ? Empty(index, null, slots) : 0;
        }

        return outdated;
    }

    /// <summary>Empties a bucket: into the heap, or else to where its entries belong by now.</summary>
    private int Empty(int index, TimerHeap? heap, TimerSlots slots)
    {
        Bucket bucket = buckets[index];
        map[index >> 6] &= ~(1UL << index);
        int outdated = 0;
        int block = bucket.Block;
        int fill = bucket.Fill;
        while (block >= 0)
        {
            foreach (ref readonly TimerEntry entry in Row(block)[..fill])
            {
                Count--;
                if (!slots.IsValid(entry))
                {
                    outdated++;
                }
                else if (heap is not null)
                {
                    heap.Add(entry);
                }
                else
                {
                    Add(entry);
                }
            }

            block = ReleaseBlock(block);
            fill = BlockSize;
        }

        return outdated;
    }

    private Span<TimerEntry> Row(int block) =>
        segments[block >> SegmentShift].AsSpan((block & SegmentMask) << BlockShift, BlockSize);

    private ref int LinkOf(int block) => ref links[block >> SegmentShift][block & SegmentMask];

    private int TakeBlock(int link)
    {
        int block = freeBlock;
        if (block < 0)
        {
            block = blockCount;
            AddSegmentIfNeeded();
            blockCount++;
        }
        else
        {
            freeBlock = LinkOf(block);
        }

        LinkOf(block) = link;
        return block;
    }

    private int ReleaseBlock(int block)
    {
        int link = LinkOf(block);
        LinkOf(block) = freeBlock;
        freeBlock = block;
        return link;
    }

    private void AddSegmentIfNeeded()
    {
        if ((blockCount & SegmentMask) != 0)
        {
            return;
        }

        int segment = blockCount >> SegmentShift;
        if (segment == segments.Length)
        {
            Array.Resize(ref segments, segment * 2);
            Array.Resize(ref links, segment * 2);
        }

        segments[segment] = new TimerEntry[BlockSize << SegmentShift];
        links[segment] = new int[1 << SegmentShift];
    }
}
