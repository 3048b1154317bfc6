using System;

namespace Spindle.Basics;

/// <summary>A small repeatable generator (SplitMix64) for jitter and transaction ids: same seed, same numbers.</summary>
/// <remarks>Not for secrets. A machine owns one, seeded from outside, so that a run replays.</remarks>
public struct PseudoRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        state += 0x9E37_79B9_7F4A_7C15;
        ulong mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32() => (uint)(NextUInt64() >> 32);

    /// <summary>A number from 0 up to, but not including, <paramref name="bound"/>.</summary>
    public uint NextBelow(uint bound) => (uint)((ulong)NextUInt32() * bound >> 32);

    /// <summary>A span between two spans, evenly spread.</summary>
    public TimeSpan NextBetween(TimeSpan min, TimeSpan max) =>
        min + TimeSpan.FromTicks((long)((UInt128)(ulong)(max - min).Ticks * NextUInt64() >> 64));
}
