using System;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>One step of a sequence.</summary>
/// <param name="Text">What is done, in words.</param>
/// <param name="Play">Does it; what came of it.</param>
internal sealed record PacketStep(string Text, Func<PacketSide, string> Play);
