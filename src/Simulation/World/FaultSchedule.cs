using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Basics;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.World;

/// <summary>A fault with its time.</summary>
/// <param name="Id">Its number in <see cref="Choices.Happened"/>: a run can leave it out.</param>
/// <param name="At">When it begins.</param>
/// <param name="Duration">How long it lasts.</param>
/// <param name="Fault">What happens.</param>
internal sealed record PlannedFault(ulong Id, Instant At, TimeSpan Duration, Fault Fault)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At} {Fault.Name}, {Duration}");
}

/// <summary>Plans faults from a menu and lets them begin and end. Each has a stream of choices of its own, so that one left out
/// changes no other.</summary>
internal sealed class FaultSchedule
{
    private readonly List<PlannedFault> planned = [];
    private readonly Dictionary<Fault, Alarm> active = [];
    private readonly ActorContext context;
    private readonly FaultMenu menu;
    private int numbers;

    public FaultSchedule(ActorContext context, FaultMenu menu)
    {
        this.context = context.Fork("faults");
        this.menu = menu;
    }

    /// <summary>What happens in this run, in the order planned.</summary>
    public IReadOnlyList<PlannedFault> Planned => planned;

    /// <summary>Faults that have begun and not ended.</summary>
    public int Active => active.Count;

    /// <summary>When the last one ends.</summary>
    public Instant EndsAt { get; private set; }

    /// <summary>Begins and ends, for statistics.</summary>
    public long Begun { get; private set; }

    /// <summary>Draws so many faults between two instants; all end before the second.</summary>
    public void Plan(int count, Instant from, Instant until)
    {
        uint[] weights = new uint[menu.Faults.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = menu.Faults[i].Weight;
        }

        for (int i = 0; i < count && weights.Length > 0; i++)
        {
            string name = "fault " + numbers++.ToString(CultureInfo.InvariantCulture);
            PlanOne(context.Choices.Fork(name), weights, from, until);
        }
    }

    /// <summary>Ends what has begun; what is still to come does come.</summary>
    public void EndAll()
    {
        foreach (Fault fault in new List<Fault>(active.Keys))
        {
            active[fault].Cancel();
            End(fault);
        }
    }

    private void PlanOne(Choices choices, uint[] weights, Instant from, Instant until)
    {
        Fault fault = menu.Faults[choices.PickWeighted(weights)];
        Instant at = from + choices.Between(TimeSpan.Zero, until - from);
        TimeSpan duration = fault.DurationMax > TimeSpan.Zero
            ? choices.Magnitude(TimeSpan.FromTicks(Math.Max(1, fault.DurationMin.Ticks)), fault.DurationMax)
            : TimeSpan.Zero;
        duration = TimeSpan.FromTicks(Math.Min(duration.Ticks, (until - at).Ticks));
        if (!choices.Plan(0, out ulong id))
        {
            return;
        }

        PlannedFault plan = new(id, at, duration, fault);
        planned.Add(plan);
        EndsAt = Instant.Max(EndsAt, at + duration);
        context.Clock.Set(at, () => Begin(plan, choices));
    }

    private void Begin(PlannedFault plan, Choices choices)
    {
        Fault fault = plan.Fault;
        if (active.ContainsKey(fault))
        {
            return; // It is so already.
        }

        Begun++;
        context.Trace.Note("fault", fault.Name + " begins");
        fault.Begin(choices);
        if (plan.Duration > TimeSpan.Zero)
        {
            active.Add(fault, context.Clock.Set(plan.At + plan.Duration, () => End(fault)));
        }
    }

    private void End(Fault fault)
    {
        active.Remove(fault);
        context.Trace.Note("fault", fault.Name + " ends");
        fault.End();
    }
}
