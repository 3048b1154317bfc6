using System;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.Loop;

/// <summary>The sources that one turn dispatches: of all that were offered, those of the best priority.</summary>
internal sealed class ReadyBatch
{
    private Source[] sources = new Source[16];
    private long[] sequences = new long[16];
    private bool isSorted = true;
    private int taken;

    /// <summary>The best priority offered; the worst there is, while nothing was.</summary>
    public int Priority { get; private set; } = int.MaxValue;

    public int Count { get; private set; }

    /// <summary>Takes the next source.</summary>
    public bool TryTake([NotNullWhen(true)] out Source? source)
    {
        bool hasNext = taken < Count;
        source = hasNext ? sources[taken++] : null;
        return hasNext;
    }

    /// <summary>Empties the batch and lets go of its sources. Those not taken yet stay ready: they are flagged.</summary>
    public void Clear()
    {
        for (; taken < Count; taken++)
        {
            if (sources[taken].IsActive)
            {
                sources[taken].Flag();
            }
        }

        Array.Clear(sources, 0, Count);
        Restart(int.MaxValue);
    }

    /// <summary>True if the source was offered and is of the best priority; looks at all of them.</summary>
    public bool Contains(Source source) => Array.IndexOf(sources, source, 0, Count) >= 0;

    /// <summary>The ancestors of all that was offered are ready too.</summary>
    public void RaiseAncestors()
    {
        for (int index = 0; index < Count; index++)
        {
            SourceFamily.RaiseAncestors(sources[index], this);
        }
    }

    /// <summary>Takes the descriptors of custom sources out: they tell their owners what was found, and are not called.</summary>
    public void TakeParts()
    {
        int kept = 0;
        for (int index = 0; index < Count; index++)
        {
            if (sources[index] is FdSource { Part: not null } part)
            {
                part.TellPart();
            }
            else
            {
                sources[kept] = sources[index];
                sequences[kept++] = sequences[index];
            }
        }

        Array.Clear(sources, kept, Count - kept);
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

        if (Count == sources.Length)
        {
            Array.Resize(ref sources, Count * 2);
            Array.Resize(ref sequences, Count * 2);
        }

        isSorted &= Count == 0 || sequences[Count - 1] < source.Sequence;
        sources[Count] = source;
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
            sequences.AsSpan(0, Count).Sort(sources.AsSpan(0, Count));
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
