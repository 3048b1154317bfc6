using System;
using Spindle.Basics;

namespace Spindle.Kernels;

/// <summary>The wall clock of a kernel, for what people and files are told. It may step: measure nothing by it.</summary>
/// <param name="kernel">Whose clock.</param>
public sealed class WallClock(Kernel kernel)
{
    /// <summary>Nanoseconds since 1970.</summary>
    public Instant Now => kernel.Now(ClockId.Realtime);

    /// <summary>The same as a date, to 100 ns.</summary>
    public DateTime UtcNow => DateTime.UnixEpoch.AddTicks(Now.Nanoseconds / TimeSpan.NanosecondsPerTick);
}
