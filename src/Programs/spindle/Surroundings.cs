using System.IO;

namespace Spindle.Programs;

/// <summary>What a command sees of the world.</summary>
internal sealed class Surroundings
{
    public required TextWriter Output { get; init; }

    public required TextWriter Errors { get; init; }

    public required string BusAddress { get; init; }

    /// <summary>Output goes to a terminal that may be coloured.</summary>
    public bool HasColours { get; init; }
}
