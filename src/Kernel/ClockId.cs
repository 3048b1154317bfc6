namespace Spindle.Kernels;

/// <summary>The kernel's clocks (<c>man 2 clock_gettime</c>).</summary>
public enum ClockId
{
    /// <summary>Wall-clock time since 1970; may step.</summary>
    Realtime = 0,

    /// <summary>Time since boot without suspend.</summary>
    Monotonic = 1,

    /// <summary>CPU time of the process.</summary>
    ProcessCpuTime = 2,

    /// <summary>Time since boot with suspend: what leases age by.</summary>
    Boottime = 7,
}
