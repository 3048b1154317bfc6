using System.Collections.Generic;

namespace Spindle.Simulation.World;

/// <summary>What all streams of one run share: the hash, and which numbered events happened or were left out.</summary>
internal sealed class ChoiceRecord(ulong seed, IReadOnlySet<ulong>? leftOut)
{
    private readonly List<ulong> happened = [];

    public ulong Seed => seed;

    public TraceHash Trace { get; } = new();

    public IReadOnlyList<ulong> Happened => happened;

    public long Draws { get; private set; }

    public void Drawn(ulong value)
    {
        Draws++;
        Trace.Fold(value);
    }

    /// <summary>Notes the event and says that it happens, unless it is one that this run leaves out.</summary>
    public bool Happens(ulong number)
    {
        if (leftOut is not null && leftOut.Contains(number))
        {
            return false;
        }

        happened.Add(number);
        return true;
    }
}
