using System.Collections.Generic;
using System.Text;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>A sequence whose last step came out differently.</summary>
/// <param name="Steps">The sequence.</param>
/// <param name="Modelled">What the model made of the last step.</param>
/// <param name="Running">What the running kernel made of it.</param>
internal sealed record PacketDifference(IReadOnlyList<PacketStep> Steps, string Modelled, string Running)
{
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (PacketStep step in Steps)
        {
            text.Append(step.Text).Append('\n');
        }

        return text.Append("model:   ").Append(Modelled).Append("\nrunning: ").Append(Running).ToString();
    }
}
