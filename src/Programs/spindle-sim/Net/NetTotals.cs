using System;
using System.Globalization;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>Sums over many runs.</summary>
internal sealed class NetTotals
{
    private long seeds;
    private double days;
    private long turns;
    private long calls;
    private long lives;
    private long answers;
    private long events;

    /// <summary>The hashes of all traces, as one.</summary>
    public ulong Hash { get; private set; }

    public void Add(NetResult result)
    {
        seeds++;
        days += result.Span.TotalDays;
        turns += result.Turns;
        calls += result.SystemCalls;
        lives += result.Lives;
        answers += result.Answers;
        events += result.Happened.Count;
        Hash = TraceHash.Mix(Hash ^ result.Hash);
    }

    public string Text(TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{seeds} worlds, {days:F1} virtual days ({days / Math.Max(elapsed.TotalMinutes, 1e-9):F0} a minute), {events} mishaps, "
        + $"{lives} lives, {turns} turns, {calls} system calls, {answers} answers");
}
