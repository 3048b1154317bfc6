using System;
using Spindle.Basics;

namespace Spindle.Simulation.Time;

/// <summary>Something that happens at an instant of a <see cref="VirtualClock"/>; when it has, it may be set again.</summary>
internal sealed class Alarm(VirtualClock clock, Action action)
{
    /// <summary>When it goes off.</summary>
    public Instant At { get; private set; }

    /// <summary>Alarms of one instant go off in the order in which they were set.</summary>
    public long Number { get; internal set; }

    public Action Action { get; } = action;

    public bool IsSet => Place >= 0;

    /// <summary>Where it is in the clock's heap; -1: nowhere.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>Sets it for another instant, or for the first time.</summary>
    public void Set(Instant at)
    {
        Cancel();
        At = at;
        clock.Insert(this);
    }

    public void Cancel()
    {
        if (IsSet)
        {
            clock.Remove(this);
        }
    }

    public bool IsBefore(Alarm other) => At < other.At || (At == other.At && Number < other.Number);
}
