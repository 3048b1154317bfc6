using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.World;

/// <summary>A rule of a standard, or of ours, that was broken.</summary>
/// <param name="At">When.</param>
/// <param name="Who">Who saw it.</param>
/// <param name="Rule">The rule, with its source.</param>
/// <param name="Detail">What was seen.</param>
internal sealed record Violation(Instant At, string Who, string Rule, string Detail)
{
    public override string ToString() => $"{At} {Who}: {Rule}: {Detail}";
}

/// <summary>What was seen that must not be: a run asserts that this is empty.</summary>
internal sealed class Violations(VirtualClock clock)
{
    /// <summary>So many are kept; more are counted only.</summary>
    public const int KeptMax = 100;

    private readonly List<Violation> kept = [];

    public IReadOnlyList<Violation> Kept => kept;

    public long Count { get; private set; }

    public void Add(string who, string rule, string detail)
    {
        Count++;
        if (kept.Count < KeptMax)
        {
            kept.Add(new(clock.Now, who, rule, detail));
        }
    }
}
