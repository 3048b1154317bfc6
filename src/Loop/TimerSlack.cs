using System;
using System.Numerics;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>The slack of the loop thread's waits: how much later than asked the kernel may end one, to wake the processor once
/// for several (<c>PR_SET_TIMERSLACK</c>). A thread begins with 50 µs, which is what a timer would be late.</summary>
/// <remarks>
/// Lowered at once where a wait demands it, raised only after a row of waits that all allowed more: so there is a system
/// call at most twice in <see cref="WaitsBeforeRaise"/> waits, and none where all timers are alike. The slack belongs to the
/// thread and stays with it: it is for the thread's one loop to set.
/// </remarks>
internal sealed class TimerSlack(Kernel kernel)
{
    private const int WaitsBeforeRaise = 16;

    // More than a second gains nothing.
    private const long SlackMax = 1L << 30;

    private long current = long.MaxValue;
    private int roomyWaits;

    /// <summary>A wait may be that many nanoseconds late.</summary>
    /// <returns>How late it may become with the slack that is set: never more.</returns>
    public long Allow(long nanoseconds)
    {
        if (nanoseconds < current)
        {
            Set(nanoseconds);
        }
        else if (nanoseconds < Math.Max(current * 2, TimeSpan.NanosecondsPerTick) || current == SlackMax)
        {
            roomyWaits = 0;
        }
        else if (++roomyWaits == WaitsBeforeRaise)
        {
            Set(nanoseconds);
        }

        return current;
    }

    /// <summary>In powers of two, so that windows which differ a little do not differ here; below 100 ns it is the kernel's
    /// least, 1 ns, for which zero stands.</summary>
    private void Set(long nanoseconds)
    {
        long wanted = nanoseconds < TimeSpan.NanosecondsPerTick
            ? 0
            : Math.Min(SlackMax, 1L << BitOperations.Log2((ulong)nanoseconds));
        roomyWaits = 0;
        if (wanted != current)
        {
            current = wanted;
            kernel.SetTimerSlack(new TimeSpan(wanted / TimeSpan.NanosecondsPerTick));
        }
    }
}
