using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Simulation.Scripts;

/// <summary>All verbs of the notation.</summary>
internal static class ScriptVerbs
{
    public static IReadOnlyDictionary<string, ScriptVerb> All { get; } = new IEnumerable<ScriptVerb>[]
    {
        ObjectVerbs.All, EpollVerbs.All, HeldVerbs.All, TransferVerbs.All, ShapeVerbs.All, ThreadVerbs.All,
    }.SelectMany(verbs => verbs).ToDictionary(verb => verb.Name, StringComparer.Ordinal);
}
