using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>A clock with its timers. During a turn its time stands still; outside, it is read each time.</summary>
internal sealed class TimerClock(Kernel kernel, ClockId clock, TimerTable table)
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

    /// <summary>Puts a timer into the queue, or moves it there.</summary>
    public void Arm(TimerSource timer, Instant at)
    {
        table.Disturb();
        Queue.Set(timer, at);
    }

    public Instant Read() => kernel.Now(clock);

    /// <summary>Moves the timers whose time has come to their bands, earliest first.</summary>
    public void Expire()
    {
        if (Queue.Count > 0)
        {
            Queue.Expire(Now.Nanoseconds);
        }
    }
}
