using System.Collections.Generic;

namespace Spindle.Loop;

/// <summary>The sources of the phases, a handful.</summary>
internal sealed class PhaseTable
{
    private readonly List<PhaseSource> sources = [];

    public void Add(PhaseSource source) => sources.Add(source);

    public void Remove(PhaseSource source) => sources.Remove(source);

    /// <summary>The next source of a phase in the order of calling. Asked anew each time, since callbacks come and go.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="priority">The priority of the one before.</param>
    /// <param name="sequence">The sequence of the one before.</param>
    public PhaseSource? After(LoopPhase phase, int priority, long sequence)
    {
        PhaseSource? next = null;
        foreach (PhaseSource source in sources)
        {
            bool isLater = source.Priority > priority || (source.Priority == priority && source.Sequence > sequence);
            if (source.Phase == phase && source.IsOpen && isLater && (next is null || IsBefore(source, next)))
            {
                next = source;
            }
        }

        return next;
    }

    private static bool IsBefore(PhaseSource left, PhaseSource right) => left.Priority != right.Priority
        ? left.Priority < right.Priority
        : left.Sequence < right.Sequence;
}
