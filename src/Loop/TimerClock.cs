using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>A clock with its timers. During a turn its time stands still; outside, it is read each time.</summary>
internal sealed class TimerClock(EventLoop loop, Kernel kernel, ClockId clock, TimerTable table)
{
    private Instant now;
    private long knownIn;

    public TimerQueue Queue { get; } = new();

    /// <summary>The time. In a turn it is read once, by whoever asks first: a turn in which nobody asks costs nothing.</summary>
    public Instant Now
    {
        get
        {
            if (table.Held == 0 || table.Held != knownIn)
            {
                now = Read();
                knownIn = table.Held;
            }

            return now;
        }
    }

    /// <summary>False once its loop was disposed.</summary>
    public bool IsOpen => !loop.IsDisposed;

    /// <summary>Throws on any thread but the loop's.</summary>
    public void Verify() => loop.VerifyThreadAlone();

    /// <summary>Puts a timer that is in no queue into this one.</summary>
    public void Add(TimerSource timer, long dueAt)
    {
        table.Disturb();
        Queue.Add(timer, dueAt);
    }

    public Instant Read() => kernel.Now(clock);

    /// <summary>Moves the first of the timers whose time has come, if any has, to their bands; in the same turn
    /// <see cref="TimerQueue.ExpireRow"/> moves more.</summary>
    public void ExpireFirst()
    {
        if (Queue.Count > 0 && Queue.MayHaveDue(Now.Nanoseconds))
        {
            Queue.BeginExpiry(Now.Nanoseconds);
            Queue.ExpireRow();
        }
    }

    /// <summary>As <see cref="TimerQueue.TakeOnlyDue"/>, at this time.</summary>
    public TimerSource? TakeOnlyDue() => Queue.Count > 0 ? Queue.TakeOnlyDue(Now.Nanoseconds) : null;

    /// <summary>Moves the timers whose time has come to their bands, earliest first.</summary>
    public void Expire()
    {
        if (Queue.Count > 0 && Queue.MayHaveDue(Now.Nanoseconds))
        {
            Queue.Expire(Now.Nanoseconds);
        }
    }
}
