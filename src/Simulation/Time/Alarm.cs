using System;
using Spindle.Basics;

namespace Spindle.Simulation.Time;

/// <summary>Something that happens at an instant of a <see cref="VirtualClock"/>.</summary>
internal sealed class Alarm(VirtualClock clock, Instant at, long number, Action action)
{
    public Instant At { get; } = at;

    /// <summary>Alarms of one instant go off in the order in which they were set.</summary>
    public long Number { get; } = number;

    public Action Action { get; } = action;

    public bool IsSet { get; internal set; } = true;

    public void Cancel() => clock.Cancel(this);
}
