using System;
using System.Runtime.CompilerServices;

namespace Spindle.Loop;

/// <summary>By number: the armed timers, and which arming the one valid entry of each is of.</summary>
/// <remarks>In pages, because a growing array is copied, and a large one makes the collector look at the whole heap. The
/// orders are by themselves: whether an entry is outdated is asked without a look at the timer.</remarks>
internal sealed class TimerSlots
{
    private const int PageShift = 12;
    private const int PageSize = 1 << PageShift;
    private const int PageMask = PageSize - 1;
    private const int SlotsMin = 4;

    private TimerSource?[][] timers = [new TimerSource?[SlotsMin]];
    private uint[][] orders = [new uint[SlotsMin]];
    private int[][] free = [new int[SlotsMin]];
    private int pageCount = 1;
    private int count;
    private int freeCount;

    public TimerSource TimerOf(int slot) => timers[slot >> PageShift][slot & PageMask]!;

    public ref uint OrderOf(int slot) => ref orders[slot >> PageShift][slot & PageMask];

    /// <summary>True if a timer stands by the entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(in TimerEntry entry) => OrderOf(entry.Slot) == entry.Order;

    public int Take(TimerSource timer)
    {
        int slot = freeCount > 0 ? PopFree() : Next();
        timers[slot >> PageShift][slot & PageMask] = timer;
        return slot;
    }

    public void Release(int slot)
    {
        timers[slot >> PageShift][slot & PageMask] = null;
        OrderOf(slot) = 0;
        free[freeCount >> PageShift][freeCount & PageMask] = slot;
        freeCount++;
    }

    private int PopFree()
    {
        freeCount--;
        return free[freeCount >> PageShift][freeCount & PageMask];
    }

    private int Next()
    {
        if ((count & PageMask) == 0 && count > 0)
        {
            AddPage();
        }
        else if (count == timers[0].Length)
        {
            Array.Resize(ref timers[0], count * 2);
            Array.Resize(ref orders[0], count * 2);
            Array.Resize(ref free[0], count * 2);
        }

        return count++;
    }

    private void AddPage()
    {
        if (pageCount == timers.Length)
        {
            Array.Resize(ref timers, pageCount * 2);
            Array.Resize(ref orders, pageCount * 2);
            Array.Resize(ref free, pageCount * 2);
        }

        timers[pageCount] = new TimerSource?[PageSize];
        orders[pageCount] = new uint[PageSize];
        free[pageCount] = new int[PageSize];
        pageCount++;
    }
}
