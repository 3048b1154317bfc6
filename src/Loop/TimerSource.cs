using System;
using System.Runtime.CompilerServices;
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
    // In this order: what arming anew needs is behind the handler.
    private readonly TimerHandler handler;
    private readonly TimerClock clock;
    private TimerArming arming = new() { DueAt = long.MaxValue };
    private TimerLeeway leeway;

    internal TimerSource(EventLoop loop, TimerClock clock, TimerHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        this.clock = clock;
        this.handler = handler;
        loop.Bands.AddTimer(Band);
    }

    /// <summary>True from arming until the callback, or until disarmed; a periodic timer's does not end by itself.</summary>
    public bool IsArmed => !DueAt.IsNever;

    /// <summary>The deadline; <see cref="Instant.Never"/> while disarmed.</summary>
    public Instant DueAt => new(arming.DueAt);

    /// <summary>The distance of a periodic timer's deadlines; zero of a one-shot one.</summary>
    public TimeSpan Period => new(arming.Period / TimeSpan.NanosecondsPerTick);

    /// <summary>In a periodic timer's callback: how many deadlines went by since the last call without one. The loop was
    /// busy, or asleep with the machine; they are not made up for.</summary>
    public long Missed => leeway.Missed;

    /// <summary>
    /// How late it may fire, so that near deadlines can share one wake-up; zero (as it begins): as exactly as the kernel
    /// can. The loop sleeps until the first such window ends, and then fires whatever is due by then. Where all timers
    /// allow it, the kernel too may move the wake-up, by up to half a window (<c>PR_SET_TIMERSLACK</c>).
    /// </summary>
    public TimeSpan Accuracy
    {
        get => new(leeway.Accuracy / TimeSpan.NanosecondsPerTick);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            Loop.VerifyThread();
            long before = leeway.Accuracy;
            long after = ToNanoseconds(value);
            if (!IsActive || before == after)
            {
                return;
            }

            clock.Queue.ChangeWindow(before, after);
            leeway.Accuracy = after;
        }
    }

    /// <summary>How long the deadline has been past; for a timer that is due.</summary>
    internal TimeSpan Lateness => clock.Now - DueAt;

    /// <summary>Where the accuracy window ends, in nanoseconds of the clock.</summary>
    internal long WindowEnd => arming.DueAt > long.MaxValue - leeway.Accuracy
        ? long.MaxValue
        : arming.DueAt + leeway.Accuracy;

    /// <summary>True while it waits in the queue: armed, and not found due yet.</summary>
    internal bool IsQueued => arming.Order != 0;

    /// <summary>Belongs, but for the period, to <see cref="TimerQueue"/>.</summary>
    internal ref TimerArming Arming => ref arming;

    /// <summary>Arms it, or arms it anew, for once. What lies in the past is due in the next turn.</summary>
    /// <param name="at">On the timer's clock; <see cref="Instant.Never"/> disarms.</param>
    /// <exception cref="InvalidOperationException">The timer was removed.</exception>
    // Inlined, the first look is at what is needed anyway; a call would look at the object's head, in another cache line.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ArmAt(Instant at)
    {
        if (arming.Order != 0)
        {
            ArmAnew(at);
        }
        else
        {
            ArmOnce(at);
        }
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
        arming.Period = ToNanoseconds(every);
        Arm(first);
    }

    /// <summary>Disarms it, also if it is due in this very turn.</summary>
    public void Disarm()
    {
        arming.Period = 0;
        LeaveDue();
        clock.Queue.Remove(this);
        arming.DueAt = long.MaxValue;
    }

    /// <summary>Has it come to the processor's cache.</summary>
    /// <returns>Something of it.</returns>
    internal uint Touch() => arming.Order + (uint)Priority;

    /// <summary>As <see cref="Touch"/>, what is called.</summary>
    internal uint TouchHandler() => handler.GetType() == typeof(TimerHandler) ? 1u : 0u;

    internal void BecomeDue() => Band.Due.Append(this);

    internal override bool Dispatch(long turn)
    {
        Instant now = clock.Now;
        LeaveDue();
        if (arming.Period == 0)
        {
            leeway.Missed = 0;
            arming.DueAt = long.MaxValue;
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
        leeway.Missed = 0;
        if (arming.Period == 0)
        {
            Disarm();
        }

        handler(this, now);
        return true;
    }

    internal override void Detach()
    {
        Disarm();
        clock.Queue.ChangeWindow(leeway.Accuracy, 0);
        Loop.Bands.RemoveTimer(Band);
    }

    private protected override void Moved(Band old)
    {
        if (old != Band)
        {
            Loop.Bands.RemoveTimer(old);
            Loop.Bands.AddTimer(Band);
        }
    }

    private protected override void Shut() => clock.Queue.Remove(this);

    private protected override void Open()
    {
        if (IsArmed)
        {
            clock.Add(this, arming.DueAt);
        }
    }

    // Rarely looked at.
    private struct TimerLeeway
    {
        public long Accuracy;
        public long Missed;
    }

    private static long ToNanoseconds(TimeSpan span) => (Instant.Zero + span).Nanoseconds;

    // What is queued was not removed, and may be dispatched: only its loop may be gone.
    private void ArmAnew(Instant at)
    {
        if (at.IsNever || !clock.IsOpen)
        {
            ArmOnce(at);
            return;
        }

        clock.Verify();
        arming.Period = 0;
        clock.Queue.Move(this, at.Nanoseconds);
    }

    private void ArmOnce(Instant at)
    {
        arming.Period = 0;
        Arm(at);
    }

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
        long due = arming.DueAt;
        long period = arming.Period;
        leeway.Missed = now > due ? (long)(((Int128)now - due) / period) : 0;
        Int128 next = due + (((Int128)leeway.Missed + 1) * period);
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
        if (!IsOpen)
        {
            arming.DueAt = at.Nanoseconds;
        }
        else if (IsQueued)
        {
            clock.Queue.Move(this, at.Nanoseconds);
        }
        else
        {
            clock.Add(this, at.Nanoseconds);
        }
    }

    // It may also be flagged, for a child; that stays.
    private void LeaveDue()
    {
        if (List is not null && List == Band.Due)
        {
            List.Remove(this);
        }
    }
}
