using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Simulation.Scripts;

/// <summary>A verb of scripts: how it is written, and what it does.</summary>
/// <param name="Usage">As the notation writes it.</param>
/// <param name="Kinds">One letter an argument: N a new name, F a descriptor, I a number, C a count of at least 1, B a number of octets, M a mask, P a descriptor with a mask,
/// W a word, Q a new FIFO, O something to open, T a new thread, S a thread; small letters for those that may be left out, a last <c>*</c> for any number of the last one.</param>
/// <param name="Run">Does it; the answer is what is printed.</param>
internal sealed record ScriptVerb(string Usage, string Kinds, Func<ScriptContext, ScriptArguments, string> Run)
{
    /// <summary>What is wrong with a step beyond what its kinds say, before it runs; null for nothing.</summary>
    public Func<ScriptStep, string?>? Complaint { get; init; }

    /// <summary>The steps that the step plays; null for none.</summary>
    public Func<ScriptStep, IEnumerable<ScriptStep>>? Inner { get; init; }

    /// <summary>What follows the new name in the names that the step makes; <c>.*</c> for numbers.</summary>
    public IReadOnlyList<string> Ends { get; init; } = [""];

    public string Name => Usage.Split(' ')[0];

    public int RequiredCount => Kinds.Count(char.IsUpper);

    public int MaxCount => Kinds.EndsWith('*') ? int.MaxValue : Kinds.Length;

    public char KindOf(int index) => char.ToUpperInvariant(Kinds[Math.Min(index, Kinds.TrimEnd('*').Length - 1)]);
}
