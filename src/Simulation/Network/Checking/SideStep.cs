using System;

namespace Spindle.Simulation.Network.Checking;

/// <summary>One step of a sequence whose code is the same for both kernels.</summary>
/// <param name="Text">What is done, in words.</param>
/// <param name="Play">Does it; what came of it.</param>
internal sealed record SideStep<TSide>(string Text, Func<TSide, string> Play)
{
    public override string ToString() => Text;
}
