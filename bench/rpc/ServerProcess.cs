using System;
using System.Globalization;
using System.IO;

namespace Spindle.Bench.Rpc;

/// <summary>The daemon under test, from outside: its processor time, memory and threads.</summary>
internal sealed unsafe class ServerProcess(int processId)
{
    // man 3 clock_getcpuclockid: a process's clock is made of its number; 2 is what the scheduler counts, in nanoseconds.
    private readonly int clock = (~processId << 3) | 2;

    /// <summary>Processor time of all its threads, those that have ended included.</summary>
    public long CpuNanoseconds()
    {
        long* time = stackalloc long[2];
        if (LibC.ClockGetTime(clock, time) != 0)
        {
            throw new InvalidOperationException($"process {processId} is gone");
        }

        return (time[0] * 1_000_000_000) + time[1];
    }

    /// <summary>Its share of memory (PSS), in KiB.</summary>
    public long MemoryKibibytes()
    {
        foreach (string line in File.ReadLines($"/proc/{processId}/smaps_rollup"))
        {
            if (line.StartsWith("Pss:", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(4, line.Length - 7), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("no Pss in smaps_rollup");
    }

    /// <summary>Its threads.</summary>
    public int Threads() => Directory.GetDirectories($"/proc/{processId}/task").Length;
}
