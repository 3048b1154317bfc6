using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>
/// Wakes the loop for timers of a clock that the wait's own timeout does not follow: boot time goes on during suspend, and
/// the wall clock may be set. A timerfd, made with the first such timer, and set only when the loop is about to sleep.
/// </summary>
/// <param name="kernel">The kernel.</param>
/// <param name="poller">Where the timerfd is watched.</param>
/// <param name="clock">The clock.</param>
/// <param name="fired">Called when the timerfd was seen.</param>
/// <param name="stepped">Called when the clock was set; null for a clock that cannot be.</param>
internal sealed class TimerWaker(Kernel kernel, Poller poller, ClockId clock, Action fired, Action? stepped) : IDisposable
{
    // Disarming would clear a step that nobody has seen yet, and only arming says so (ECANCELED).
    private static readonly Instant FarOff = new(long.MaxValue - 1);

    private int fd = -1;
    private Instant setTo = Instant.Never;
    private bool isFired;

    /// <summary>True if it waits for no instant, and has seen none that it must take back.</summary>
    public bool IsOff => setTo.IsNever && !isFired;

    /// <summary>Lets the timerfd expire at this instant; setting it also takes back an expiry that was seen.</summary>
    /// <returns>False if that told of a step of the clock: the loop has something to do.</returns>
    public bool Set(Instant at)
    {
        if (at == setTo && !isFired)
        {
            return true;
        }

        Open();
        Result result = stepped is null
            ? kernel.TimerFdSet(fd, at)
            : kernel.TimerFdSet(fd, Instant.Min(at, FarOff), cancelOnSet: true);
        setTo = at;
        isFired = false;
        if (result.Is(Errno.ECANCELED))
        {
            // The clock was set since the last time. The kernel has taken note of the new deadline nevertheless.
            stepped?.Invoke();
            return false;
        }

        return result.IsOk ? true : throw new InvalidOperationException($"timerfd_settime failed: {result.Error}.");
    }

    /// <summary>A step of the clock wakes the loop from now on, also while no timer waits.</summary>
    public void WatchSteps()
    {
        if (fd < 0)
        {
            Open();
            isFired = true; // so that it is set, with the wish to be told
            Set(setTo);
        }
    }

    public void Dispose()
    {
        if (fd >= 0)
        {
            kernel.Close(fd);
            fd = -1;
        }
    }

    /// <summary>Makes the timerfd, if there is none yet: so that want of descriptors is told to whoever adds a timer, and not by a
    /// wait.</summary>
    /// <exception cref="InvalidOperationException">The kernel refuses it.</exception>
    public void Open()
    {
        if (fd >= 0)
        {
            return;
        }

        Result result = kernel.TimerFdCreate(clock);
        if (!result.IsOk)
        {
            throw new InvalidOperationException($"timerfd_create failed: {result.Error}.");
        }

        fd = result.Int;
        poller.AddWaker(fd, See);
    }

    /// <summary>Only a clock that can be set needs the read: setting the timerfd anew clears an expiry as well.</summary>
    private void See()
    {
        isFired = true;
        fired();
        if (stepped is null)
        {
            return;
        }

        Span<byte> expiries = stackalloc byte[8];
        if (kernel.Read(fd, expiries).Is(Errno.ECANCELED))
        {
            stepped();
        }
    }
}
