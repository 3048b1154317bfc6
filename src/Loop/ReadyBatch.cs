using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Spindle.Loop;

/// <summary>The sources that one turn dispatches: of all that were offered, those of the best priority.</summary>
internal sealed class ReadyBatch
{
    private Slot[] slots = new Slot[16];
    private Slot[] spare = [];
    private bool isSorted = true;
    private int taken;

    /// <summary>A struct, so that storing a source needs no look at the type of the array.</summary>
    private struct Slot
    {
        public Source Source;
        public long Sequence;
    }

    /// <summary>The best priority offered; the worst there is, while nothing was.</summary>
    public int Priority { get; private set; } = int.MaxValue;

    public int Count { get; private set; }

    /// <summary>True if nothing was offered since it was emptied.</summary>
    public bool IsEmpty => Priority == int.MaxValue;

    /// <summary>Takes the next source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake([NotNullWhen(true)] out Source? source)
    {
        if (taken < Count)
        {
            ref Slot slot = ref slots[taken++];
            source = slot.Source;
            slot.Source = null!;
            return true;
        }

        source = null;
        return false;
    }

    /// <summary>Empties the batch and lets go of its sources. Those not taken yet stay ready: they are flagged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear()
    {
        if (!IsEmpty)
        {
            ClearAll();
        }
    }

    private void ClearAll()
    {
        for (; taken < Count; taken++)
        {
            Source source = slots[taken].Source;
            slots[taken].Source = null!;
            if (source.IsActive)
            {
                source.Flag();
            }
        }

        Restart(int.MaxValue);
    }

    /// <summary>True if the source was offered and is of the best priority; looks at all of them.</summary>
    public bool Contains(Source source)
    {
        foreach (ref readonly Slot slot in slots.AsSpan(0, Count))
        {
            if (slot.Source == source)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The ancestors of all that was offered are ready too.</summary>
    public void RaiseAncestors()
    {
        for (int index = 0; index < Count; index++)
        {
            SourceFamily.RaiseAncestors(slots[index].Source, this);
        }
    }

    /// <summary>Takes the descriptors of custom sources out: they tell their owners what was found, and are not called.</summary>
    public void TakeParts()
    {
        int kept = 0;
        for (int index = 0; index < Count; index++)
        {
            if (slots[index].Source is FdSource { Part: not null } part)
            {
                part.TellPart();
            }
            else
            {
                slots[kept++] = slots[index];
            }
        }

        Array.Clear(slots, kept, Count - kept);
        Count = kept;
    }

    public void Offer(Source source)
    {
        if (source.Priority != Priority)
        {
            if (source.Priority > Priority)
            {
                source.Displaced();
                return;
            }

            Displace(source.Priority);
        }

        int place = Count;
        if (place == slots.Length)
        {
            Array.Resize(ref slots, place * 2);
        }

        isSorted &= place == 0 || slots[place - 1].Sequence < source.Sequence;
        slots[place].Source = source;
        slots[place].Sequence = source.Sequence;
        Count = place + 1;
    }

    /// <summary>Adds what a band has flagged, or starts over with it if the band is better than all offered so far.</summary>
    public void OfferFlagged(Band band)
    {
        if (band.Priority < Priority)
        {
            Displace(band.Priority);
        }

        for (Source? source = band.Flagged.First; source is not null; source = source.Next)
        {
            Offer(source);
        }
    }

    /// <summary>Puts the sources into the order in which they came to the loop.</summary>
    public void Sort()
    {
        if (!isSorted)
        {
            MergeRuns();
            isSorted = true;
        }
    }

    /// <summary>The kernel tells descriptors in the order in which they became ready, mostly in a few ascending runs: so runs
    /// are merged, two at a time, until there is one.</summary>
    private void MergeRuns()
    {
        if (spare.Length < slots.Length)
        {
            spare = new Slot[slots.Length];
        }

        bool isOneRun = false;
        while (!isOneRun)
        {
            isOneRun = true;
            int next;
            for (int first = 0; first < Count; first = next)
            {
                int second = EndOfRun(first);
                next = EndOfRun(second);
                Merge(first, second, next);
                isOneRun &= first == 0 && next == Count;
            }

            (slots, spare) = (spare, slots);
        }

        Array.Clear(spare, 0, Count);
    }

    private int EndOfRun(int start)
    {
        int end = Math.Min(start + 1, Count);
        while (end < Count && slots[end - 1].Sequence <= slots[end].Sequence)
        {
            end++;
        }

        return end;
    }

    private void Merge(int first, int second, int end)
    {
        int left = first;
        int right = second;
        for (int place = first; place < end; place++)
        {
            bool isLeft = left < second && (right == end || slots[left].Sequence <= slots[right].Sequence);
            spare[place] = slots[isLeft ? left++ : right++];
        }
    }

    private void Displace(int priority)
    {
        for (int index = 0; index < Count; index++)
        {
            slots[index].Source.Displaced();
        }

        Restart(priority);
    }

    private void Restart(int priority)
    {
        Priority = priority;
        Count = 0;
        taken = 0;
        isSorted = true;
    }
}
