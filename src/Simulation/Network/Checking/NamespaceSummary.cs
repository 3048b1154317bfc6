using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Network.Checking;

/// <summary>What a check in namespaces has done so far.</summary>
/// <param name="Sequences">Sequences that were played.</param>
/// <param name="Operations">Steps in them.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Found">The difference that ended it, made short; null if there was none.</param>
/// <param name="FoundSeed">The seed of its sequence.</param>
/// <param name="Flaky">Differences that were not there each time that the same sequence was played again.</param>
public sealed record NamespaceSummary(
    long Sequences, long Operations, TimeSpan Elapsed, string? Found, ulong FoundSeed, IReadOnlyList<string> Flaky);
