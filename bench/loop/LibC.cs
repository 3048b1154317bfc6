using System.Runtime.InteropServices;

namespace Spindle.Bench.Loop;

/// <summary>Clocks and processors, which the kernel floor has no reason to offer.</summary>
internal static unsafe partial class LibC
{
    public const int ProcessCpuClock = 2; // CLOCK_PROCESS_CPUTIME_ID

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, long* time);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    public static partial int SetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    public static partial int GetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "pause")]
    public static partial int Pause();
}
