using System;

namespace Spindle.Loop;

/// <summary>The sources that one turn dispatches: of all that were offered, those of the best priority.</summary>
internal sealed class ReadyBatch
{
    private Source[] sources = new Source[16];
    private long[] sequences = new long[16];
    private bool isSorted = true;

    /// <summary>The best priority offered; the worst there is, while nothing was.</summary>
    public int Priority { get; private set; } = int.MaxValue;

    public int Count { get; private set; }

    public Source this[int index] => sources[index];

    /// <summary>Empties the batch and lets go of its sources.</summary>
    public void Clear()
    {
        Array.Clear(sources, 0, Count);
        Restart(int.MaxValue);
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
        isSorted = true;
    }
}
