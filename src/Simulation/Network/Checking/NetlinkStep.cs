namespace Spindle.Simulation.Network.Checking;

/// <summary>One request of a sequence: its octets, and how a person would write it.</summary>
/// <param name="Text">What is asked, in words.</param>
/// <param name="Octets">The message; its sequence number is set when it is sent.</param>
/// <param name="MakesLinks">The running kernel needs a moment until it has looked at new links for the first time.</param>
internal sealed record NetlinkStep(string Text, byte[] Octets, bool MakesLinks = false)
{
    public override string ToString() => Text;
}
