using System;

namespace Spindle.Simulation.Scripts;

/// <summary>A step of the script itself sleeps, and nothing there is will ever wake it.</summary>
internal sealed class ForEverException() : Exception("waits for ever")
{
}
