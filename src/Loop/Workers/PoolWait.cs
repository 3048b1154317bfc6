using System;

namespace Spindle.Loop.Workers;

/// <summary>Somebody who waits until a pool is empty, or gone.</summary>
internal sealed class PoolWait(Action<bool> over, bool isForEnd)
{
    public TimerSource? Deadline { get; set; }

    /// <summary>True: until all threads have left as well.</summary>
    public bool IsForEnd { get; } = isForEnd;

    public void End(bool isInTime)
    {
        Deadline?.Remove();
        over(isInTime);
    }
}
