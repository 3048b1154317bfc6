using System.Collections.Generic;

namespace Spindle.Simulation.Scripts;

/// <summary>One step of a script.</summary>
/// <param name="Number">Its place among the steps, from 1.</param>
/// <param name="Line">The line it stands on, from 1.</param>
/// <param name="Words">The verb and what follows it.</param>
public sealed record ScriptStep(int Number, int Line, IReadOnlyList<string> Words)
{
    /// <summary>The verb.</summary>
    public string Verb => Words[0];

    /// <summary>The step as it was written, with single spaces.</summary>
    public string Text => string.Join(' ', Words);
}
