using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Says when something happens more often than so many times in a span.</summary>
internal sealed class RateGauge(int most, TimeSpan span)
{
    private readonly Queue<Instant> latest = new();

    /// <summary>It happened now: true if that is once too often; then counting begins anew.</summary>
    public bool Exceeds(Instant now)
    {
        while (latest.Count > 0 && latest.Peek() + span <= now)
        {
            latest.Dequeue();
        }

        latest.Enqueue(now);
        bool isTooMany = latest.Count > most;
        if (isTooMany)
        {
            latest.Clear();
        }

        return isTooMany;
    }

    public void Reset() => latest.Clear();
}
