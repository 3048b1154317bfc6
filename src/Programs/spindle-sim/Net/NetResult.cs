using System;
using System.Collections.Generic;

namespace Spindle.Programs.Net;

/// <summary>What a run came to.</summary>
internal sealed record NetResult
{
    public required ulong Seed { get; init; }

    /// <summary>Everything that was drawn and that happened, as one number: two runs of a seed have the same.</summary>
    public required ulong Hash { get; init; }

    /// <summary>What must not be; empty if all went well.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>The events that did happen, by number.</summary>
    public required IReadOnlyList<ulong> Happened { get; init; }

    /// <summary>The planned faults as people read them.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Virtual time.</summary>
    public required TimeSpan Span { get; init; }

    public required long Turns { get; init; }

    public required long SystemCalls { get; init; }

    public required int Lives { get; init; }

    public required long Answers { get; init; }

    /// <summary>System calls of the kind that was to fail, in the first life.</summary>
    public required long CallsOfKind { get; init; }
}
