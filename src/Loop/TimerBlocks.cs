using System;

namespace Spindle.Loop;

/// <summary>Room for chains of entries, a chain being the number of its next place: 0, the empty one, at first.</summary>
/// <remarks>Chains consist of blocks, from the last one to the first, and only the last is not full: its place is then a
/// multiple of the block's size. Blocks lie in segments that stay below what the collector calls large.</remarks>
internal sealed class TimerBlocks
{
    /// <summary>Entries of a block.</summary>
    public const int BlockSize = 1 << BlockShift;

    private const int BlockShift = 5;
    private const int BlockMask = BlockSize - 1;
    private const int SegmentShift = 12;
    private const int SegmentMask = (1 << SegmentShift) - 1;
    private const int SegmentBlocksShift = SegmentShift - BlockShift;
    private const int SegmentBlocksMask = (1 << SegmentBlocksShift) - 1;

    private TimerEntry[][] segments = new TimerEntry[4][];
    private int[][] links = new int[4][];
    private int blockCount;
    private int freeBlock = -1;

    /// <summary>Appends an entry to a chain.</summary>
    public void Append(ref int chain, in TimerEntry entry)
    {
        int place = chain;
        if ((place & BlockMask) == 0)
        {
            place = TakeBlock(place);
        }

        segments[place >> SegmentShift][place & SegmentMask] = entry;
        chain = place + 1;
    }

    /// <summary>True if a chain is longer than so many entries, which are a multiple of a block's.</summary>
    public bool IsLonger(int chain, int count)
    {
        for (; chain != 0 && count > 0; count -= BlockSize)
        {
            chain = Before(chain);
        }

        return chain != 0;
    }

    /// <summary>How many entries a chain has.</summary>
    public int CountOf(int chain)
    {
        int count = 0;
        for (; chain != 0; chain = Before(chain))
        {
            count += ((chain - 1) & BlockMask) + 1;
        }

        return count;
    }

    /// <summary>The entries of a chain's last block.</summary>
    public Span<TimerEntry> Last(int chain)
    {
        int first = (chain - 1) & ~BlockMask;
        return segments[first >> SegmentShift].AsSpan(first & SegmentMask, chain - first);
    }

    /// <summary>The chain without its last block.</summary>
    public int Before(int chain)
    {
        int link = LinkOf((chain - 1) >> BlockShift);
        return (link + 1) << BlockShift;
    }

    /// <summary>Gives back a chain's last block.</summary>
    /// <returns>The chain without it.</returns>
    public int Release(int chain)
    {
        int block = (chain - 1) >> BlockShift;
        ref int link = ref LinkOf(block);
        int before = (link + 1) << BlockShift;
        link = freeBlock;
        freeBlock = block;
        return before;
    }

    private ref int LinkOf(int block) => ref links[block >> SegmentBlocksShift][block & SegmentBlocksMask];

    // A full chain's place is the end of its last block; an empty one's is the end of block -1, which there is not.
    private int TakeBlock(int chain)
    {
        int block = freeBlock;
        if (block >= 0)
        {
            freeBlock = LinkOf(block);
        }
        else
        {
            block = blockCount++;
            AddSegmentIfNeeded(block);
        }

        LinkOf(block) = (chain >> BlockShift) - 1;
        return block << BlockShift;
    }

    private void AddSegmentIfNeeded(int block)
    {
        if ((block & SegmentBlocksMask) != 0)
        {
            return;
        }

        int segment = block >> SegmentBlocksShift;
        if (segment == segments.Length)
        {
            Array.Resize(ref segments, segment * 2);
            Array.Resize(ref links, segment * 2);
        }

        segments[segment] = new TimerEntry[1 << SegmentShift];
        links[segment] = new int[1 << SegmentBlocksShift];
    }
}
