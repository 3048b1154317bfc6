using System;

namespace Spindle.Basics;

/// <summary>How long to wait before the next attempt: twice as long each time, between two bounds.</summary>
/// <param name="shortest">The first wait.</param>
/// <param name="longest">No later wait is longer.</param>
public sealed class Backoff(TimeSpan shortest, TimeSpan longest)
{
    private readonly TimeSpan shortest = shortest;
    private TimeSpan next = shortest;

    /// <summary>The wait before the next attempt, which is longer the next time.</summary>
    public TimeSpan Next()
    {
        TimeSpan wait = next;
        next = wait * 2 < longest ? wait * 2 : longest;
        return wait;
    }

    /// <summary>An attempt went well: the next wait is the shortest again.</summary>
    public void Reset() => next = shortest;
}
