using System.Collections.Generic;
using System.Globalization;
using Spindle.Basics;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>What all who make random sequences need: a source of choices, and steps to add to.</summary>
internal abstract class SequenceWriter(ulong seed)
{
    private readonly List<ScriptStep> steps = [];

    protected PseudoRandom Random = new(seed);

    public IReadOnlyList<ScriptStep> Steps => steps;

    protected static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    protected bool Percent(int share) => Random.NextBelow(100) < share;

    protected int Below(int bound) => (int)Random.NextBelow((uint)bound);

    protected T Any<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    protected void Emit(params string[] words) => steps.Add(new ScriptStep(steps.Count + 1, steps.Count + 1, words));
}
