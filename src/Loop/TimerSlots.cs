using System;
using System.Runtime.CompilerServices;

namespace Spindle.Loop;

/// <summary>By number: the queued timers, and which arming the one valid entry of each is of.</summary>
/// <remarks>In pages, because a growing array is copied, and a large one makes the collector look at the whole heap.</remarks>
internal sealed class TimerSlots
{
    private const int PageShift = 12;
    private const int PageSize = 1 << PageShift;
    private const int PageMask = PageSize - 1;
    private const int SlotsMin = 4;

    private Slot[][] pages = [new Slot[SlotsMin]];
    private int count;
    private int free = -1;

    // Free ones are linked.
    private struct Slot
    {
        public TimerSource? Timer;
        public uint Order;
        public int Next;
    }

    /// <summary>Entries that are not valid any more, wherever they are.</summary>
    public int Outdated { get; set; }

    public TimerSource TimerOf(int slot) => At(slot).Timer!;

    /// <summary>Says which arming the valid entry of a slot is of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Place(int slot, uint order) => At(slot).Order = order;

    /// <summary>True if a timer stands by the entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(in TimerEntry entry) => Outdated == 0 || At(entry.Slot).Order == entry.Order;

    public int Take(TimerSource timer)
    {
        int slot = free;
        if (slot >= 0)
        {
            ref Slot known = ref At(slot);
            free = known.Next;
            known.Timer = timer;
            return slot;
        }

        slot = count;
        GrowIfNeeded();
        count++;
        At(slot).Timer = timer;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release(int slot)
    {
        ref Slot known = ref At(slot);
        known.Timer = null;
        known.Order = 0;
        known.Next = free;
        free = slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot At(int slot) => ref pages[slot >> PageShift][slot & PageMask];

    private void GrowIfNeeded()
    {
        int page = count >> PageShift;
        if (count < PageSize)
        {
            if (count == pages[0].Length)
            {
                Array.Resize(ref pages[0], count * 2);
            }
        }
        else if ((count & PageMask) == 0)
        {
            if (page == pages.Length)
            {
                Array.Resize(ref pages, page * 2);
            }

            pages[page] = new Slot[PageSize];
        }
    }
}
