using System;
using System.Collections.Generic;

namespace Spindle.Simulation.World;

/// <summary>Something that can go wrong for a while.</summary>
/// <param name="Name">For the trace and for reports.</param>
/// <param name="DurationMin">How long at least; faults of a moment have zero.</param>
/// <param name="DurationMax">How long at most.</param>
/// <param name="Begin">Makes it go wrong, with a stream of choices of its own.</param>
/// <param name="End">Makes it right again.</param>
internal sealed record Fault(string Name, TimeSpan DurationMin, TimeSpan DurationMax, Action<Choices> Begin, Action End)
{
    /// <summary>How likely it is drawn, beside the others.</summary>
    public uint Weight { get; init; } = 10;
}

/// <summary>What can go wrong in a world: each part of it adds its own.</summary>
internal sealed class FaultMenu
{
    private readonly List<Fault> faults = [];

    public IReadOnlyList<Fault> Faults => faults;

    public void Add(Fault fault) => faults.Add(fault);

    /// <summary>A fault that begins and ends.</summary>
    public void Add(string name, TimeSpan durationMin, TimeSpan durationMax, Action<Choices> begin, Action end, uint weight = 10) =>
        Add(new Fault(name, durationMin, durationMax, begin, end) { Weight = weight });

    /// <summary>A fault of a moment, such as a loss of memory.</summary>
    public void Add(string name, Action<Choices> happen, uint weight = 10) =>
        Add(name, TimeSpan.Zero, TimeSpan.Zero, happen, static () => { }, weight);
}
