using System.Collections.Generic;

namespace Spindle.Kernels;

/// <summary>A child process to start: with an empty signal mask and default dispositions, whatever ours are.</summary>
/// <param name="Path">The executable; not searched for.</param>
/// <param name="Arguments">With <c>argv[0]</c>.</param>
/// <param name="Environment">As <c>NAME=value</c>; null: ours.</param>
public sealed record SpawnRequest(string Path, IReadOnlyList<string> Arguments, IReadOnlyList<string>? Environment = null)
{
    /// <summary>Our descriptors and the numbers they get in the child; all others are closed there (close-on-exec).</summary>
    public IReadOnlyList<(int Ours, int Childs)> Descriptors { get; init; } = [];

    /// <summary>True: the child leads a session of its own.</summary>
    public bool NewSession { get; init; }
}
