using System;
using System.Collections.Generic;

namespace Spindle.Programs.Net;

/// <summary>What kind of world a run is in.</summary>
internal sealed record NetOptions
{
    /// <summary>Same seed and options, same run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Virtual time until faults end.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many links the machine has, 1 to 32; null for a number drawn.</summary>
    public int? Links { get; init; }

    /// <summary>How many faults; null for a number drawn.</summary>
    public int? Faults { get; init; }

    /// <summary>One home network, and nothing ever happens: what an idle day costs.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>main.conf opens the libvirt door, and somebody uses it.</summary>
    public bool HasDoor { get; init; }

    /// <summary>A system call of the first life that fails; null for none.</summary>
    public PlannedFailure? Failure { get; init; }

    /// <summary>Memory that an old daemon holds beyond a fresh one's is measured: nothing else may run in this process.</summary>
    public bool MeasuresMemory { get; init; }

    /// <summary>Does, after each turn, what a daemon must never do: the proof that a world would see it. Null for nothing.</summary>
    public Action<DaemonLife>? Plant { get; init; }

    /// <summary>Numbers of events that do not happen this time.</summary>
    public IReadOnlySet<ulong>? LeftOut { get; init; }

    /// <summary>The daemon's debug messages are part of the trace.</summary>
    public bool IsDebug { get; init; }

    /// <summary>Takes the trace's lines; null for none.</summary>
    public Action<string>? Trace { get; init; }
}
