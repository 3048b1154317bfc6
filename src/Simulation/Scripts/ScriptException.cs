using System;

namespace Spindle.Simulation.Scripts;

/// <summary>A script that cannot be run as it is written.</summary>
/// <param name="line">Where, from 1.</param>
/// <param name="message">What is wrong there.</param>
public sealed class ScriptException(int line, string message) : Exception($"line {line}: {message}")
{
    /// <summary>Where, from 1.</summary>
    public int Line { get; } = line;
}
