using System;

namespace Spindle.Loop;

/// <summary>What makes a turn take the long way. None: the short one.</summary>
[Flags]
internal enum LoopFeatures
{
    None = 0,
    Customs = 1,
    Phases = 2,
    Families = 4,
    RateLimits = 8,
    Observer = 16,
    Stalls = 32,
    Spins = 64,

    /// <summary>A foreign loop waits; the next turn begins behind its wait.</summary>
    Prepared = 128,
}
