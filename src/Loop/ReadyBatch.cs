using System;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.Loop;

/// <summary>The sources that one turn dispatches: of all that were offered, those of the best priority.</summary>
internal sealed class ReadyBatch
{
    private Entry[] entries = new Entry[16];
    private long[] sequences = new long[16];
    private bool isSorted = true;
    private int taken;

    // A struct: an array of the abstract class would check the kind of whatever is put into it.
    private struct Entry
    {
        public Source Source;
    }

    /// <summary>The best priority offered; the worst there is, while nothing was.</summary>
    public int Priority { get; private set; } = int.MaxValue;

    public int Count { get; private set; }

    /// <summary>Takes the next source.</summary>
    public bool TryTake([NotNullWhen(true)] out Source? source)
    {
        bool hasNext = taken < Count;
        source = hasNext ? entries[taken++].Source : null;
        return hasNext;
    }

    /// <summary>Empties the batch and lets go of its sources. Those not taken yet stay ready: they are flagged.</summary>
    public void Clear()
    {
        for (; taken < Count; taken++)
        {
            if (entries[taken].Source.IsActive)
            {
                entries[taken].Source.Flag();
            }
        }

        foreach (ref Entry entry in entries.AsSpan(0, Count))
        {
            entry.Source = null!;
        }

        Restart(int.MaxValue);
    }

    /// <summary>True if the source was offered and is of the best priority; looks at all of them.</summary>
    public bool Contains(Source source)
    {
        foreach (ref readonly Entry entry in entries.AsSpan(0, Count))
        {
            if (entry.Source == source)
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
            SourceFamily.RaiseAncestors(entries[index].Source, this);
        }
    }

    /// <summary>Takes the descriptors of custom sources out: they tell their owners what was found, and are not called.</summary>
    public void TakeParts()
    {
        int kept = 0;
        for (int index = 0; index < Count; index++)
        {
            if (entries[index].Source is FdSource { Part: not null } part)
            {
                part.TellPart();
            }
            else
            {
                entries[kept] = entries[index];
                sequences[kept++] = sequences[index];
            }
        }

        Array.Clear(entries, kept, Count - kept);
        Count = kept;
    }

    public void Offer(Source source)
    {
        if (source.Priority != Priority)
        {
            if (source.Priority > Priority)
            {
                return;
            }

            Restart(source.Priority);
        }

        if (Count == entries.Length)
        {
            Array.Resize(ref entries, Count * 2);
            Array.Resize(ref sequences, Count * 2);
        }

        isSorted &= Count == 0 || sequences[Count - 1] < source.Sequence;
        entries[Count].Source = source;
        sequences[Count] = source.Sequence;
        Count++;
    }

    /// <summary>Adds what a band has flagged, or starts over with it if the band is better than all offered so far.</summary>
    public void OfferFlagged(Band band)
    {
        if (band.Priority < Priority)
        {
            Restart(band.Priority);
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
            sequences.AsSpan(0, Count).Sort(entries.AsSpan(0, Count));
            isSorted = true;
        }
    }

    private void Restart(int priority)
    {
        Priority = priority;
        Count = 0;
        taken = 0;
        isSorted = true;
    }
}
