using System;
using System.Collections.Generic;
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

    public TimerTable(EventLoop loop, Kernel kernel, Poller poller)
    {
        bands = loop.Bands;
        Monotonic = new TimerClock(loop, kernel, ClockId.Monotonic);
        Boottime = new TimerClock(loop, kernel, ClockId.Boottime);
        Realtime = new TimerClock(loop, kernel, ClockId.Realtime);
        boottimeWaker = new TimerWaker(kernel, poller, ClockId.Boottime, stepped: null);
        realtimeWaker = new TimerWaker(kernel, poller, ClockId.Realtime, TellStep);
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

    /// <summary>There are to be timers of this clock.</summary>
    /// <exception cref="InvalidOperationException">It needs a timerfd, and the kernel refuses one.</exception>
    public TimerClock Open(ClockId clock)
    {
        (clock switch { ClockId.Boottime => boottimeWaker, ClockId.Realtime => realtimeWaker, _ => null })?.Open();
        return this[clock];
    }

    public void Hold()
    {
        Monotonic.Hold();
        Boottime.Hold();
        Realtime.Hold();
    }

    public void Release()
    {
        Monotonic.Release();
        Boottime.Release();
        Realtime.Release();
    }

    /// <summary>Moves the timers whose time has come to their bands.</summary>
    public void Expire()
    {
        if (!HasTimers)
        {
            return;
        }

        Monotonic.Expire();
        Boottime.Expire();
        Realtime.Expire();
    }

    /// <summary>As <see cref="Expire"/>, but only the first timers, where it is the same: one clock and one priority have
    /// all. More come by <see cref="ExpireMore"/>, so that a timer is still in the cache when it is called.</summary>
    public void ExpireFirst()
    {
        if ((Boottime.Queue.Count | Realtime.Queue.Count) != 0 || bands.TimerBandCount > 1)
        {
            Expire();
        }
        else
        {
            Monotonic.ExpireFirst();
        }
    }

    /// <summary>More of the timers whose time had come at <see cref="ExpireFirst"/>.</summary>
    /// <returns>False: there are no more in this turn.</returns>
    public bool ExpireMore() => Monotonic.Queue.ExpireRow();

    /// <summary>The loop is about to wait: sets the timerfds of the clocks that the wait itself does not follow.</summary>
    /// <returns>How long there is to wait at the most: null without timers; rounded up, never negative.</returns>
    public TimeSpan? PrepareWait()
    {
        // The way of a loop that only watches descriptors, and so of most turns.
        if (!HasTimers && boottimeWaker.IsOff && realtimeWaker.IsOff)
        {
            return null;
        }

        boottimeWaker.Set(WakeAt(Boottime));
        if (!realtimeWaker.Set(WakeAt(Realtime)))
        {
            return TimeSpan.Zero;
        }

        if (!Monotonic.Queue.TryGetWake(out long at, out long dueAt))
        {
            return null;
        }

        long nanoseconds = at - slack.Allow((at - dueAt) / 2) - Monotonic.Read().Nanoseconds;
        return nanoseconds <= 0
            ? TimeSpan.Zero
            : new TimeSpan(((nanoseconds - 1) / TimeSpan.NanosecondsPerTick) + 1);
    }

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

    private void TellStep()
    {
        foreach (ClockStepSource source in stepSources)
        {
            source.Raise();
        }
    }
}
