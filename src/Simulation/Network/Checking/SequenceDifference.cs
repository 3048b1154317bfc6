using System.Collections.Generic;
using System.Text;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A sequence whose last step, or what it leaves, differs between model and running kernel.</summary>
/// <param name="Steps">The sequence; a step's text is what it does, in words.</param>
/// <param name="Model">What the model made of it.</param>
/// <param name="Running">What the running kernel made of it.</param>
internal sealed record SequenceDifference<TStep>(IReadOnlyList<TStep> Steps, string Model, string Running)
{
    /// <summary>One step a line, then what each side said.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (TStep step in Steps)
        {
            text.Append(step).Append('\n');
        }

        return text.Append("# model:   ").Append(Model).Append("\n# running: ").Append(Running).ToString();
    }
}
