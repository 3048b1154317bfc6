using System;
using Spindle.Basics;

namespace Spindle.Kernels.Linux;

/// <summary><c>struct timespec</c>.</summary>
internal struct TimeSpec
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    public long Seconds;
    public long Nanoseconds;

    public static TimeSpec Of(Instant instant) => new()
    {
        Seconds = instant.Nanoseconds / NanosecondsPerSecond,
        Nanoseconds = instant.Nanoseconds % NanosecondsPerSecond,
    };

    public static TimeSpec Of(TimeSpan span) => new()
    {
        Seconds = span.Ticks / TimeSpan.TicksPerSecond,
        Nanoseconds = span.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
    };

    public readonly Instant ToInstant() => new((Seconds * NanosecondsPerSecond) + Nanoseconds);
}
