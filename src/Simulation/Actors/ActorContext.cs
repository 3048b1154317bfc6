using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors;

/// <summary>What every actor stands on: the clock, its own stream of choices, and where it says what it saw.</summary>
internal sealed record ActorContext(VirtualClock Clock, Choices Choices, Violations Violations, WorldTrace Trace)
{
    /// <summary>A context of a new world.</summary>
    public static ActorContext Create(VirtualClock clock, Choices choices) =>
        new(clock, choices, new Violations(clock), new WorldTrace(clock, choices.Trace));

    /// <summary>The same with a stream of choices of its own.</summary>
    public ActorContext Fork(string name) => this with { Choices = Choices.Fork(name) };
}
