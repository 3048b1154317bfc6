using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>Called when a timer is due. A one-shot timer is disarmed by then, a periodic one armed for its next time;
/// either may be armed anew here.</summary>
/// <param name="timer">The timer; removing it here is legal.</param>
/// <param name="now">The turn's time on the timer's clock; not before the deadline.</param>
public delegate void TimerHandler(TimerSource timer, Instant now);

/// <summary>One deadline, armed and re-armed at will, or a row of them at a fixed distance. Never early.</summary>
/// <remarks>Timers of one priority that are due in one turn go first of all, in the order of their deadlines, equal
/// deadlines in the order they were armed.</remarks>
public sealed class TimerSource : Source
{
    private readonly TimerClock clock;
    private readonly TimerHandler handler;
    private long period;
    private long accuracy;

    internal TimerSource(EventLoop loop, TimerClock clock, TimerHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        this.clock = clock;
        this.handler = handler;
    }

    /// <summary>True from arming until the callback, or until disarmed; a periodic timer's does not end by itself.</summary>
    public bool IsArmed => !DueAt.IsNever;

    /// <summary>The deadline; <see cref="Instant.Never"/> while disarmed.</summary>
    public Instant DueAt { get; internal set; } = Instant.Never;

    /// <summary>The distance of a periodic timer's deadlines; zero of a one-shot one.</summary>
    public TimeSpan Period => new(period / TimeSpan.NanosecondsPerTick);

    /// <summary>In a periodic timer's callback: how many deadlines went by since the last call without one. The loop was
    /// busy, or asleep with the machine; they are not made up for.</summary>
    public long Missed { get; private set; }

    /// <summary>
    /// How late it may fire, so that near deadlines can share one wake-up; zero (as it begins): as exactly as the kernel
    /// can. The loop sleeps until the first such window ends, and then fires whatever is due by then. Where all timers
    /// allow it, the kernel too may move the wake-up, by up to half a window (<c>PR_SET_TIMERSLACK</c>).
    /// </summary>
    public TimeSpan Accuracy
    {
        get => new(accuracy / TimeSpan.NanosecondsPerTick);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            Loop.VerifyThread();
            long before = accuracy;
            long after = ToNanoseconds(value);
            if (!IsActive || before == after)
            {
                return;
            }

            clock.Queue.ChangeWindow(before, after);
            accuracy = after;
        }
    }

    /// <summary>How long the deadline has been past; for a timer that is due.</summary>
    internal TimeSpan Lateness => clock.Now - DueAt;

    /// <summary>Where the accuracy window ends, in nanoseconds of the clock.</summary>
    internal long WindowEnd => DueAt.Nanoseconds > long.MaxValue - accuracy
        ? long.MaxValue
        : DueAt.Nanoseconds + accuracy;

    /// <summary>True while it waits in the queue: armed, and not found due yet.</summary>
    internal bool IsQueued => ArmedOrder != 0;

    /// <summary>Which arming this is; 0: not in the queue. Belongs, like all below, to <see cref="TimerQueue"/>.</summary>
    internal uint ArmedOrder { get; set; }

    /// <summary>Which arming its entry in the queue is of.</summary>
    internal uint PlacedOrder { get; set; }

    /// <summary>The deadline its entry in the queue has: not later than the real one.</summary>
    internal long PlacedAt { get; set; }

    /// <summary>Where the queue's entries find it; -1: it has none.</summary>
    internal int QueueSlot { get; set; } = -1;

    /// <summary>Arms it, or arms it anew, for once. What lies in the past is due in the next turn.</summary>
    /// <param name="at">On the timer's clock; <see cref="Instant.Never"/> disarms.</param>
    /// <exception cref="InvalidOperationException">The timer was removed.</exception>
    public void ArmAt(Instant at)
    {
        period = 0;
        Arm(at);
    }

    /// <summary>Arms it for once, a span from now: from this very moment, not from the beginning of the turn.</summary>
    /// <param name="span">How long; negative: at once.</param>
    public void ArmAfter(TimeSpan span) => ArmAt(clock.Read() + span);

    /// <summary>Arms it for every multiple of a span from now on; the first time after one span.</summary>
    /// <param name="every">How long; not zero.</param>
    public void ArmEvery(TimeSpan every) => ArmEvery(clock.Read() + every, every);

    /// <summary>
    /// Arms it for an instant and every multiple of a span after it. The deadlines stay on that grid however late a
    /// callback comes, and one callback stands for all deadlines that have passed: see <see cref="Missed"/>.
    /// </summary>
    /// <param name="first">The first deadline, on the timer's clock.</param>
    /// <param name="every">The distance; not zero.</param>
    public void ArmEvery(Instant first, TimeSpan every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, TimeSpan.Zero);
        period = ToNanoseconds(every);
        Arm(first);
    }

    /// <summary>Disarms it, also if it is due in this very turn.</summary>
    public void Disarm()
    {
        period = 0;
        LeaveDue();
        clock.Queue.Remove(this);
        DueAt = Instant.Never;
    }

    internal void BecomeDue() => Band.Due.Append(this);

    internal override bool Dispatch(long turn)
    {
        Instant now = clock.Now;
        LeaveDue();
        if (period == 0)
        {
            Missed = 0;
            DueAt = Instant.Never;
        }
        else
        {
            ArmNext(now.Nanoseconds);
        }

        handler(this, now);
        return true;
    }

    internal override bool DispatchForChild(long turn)
    {
        Unflag();
        Instant now = clock.Now;
        if (DueAt <= now)
        {
            return Dispatch(turn);
        }

        // Before its time: a row of deadlines stays as it is.
        Missed = 0;
        if (period == 0)
        {
            Disarm();
        }

        handler(this, now);
        return true;
    }

    internal override void Detach()
    {
        Disarm();
        clock.Queue.ChangeWindow(accuracy, 0);
        clock.Queue.Forget(this);
    }

    private protected override void Shut() => clock.Queue.Remove(this);

    private protected override void Open()
    {
        if (IsArmed)
        {
            clock.Arm(this, DueAt);
        }
    }

    private static long ToNanoseconds(TimeSpan span) => (Instant.Zero + span).Nanoseconds;

    private void Arm(Instant at)
    {
        if (!IsActive)
        {
            throw new InvalidOperationException($"Timer '{this}' was removed.");
        }

        Loop.VerifyThreadAlone();
        if (at.IsNever)
        {
            Disarm();
            return;
        }

        LeaveDue();
        Place(at);
    }

    private void ArmNext(long now)
    {
        long due = DueAt.Nanoseconds;
        Missed = now > due ? (long)(((Int128)now - due) / period) : 0;
        Int128 next = due + (((Int128)Missed + 1) * period);
        if (next >= long.MaxValue)
        {
            Disarm();
        }
        else
        {
            Place(new Instant((long)next));
        }
    }

    private void Place(Instant at)
    {
        if (IsOpen)
        {
            clock.Arm(this, at);
        }
        else
        {
            DueAt = at;
        }
    }

    // It may also be flagged, for a child; that stays.
    private void LeaveDue()
    {
        if (List == Band.Due)
        {
            List.Remove(this);
        }
    }
}
