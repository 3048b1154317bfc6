using System.Collections.Generic;
using System.Text;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Where model and running kernel differ.</summary>
internal sealed record NetlinkDifference(IReadOnlyList<NetlinkStep> Steps, string Model, string Running)
{
    /// <summary>The requests up to the difference, one a line, then what each side said.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (NetlinkStep step in Steps)
        {
            text.AppendLine(step.Text);
        }

        return text.Append("# model:   ").AppendLine(Model).Append("# running: ").Append(Running).ToString();
    }
}
