using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Time;

/// <summary>A clock that stands still until it is moved, and the alarms set on it.</summary>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<Alarm, (Instant At, long Number)> alarms = new();
    private long numbers;
    private int cancelled;

    public VirtualClock(Instant start) => Now = start;

    public Instant Now { get; private set; }

    /// <summary>When the next alarm goes off; never if none is set.</summary>
    public Instant NextAt
    {
        get
        {
            DropCancelled();
            return alarms.Count == 0 ? Instant.Never : alarms.Peek().At;
        }
    }

    /// <summary>Sets an alarm. One for an instant that has passed goes off with the next movement, however small.</summary>
    public Alarm Set(Instant at, Action action)
    {
        Alarm alarm = new(this, at, ++numbers, action);
        alarms.Enqueue(alarm, (at, alarm.Number));
        return alarm;
    }

    /// <summary>Moves the clock; alarms go off in their order, each with the clock at its own instant.</summary>
    public void AdvanceTo(Instant target)
    {
        while (NextAt <= target && alarms.Count > 0)
        {
            Now = Instant.Max(Now, NextAt);
            GoOff(alarms.Dequeue());
        }

        Now = Instant.Max(Now, target);
    }

    /// <summary>Moves the clock and nothing else: <see cref="RunDue"/> comes next, when other clocks have been moved, too.</summary>
    public void MoveTo(Instant target) => Now = Instant.Max(Now, target);

    /// <summary>The alarms that are due go off, in their order.</summary>
    public void RunDue()
    {
        while (NextAt <= Now && alarms.Count > 0)
        {
            GoOff(alarms.Dequeue());
        }
    }

    internal void Cancel(Alarm alarm)
    {
        if (!alarm.IsSet)
        {
            return;
        }

        alarm.IsSet = false;
        cancelled++;
        if (cancelled > 64 && cancelled > alarms.Count / 2)
        {
            Compact();
        }
    }

    private static void GoOff(Alarm alarm)
    {
        alarm.IsSet = false;
        alarm.Action();
    }

    private void DropCancelled()
    {
        while (alarms.Count > 0 && !alarms.Peek().IsSet)
        {
            alarms.Dequeue();
            cancelled--;
        }
    }

    private void Compact()
    {
        List<Alarm> kept = [];
        foreach ((Alarm alarm, _) in alarms.UnorderedItems)
        {
            if (alarm.IsSet)
            {
                kept.Add(alarm);
            }
        }

        alarms.Clear();
        cancelled = 0;
        foreach (Alarm alarm in kept)
        {
            alarms.Enqueue(alarm, (alarm.At, alarm.Number));
        }
    }
}
