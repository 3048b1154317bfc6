using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>
/// Wakes the loop for timers of a clock that epoll's own timeout does not follow (boot time goes on during suspend):
/// a timerfd, made when the first such timer waits, and set only when the loop is about to sleep.
/// </summary>
internal sealed class TimerWaker(Kernel kernel, Poller poller, ClockId clock) : IDisposable
{
    private int fd = -1;
    private Instant setTo = Instant.Never;
    private bool isFired;

    /// <summary>Lets the timerfd expire at this instant; setting it also takes back an expiry that was seen.</summary>
    public void Set(Instant at)
    {
        if (at == setTo && !isFired)
        {
            return;
        }

        if (fd < 0)
        {
            Open();
        }

        Result result = kernel.TimerFdSet(fd, at);
        if (!result.IsOk)
        {
            throw new InvalidOperationException($"timerfd_settime failed: {result.Error}.");
        }

        setTo = at;
        isFired = false;
    }

    public void Dispose()
    {
        if (fd >= 0)
        {
            kernel.Close(fd);
            fd = -1;
        }
    }

    private void Open()
    {
        Result result = kernel.TimerFdCreate(clock);
        if (!result.IsOk)
        {
            throw new InvalidOperationException($"timerfd_create failed: {result.Error}.");
        }

        fd = result.Int;
        poller.AddWaker(fd, () => isFired = true);
    }
}
