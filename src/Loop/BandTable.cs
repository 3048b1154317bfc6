using System;

namespace Spindle.Loop;

/// <summary>The priorities in use, best first. A handful, so that the best ready one is found by looking at them in turn.</summary>
internal sealed class BandTable
{
    private Band[] bands = new Band[4];
    private int count;

    /// <summary>Sources that are ready by themselves, in all bands together: usually none, and then no band is looked at.</summary>
    public int ReadyCount { get; set; }

    /// <summary>Sources of all bands.</summary>
    public int SourceCount
    {
        get
        {
            int sum = 0;
            for (int index = 0; index < count; index++)
            {
                sum += bands[index].SourceCount;
            }

            return sum;
        }
    }

    /// <summary>How many bands have timers. With one, timers that are due cannot wait for one another.</summary>
    public int TimerBandCount { get; private set; }

    /// <summary>The best band with something ready, or null.</summary>
    public Band? BestReady => ReadyCount == 0 ? null : FindBestReady();

    /// <summary>The best band; null: there is none.</summary>
    public Band? First => count == 0 ? null : bands[0];

    /// <summary>The band behind another one, which may be gone meanwhile.</summary>
    public Band? After(Band band)
    {
        int index = IndexOf(band.Priority);
        index += index < count && bands[index].Priority == band.Priority ? 1 : 0;
        return index < count ? bands[index] : null;
    }

    /// <summary>The band of a priority, for one more source.</summary>
    public Band Join(int priority)
    {
        int index = IndexOf(priority);
        if (index == count || bands[index].Priority != priority)
        {
            if (count == bands.Length)
            {
                Array.Resize(ref bands, count * 2);
            }

            Array.Copy(bands, index, bands, index + 1, count - index);
            bands[index] = new Band(this, priority);
            count++;
        }

        bands[index].SourceCount++;
        return bands[index];
    }

    /// <summary>One source of the band less.</summary>
    public void Leave(Band band)
    {
        if (--band.SourceCount > 0)
        {
            return;
        }

        int index = IndexOf(band.Priority);
        count--;
        Array.Copy(bands, index + 1, bands, index, count - index);
        bands[count] = null!;
    }

    /// <summary>One of the band's sources is a timer.</summary>
    public void AddTimer(Band band) => TimerBandCount += band.TimerCount++ == 0 ? 1 : 0;

    /// <summary>One timer of the band less.</summary>
    public void RemoveTimer(Band band) => TimerBandCount -= --band.TimerCount == 0 ? 1 : 0;

    /// <summary>Where the priority is, or would be.</summary>
    private int IndexOf(int priority)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (bands[middle].Priority < priority)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private Band? FindBestReady()
    {
        foreach (Band band in bands.AsSpan(0, count))
        {
            if (band.HasReady)
            {
                return band;
            }
        }

        return null;
    }
}
