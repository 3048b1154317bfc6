using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>The three clocks of a loop with their timers, and what wakes the loop for them.</summary>
internal sealed class TimerTable : IDisposable
{
    private readonly BandTable bands;
    private readonly TimerWaker boottimeWaker;
    private readonly TimerWaker realtimeWaker;
    private readonly TimerSlack slack;
    private readonly List<ClockStepSource> stepSources = [];
    private long holds;

    // No timer is armed and no timerfd set: a turn need not look at the three queues, which lie in as many places.
    private bool isQuiet;

    public TimerTable(EventLoop loop, Kernel kernel, Poller poller)
    {
        bands = loop.Bands;
        Monotonic = new TimerClock(loop, kernel, ClockId.Monotonic, this);
        Boottime = new TimerClock(loop, kernel, ClockId.Boottime, this);
        Realtime = new TimerClock(loop, kernel, ClockId.Realtime, this);
        boottimeWaker = new TimerWaker(kernel, poller, ClockId.Boottime, Disturb, stepped: null);
        realtimeWaker = new TimerWaker(kernel, poller, ClockId.Realtime, Disturb, TellStep);
        slack = new TimerSlack(kernel);
    }

    public TimerClock Monotonic { get; }

    public TimerClock Boottime { get; }

    public TimerClock Realtime { get; }

    private bool HasTimers => (Monotonic.Queue.Count | Boottime.Queue.Count | Realtime.Queue.Count) != 0;

    public TimerClock this[ClockId clock] => clock switch
    {
        ClockId.Monotonic => Monotonic,
        ClockId.Boottime => Boottime,
        ClockId.Realtime => Realtime,
        _ => throw new ArgumentOutOfRangeException(nameof(clock), clock, "No clock for timers."),
    };

    /// <summary>Which time of standing still this is; 0: the clocks go.</summary>
    public long Held { get; private set; }

    /// <summary>For which instant the last <see cref="PrepareWait"/> that had an end has it; never, if it need not be met exactly.</summary>
    public Instant ExactWakeAt { get; private set; }

    /// <summary>There are to be timers of this clock.</summary>
    /// <exception cref="InvalidOperationException">It needs a timerfd, and the kernel refuses one.</exception>
    public TimerClock Open(ClockId clock)
    {
        (clock switch { ClockId.Boottime => boottimeWaker, ClockId.Realtime => realtimeWaker, _ => null })?.Open();
        return this[clock];
    }

    /// <summary>From now on the clocks stand still; where they stood still already, they are read anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Hold() => Held = ++holds;

    public void Release() => Held = 0;

    /// <summary>A timer was armed, or a timerfd set or seen.</summary>
    public void Disturb() => isQuiet = false;

    /// <summary>Moves the timers whose time has come to their bands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expire()
    {
        if (!isQuiet)
        {
            ExpireAll();
        }
    }

    /// <summary>As <see cref="Expire"/>, but only the first timers, where it is the same: one clock and one priority have
    /// all. More come by <see cref="ExpireMore"/>, so that a timer is still in the cache when it is called.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ExpireFirst()
    {
        if (!isQuiet)
        {
            ExpireFirstOfAll();
        }
    }

    /// <summary>Takes out the one timer that is due, to be called before all else. After a sleep the way to it lies in no
    /// cache: the shorter it is, the earlier it is called.</summary>
    /// <returns>Null if none is due, or perhaps more than one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TimerSource? TakeOnlyDue() =>
        isQuiet || (Boottime.Queue.Count | Realtime.Queue.Count) != 0 ? null : Monotonic.TakeOnlyDue();

    /// <summary>More of the timers whose time had come at <see cref="ExpireFirst"/>.</summary>
    /// <returns>False: there are no more in this turn.</returns>
    public bool ExpireMore() => Monotonic.Queue.ExpireRow();

    /// <summary>The loop is about to wait: sets the timerfds of the clocks that the wait itself does not follow.</summary>
    /// <returns>How long there is to wait at the most: null without timers; rounded up, never negative.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TimeSpan? PrepareWait() => isQuiet ? null : PrepareWaitForAll();

    /// <summary>So many nanoseconds, and not less.</summary>
    public static TimeSpan ToTimeout(long nanoseconds) => new(((nanoseconds - 1) / TimeSpan.NanosecondsPerTick) + 1);

    /// <summary>From now on a step of the wall clock wakes the loop.</summary>
    public void Join(ClockStepSource source)
    {
        stepSources.Add(source);
        realtimeWaker.WatchSteps();
    }

    public void Leave(ClockStepSource source) => stepSources.Remove(source);

    public void Dispose()
    {
        boottimeWaker.Dispose();
        realtimeWaker.Dispose();
    }

    private static Instant WakeAt(TimerClock clock) =>
        clock.Queue.TryGetWake(out long at, out _) ? new Instant(at) : Instant.Never;

    private void ExpireAll()
    {
        if (!HasTimers)
        {
            return;
        }

        Monotonic.Expire();
        Boottime.Expire();
        Realtime.Expire();
    }

    private void ExpireFirstOfAll()
    {
        if ((Boottime.Queue.Count | Realtime.Queue.Count) != 0 || bands.TimerBandCount > 1)
        {
            ExpireAll();
        }
        else
        {
            Monotonic.ExpireFirst();
        }
    }

    private TimeSpan? PrepareWaitForAll()
    {
        if (!HasTimers && boottimeWaker.IsOff && realtimeWaker.IsOff)
        {
            isQuiet = true;
            return null;
        }

        // Most programs know the monotonic clock alone.
        if (((Boottime.Queue.Count | Realtime.Queue.Count) != 0 || !boottimeWaker.IsOff || !realtimeWaker.IsOff) && !SetWakers())
        {
            return TimeSpan.Zero;
        }

        if (!Monotonic.Queue.TryGetWake(out long at, out long dueAt))
        {
            return null;
        }

        ExactWakeAt = at == dueAt ? new Instant(at) : Instant.Never;
        long nanoseconds = at - slack.Allow((at - dueAt) / 2) - Monotonic.Read().Nanoseconds;
        return nanoseconds <= 0 ? TimeSpan.Zero : ToTimeout(nanoseconds);
    }

    /// <returns>False: the wall clock was set, and there is something to do.</returns>
    private bool SetWakers()
    {
        boottimeWaker.Set(WakeAt(Boottime));
        return realtimeWaker.Set(WakeAt(Realtime));
    }

    private void TellStep()
    {
        foreach (ClockStepSource source in stepSources)
        {
            source.Raise();
        }
    }
}
