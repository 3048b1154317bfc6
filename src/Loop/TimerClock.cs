using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>A clock with its timers. During a turn its time stands still; outside, it is read each time.</summary>
internal sealed class TimerClock(EventLoop loop, Kernel kernel, ClockId clock)
{
    private Instant now;
    private bool isKnown;
    private bool isHeld;

    public TimerQueue Queue { get; } = new();

    /// <summary>The time. In a turn it is read once, by whoever asks first: a turn in which nobody asks costs nothing.</summary>
    public Instant Now
    {
        get
        {
            if (!isKnown)
            {
                now = Read();
                isKnown = isHeld;
            }

            return now;
        }
    }

    /// <summary>False once its loop was disposed.</summary>
    public bool IsOpen => !loop.IsDisposed;

    /// <summary>Throws on any thread but the loop's.</summary>
    public void Verify() => loop.VerifyThreadAlone();

    public Instant Read() => kernel.Now(clock);

    /// <summary>From now on it stands still; where it stood still already, it is read anew.</summary>
    public void Hold()
    {
        isHeld = true;
        isKnown = false;
    }

    public void Release()
    {
        isHeld = false;
        isKnown = false;
    }

    /// <summary>Moves the first of the timers whose time has come, if any has, to their bands; in the same turn
    /// <see cref="TimerQueue.ExpireRow"/> moves more.</summary>
    public void ExpireFirst()
    {
        if (Queue.Count > 0)
        {
            Queue.BeginExpiry(Now.Nanoseconds);
            Queue.ExpireRow();
        }
    }

    /// <summary>Moves the timers whose time has come to their bands, earliest first.</summary>
    public void Expire()
    {
        if (Queue.Count > 0)
        {
            Queue.Expire(Now.Nanoseconds);
        }
    }
}
