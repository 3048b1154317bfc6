using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>Called when a timer is due. It is disarmed by then, and may be armed again here.</summary>
/// <param name="timer">The timer; removing it here is legal.</param>
/// <param name="now">The turn's time on the timer's clock; not before the deadline.</param>
public delegate void TimerHandler(TimerSource timer, Instant now);

/// <summary>One deadline, armed and re-armed at will. Never early.</summary>
/// <remarks>Timers of one priority that are due in one turn go first of all, in the order of their deadlines, equal
/// deadlines in the order they were armed.</remarks>
public sealed class TimerSource : Source
{
    private readonly TimerClock clock;
    private readonly TimerHandler handler;

    internal TimerSource(EventLoop loop, TimerClock clock, TimerHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        this.clock = clock;
        this.handler = handler;
    }

    /// <summary>True from arming until the callback, or until disarmed.</summary>
    public bool IsArmed => !DueAt.IsNever;

    /// <summary>The deadline; <see cref="Instant.Never"/> while disarmed.</summary>
    public Instant DueAt { get; private set; } = Instant.Never;

    /// <summary>The place in the heap; -1: not in it. Belongs to <see cref="TimerQueue"/>.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>Grows with every arming. Belongs to <see cref="TimerQueue"/>.</summary>
    internal long ArmedOrder { get; set; }

    /// <summary>Arms it, or arms it anew. What lies in the past is due in the next turn.</summary>
    /// <param name="at">On the timer's clock; <see cref="Instant.Never"/> disarms.</param>
    /// <exception cref="InvalidOperationException">The timer was removed.</exception>
    public void ArmAt(Instant at)
    {
        if (!IsActive)
        {
            throw new InvalidOperationException($"Timer '{this}' was removed.");
        }

        Loop.VerifyThread();
        if (at.IsNever)
        {
            Disarm();
            return;
        }

        LeaveDue();
        DueAt = at;
        if (IsOpen)
        {
            clock.Queue.Set(this, at);
        }
    }

    /// <summary>Arms it a span from now: from this very moment, not from the beginning of the turn.</summary>
    /// <param name="span">How long; negative: at once.</param>
    public void ArmAfter(TimeSpan span) => ArmAt(clock.Read() + span);

    /// <summary>Disarms it, also if it is due in this very turn.</summary>
    public void Disarm()
    {
        LeaveDue();
        LeaveQueue();
        DueAt = Instant.Never;
    }

    /// <summary>How long the deadline has been past; for a timer that is due.</summary>
    internal TimeSpan Lateness => clock.Now - DueAt;

    internal void BecomeDue()
    {
        clock.Queue.Remove(this);
        Band.Due.Append(this);
    }

    internal override bool Dispatch(long turn)
    {
        Disarm();
        handler(this, clock.Now);
        return true;
    }

    internal override void Detach() => Disarm();

    private protected override void Shut() => LeaveQueue();

    private protected override void Open()
    {
        if (IsArmed)
        {
            clock.Queue.Set(this, DueAt);
        }
    }

    private void LeaveQueue()
    {
        if (HeapIndex >= 0)
        {
            clock.Queue.Remove(this);
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
