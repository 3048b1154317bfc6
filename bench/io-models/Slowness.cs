using System.Threading;
using Spindle.Bench.Loop;

namespace Spindle.Bench.IoModels;

/// <summary>What a message costs, by its ninth octet: as be_slow in server.c.</summary>
internal static unsafe class Slowness
{
    public const int KindOffset = 8;
    public const byte Nothing = (byte)'e';

    private const int ThreadCpuClock = 3; // CLOCK_THREAD_CPUTIME_ID
    private const int ComputeNs = 100_000;
    private const int BlockMs = 2;

    public static void Be(byte kind)
    {
        if (kind == (byte)'c')
        {
            long until = ThreadCpuNs() + ComputeNs;
            while (ThreadCpuNs() < until)
            {
            }
        }
        else if (kind == (byte)'b')
        {
            Thread.Sleep(BlockMs);
        }
    }

    private static long ThreadCpuNs()
    {
        long* time = stackalloc long[2];
        LibC.ClockGetTime(ThreadCpuClock, time);
        return (time[0] * 1_000_000_000) + time[1];
    }
}
