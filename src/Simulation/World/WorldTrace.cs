using System;
using System.Globalization;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.World;

/// <summary>What happens in the world, one line an event: always folded into the hash, written out only if somebody listens.</summary>
internal sealed class WorldTrace(VirtualClock clock, TraceHash hash)
{
    /// <summary>Takes the lines; null (the default) makes none.</summary>
    public Action<string>? Writer { get; set; }

    /// <summary>True if lines are made: ask before building a detail.</summary>
    public bool IsOn => Writer is not null;

    /// <summary>Something happened now. <paramref name="number"/> tells apart what the words do not.</summary>
    public void Note(string who, string what, ulong number = 0)
    {
        hash.Fold((ulong)clock.Now.Nanoseconds);
        hash.Fold(who);
        hash.Fold(what);
        hash.Fold(number);
        Writer?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{clock.Now} {who}: {what}{(number == 0 ? "" : $" {number}")}"));
    }

    /// <summary>Octets passed somewhere: they count in full, and the line shows them.</summary>
    public void Octets(string who, string what, ReadOnlySpan<byte> octets)
    {
        hash.Fold((ulong)clock.Now.Nanoseconds);
        hash.Fold(who);
        hash.Fold(octets);
        Writer?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{clock.Now} {who}: {what}, {octets.Length} octets {Convert.ToHexStringLower(octets)}"));
    }
}
