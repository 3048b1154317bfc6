using System;
using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>What kind of sequences a check plays.</summary>
public enum SequenceKind
{
    /// <summary>Random steps of all kinds but signals.</summary>
    Random,

    /// <summary>Signals among them. Every signal of the process wakes every signalfd, the runtime's own signals too: a
    /// difference that is not there the next time is theirs.</summary>
    Signals,
}

/// <summary>The sequence of a kind and a seed.</summary>
internal static class SequencesOf
{
    public static IReadOnlyList<ScriptStep> Seed(SequenceKind kind, ulong seed) => kind switch
    {
        SequenceKind.Random => SequenceGenerator.Generate(seed, hasSignals: false),
        SequenceKind.Signals => SequenceGenerator.Generate(seed, hasSignals: true),
    };
}
