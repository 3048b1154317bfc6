using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>A script by which model and kernel differ in its last step.</summary>
/// <param name="Steps">The script.</param>
/// <param name="Model">What the model returned in the last step.</param>
/// <param name="Kernel">What the kernel returned.</param>
public sealed record Difference(IReadOnlyList<ScriptStep> Steps, string Model, string Kernel)
{
    /// <summary>True for a difference of the same way: the same verb, and of both sides the same kind of answer.</summary>
    internal bool IsLike(Difference other) =>
        Steps[^1].Verb == other.Steps[^1].Verb && KindOf(Model) == KindOf(other.Model) && KindOf(Kernel) == KindOf(other.Kernel);

    // An error is of its own kind; of numbers, lists of events and masks each is like the other.
    private static string KindOf(string answer) => answer.Length == 0 ? ""
        : answer[0] == '[' ? "events"
        : answer.Contains('=', StringComparison.Ordinal) ? "masks"
        : char.IsAsciiDigit(answer[0]) ? "number" : answer.Split(' ', ':')[0];

    /// <summary>The script as text that <c>spindle-sim epoll - --diff</c> takes, and what was returned.</summary>
    public override string ToString()
    {
        List<string> lines = [];
        foreach (ScriptStep step in Steps)
        {
            lines.Add(step.Text);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', lines)}\n# model:  {Model}\n# kernel: {Kernel}");
    }
}
