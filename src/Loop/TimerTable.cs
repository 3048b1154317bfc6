using System;
using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>The clocks of a loop with their timers.</summary>
internal sealed class TimerTable(Kernel kernel, Poller poller) : IDisposable
{
    private readonly TimerWaker boottimeWaker = new(kernel, poller, ClockId.Boottime);

    public TimerClock Monotonic { get; } = new(kernel, ClockId.Monotonic);

    public TimerClock Boottime { get; } = new(kernel, ClockId.Boottime);

    public TimerClock this[ClockId clock] => clock switch
    {
        ClockId.Monotonic => Monotonic,
        ClockId.Boottime => Boottime,
        _ => throw new ArgumentOutOfRangeException(nameof(clock), clock, "No clock for timers."),
    };

    public void Hold()
    {
        Monotonic.Hold();
        Boottime.Hold();
    }

    public void Release()
    {
        Monotonic.Release();
        Boottime.Release();
    }

    public void Expire()
    {
        Monotonic.Expire();
        Boottime.Expire();
    }

    public TimeSpan? PrepareWait()
    {
        boottimeWaker.Set(Boottime.Queue.EarliestAt);
        return Monotonic.Remaining;
    }

    public void Dispose() => boottimeWaker.Dispose();
}
