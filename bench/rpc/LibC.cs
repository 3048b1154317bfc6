using System.Runtime.InteropServices;

namespace Spindle.Bench.Rpc;

/// <summary>The clock of another process's processor time, which the kernel floor has no reason to offer.</summary>
internal static unsafe partial class LibC
{
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, long* time);
}
