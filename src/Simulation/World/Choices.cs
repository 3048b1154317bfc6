using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.World;

/// <summary>
/// The world's one source of choices, the only entropy there is: a seed, and streams forked from it by name.
/// </summary>
/// <remarks>
/// A stream depends on the seed and on its name alone, not on what other streams drew: one more draw in one place changes nothing elsewhere.
/// Everything drawn goes into <see cref="Trace"/>, and whoever lets something happen folds that in too.
/// Mishaps (<see cref="Mishap"/>) and planned events (<see cref="Plan"/>) carry numbers; a run of the same seed
/// can leave out any set of them, which is how a failing seed is shortened.
/// </remarks>
internal sealed class Choices
{
    private readonly ulong key;
    private readonly ChoiceRecord record;
    private Dictionary<string, int>? forks;
    private PseudoRandom random;
    private uint mishaps;

    /// <param name="seed">Same seed, same world.</param>
    /// <param name="leftOut">Numbers of mishaps and planned events that do not happen in this run.</param>
    public Choices(ulong seed, IReadOnlySet<ulong>? leftOut = null)
        : this("world", TraceHash.Mix(seed + 1), new ChoiceRecord(seed, leftOut))
    {
    }

    private Choices(string name, ulong key, ChoiceRecord record)
    {
        Name = name;
        this.key = key;
        this.record = record;
        random = new PseudoRandom(key);
    }

    /// <summary>The stream's path from the root: <c>world/eth0/weather</c>.</summary>
    public string Name { get; }

    /// <summary>The seed of the whole run.</summary>
    public ulong Seed => record.Seed;

    /// <summary>What was drawn and what happened, of all streams, as one number.</summary>
    public TraceHash Trace => record.Trace;

    /// <summary>Numbers of the mishaps and planned events that did happen, in order: what a shortened run tries to leave out.</summary>
    public IReadOnlyList<ulong> Happened => record.Happened;

    /// <summary>Draws of all streams so far.</summary>
    public long Draws => record.Draws;

    /// <summary>The stream of that name below this one. A second fork of one name is another stream.</summary>
    public Choices Fork(string name)
    {
        forks ??= [];
        int earlier = forks.GetValueOrDefault(name);
        forks[name] = earlier + 1;
        string own = earlier == 0 ? name : $"{name}#{earlier + 1}";
        return new Choices($"{Name}/{own}", TraceHash.Mix(key ^ TraceHash.Of(own)), record);
    }

    /// <summary>64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong drawn = random.NextUInt64();
        record.Drawn(drawn);
        return drawn;
    }

    /// <summary>A number from 0 up to, but not including, <paramref name="bound"/>, which is at least 1.</summary>
    public uint NextBelow(uint bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        return (uint)((ulong)(uint)(NextUInt64() >> 32) * bound >> 32);
    }

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both possible.</summary>
    public int Between(int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, most);
        return (int)(least + (long)((UInt128)NextUInt64() * (ulong)((long)most - least + 1) >> 64));
    }

    /// <summary>A span from <paramref name="least"/> to <paramref name="most"/>, evenly spread, in steps of 100 ns.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, most);
        UInt128 steps = (UInt128)(ulong)(most - least).Ticks + 1;
        return least + TimeSpan.FromTicks((long)(steps * NextUInt64() >> 64));
    }

    /// <summary>A span whose order of magnitude is evenly spread: seconds are as likely as minutes and hours.</summary>
    public TimeSpan Magnitude(TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(least, TimeSpan.Zero);
        int doublings = long.Log2(Math.Max(1, most.Ticks / least.Ticks)) is long count ? (int)count : 0;
        TimeSpan low = TimeSpan.FromTicks(least.Ticks << Between(0, doublings));
        TimeSpan high = TimeSpan.FromTicks(Math.Min(most.Ticks, low.Ticks * 2));
        return Between(low, high);
    }

    /// <summary>True in <paramref name="perMillion"/> of a million cases.</summary>
    public bool Chance(uint perMillion) => NextBelow(1_000_000) < perMillion;

    /// <summary>Like <see cref="Chance"/>, for what goes wrong: if it comes true it has a number and can be left out of a later run.</summary>
    public bool Mishap(uint perMillion)
    {
        if (!Chance(perMillion))
        {
            return false;
        }

        return record.Happens(TraceHash.Mix(key + ++mishaps));
    }

    /// <summary>One of several, each as likely.</summary>
    public T Pick<T>(ReadOnlySpan<T> from) => from[(int)NextBelow((uint)from.Length)];

    /// <summary>An index, as likely as its weight is large.</summary>
    public int PickWeighted(ReadOnlySpan<uint> weights)
    {
        uint total = 0;
        foreach (uint weight in weights)
        {
            total += weight;
        }

        uint drawn = NextBelow(total);
        int index = 0;
        while (drawn >= weights[index])
        {
            drawn -= weights[index++];
        }

        return index;
    }

    /// <summary>Octets of any value.</summary>
    public void Fill(Span<byte> octets)
    {
        for (int i = 0; i < octets.Length; i++)
        {
            octets[i] = (byte)NextBelow(256);
        }
    }

    /// <summary>A seed for a generator that somebody else owns (a random device of the simulated machine).</summary>
    public ulong NextSeed() => NextUInt64();

    /// <summary>Whether the event of that number, planned on this stream, happens in this run.</summary>
    internal bool Plan(uint number, out ulong id)
    {
        id = TraceHash.Mix(key ^ TraceHash.Of("plan")) + number;
        return record.Happens(id);
    }
}
