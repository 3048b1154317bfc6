using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>
/// A hash table of routes in two arrays: routes of one base (destination, table, metric) are in one chain, so that a
/// replacement, which names the base alone, finds them. Adding, finding and removing allocate nothing but on growth.
/// </summary>
internal sealed class RouteTable(int countMax)
{
    private const int CapacityMin = 16;
    private const int EndOfChain = -1;

    // Free slots are chained through Next too, as FreeBase - index: all of them below EndOfChain.
    private const int FreeBase = -3;
    private const int NoFreeSlot = -1;

    private int[] buckets = NewBuckets(CapacityMin);
    private Slot[] slots = new Slot[CapacityMin];
    private int used;
    private int firstFree = NoFreeSlot;

    internal struct Slot
    {
        public Route Route;
        public uint Stamp;
        public int Next;
    }

    /// <summary>Routes in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Slots to look at when going through all of them.</summary>
    public int SlotCount => used;

    /// <summary>A slot by its number.</summary>
    public ref Slot this[int index] => ref slots[index];

    /// <summary>True if a slot holds a route.</summary>
    public bool IsUsed(int index) => slots[index].Next >= EndOfChain;

    /// <summary>The slot of the route that the kernel takes for the same, or -1.</summary>
    public int Find(in Route route)
    {
        int index = buckets[Bucket(route)];
        while (index >= 0 && !slots[index].Route.HasSameIdentity(route))
        {
            index = slots[index].Next;
        }

        return index;
    }

    /// <summary>The next slot after <paramref name="index"/> (-1 to begin) of a route with the same base, or -1.</summary>
    public int NextOfBase(in Route route, int index)
    {
        index = index < 0 ? buckets[Bucket(route)] : slots[index].Next;
        while (index >= 0 && !slots[index].Route.HasSameBase(route))
        {
            index = slots[index].Next;
        }

        return index;
    }

    /// <summary>Adds a route that is not there; false if the table is full.</summary>
    public bool TryAdd(in Route route, uint stamp)
    {
        if (Count >= countMax)
        {
            return false;
        }

        int index = TakeSlot();
        ref int bucket = ref buckets[Bucket(route)];
        slots[index] = new Slot { Route = route, Stamp = stamp, Next = bucket };
        bucket = index;
        Count++;
        return true;
    }

    /// <summary>Empties a slot. Slot numbers of others stay.</summary>
    public void RemoveAt(int index)
    {
        ref int link = ref buckets[Bucket(slots[index].Route)];
        while (link != index)
        {
            link = ref slots[link].Next;
        }

        link = slots[index].Next;
        slots[index] = new Slot { Next = FreeBase - firstFree };
        firstFree = index;
        Count--;
    }

    /// <summary>Gives memory back once three quarters of it are unused. Slot numbers change.</summary>
    public void Trim()
    {
        if (slots.Length > CapacityMin && Count < slots.Length / 4)
        {
            Resize(Math.Max(CapacityMin, slots.Length / 2));
        }
    }

    private int TakeSlot()
    {
        if (firstFree >= 0)
        {
            int index = firstFree;
            firstFree = FreeBase - slots[index].Next;
            return index;
        }

        if (used == slots.Length)
        {
            Resize(slots.Length * 2);
        }

        return used++;
    }

    private void Resize(int capacity)
    {
        Slot[] old = slots;
        int oldUsed = used;
        slots = new Slot[capacity];
        buckets = NewBuckets(capacity);
        used = 0;
        firstFree = NoFreeSlot;
        for (int i = 0; i < oldUsed; i++)
        {
            if (old[i].Next >= EndOfChain)
            {
                ref int bucket = ref buckets[Bucket(old[i].Route)];
                slots[used] = old[i];
                slots[used].Next = bucket;
                bucket = used++;
            }
        }
    }

    private static int[] NewBuckets(int capacity)
    {
        int[] buckets = new int[capacity];
        Array.Fill(buckets, EndOfChain);
        return buckets;
    }

    /// <summary>The capacity is a power of two.</summary>
    private int Bucket(in Route route) => route.BaseHash() & (buckets.Length - 1);
}
