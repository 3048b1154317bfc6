using System;
using System.Globalization;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Bench.Loop;

/// <summary>What the workloads share with the C peers' bench.h: CPU time, the same random numbers, processors, results.</summary>
internal static unsafe class Bench
{
    private const int MaskWords = 16;
    private static readonly ulong[] AllowedCpus = Allowed();
    private static ulong randomState = 88172645463325252UL;

    /// <summary>CPU time to spend on one figure.</summary>
    public static long BudgetNs { get; } =
        long.Parse(Environment.GetEnvironmentVariable("BUDGET_MS") ?? "60", CultureInfo.InvariantCulture) * 1_000_000;

    public static LinuxKernel Kernel { get; } = new();

    /// <summary>How our loops wait.</summary>
    public static WaitingBy Waiting { get; set; } = WaitingBy.Epoll;

    /// <summary>CPU time of all threads of the process, the runtime's own included.</summary>
    public static long CpuNs()
    {
        long* time = stackalloc long[2];
        LibC.ClockGetTime(LibC.ProcessCpuClock, time);
        return (time[0] * 1_000_000_000) + time[1];
    }

    /// <summary>How our loops are told of descriptors.</summary>
    public static FdTrigger Trigger { get; set; } = FdTrigger.Level;

    /// <summary>True: work that waits for descriptors awaits them.</summary>
    public static bool IsAwaiting { get; set; }

    public static EventLoop NewLoop() => new(Kernel, new EventLoopOptions { Waiting = Waiting });

    public static long NowNs() => Kernel.Now(ClockId.Monotonic).Nanoseconds;

    /// <summary>xorshift64*.</summary>
    public static ulong NextRandom()
    {
        randomState ^= randomState >> 12;
        randomState ^= randomState << 25;
        randomState ^= randomState >> 27;
        return randomState * 2685821657736338717UL;
    }

    /// <summary>How often to do what took so long so many times, to fill the budget; or as often as TIMES says, which a count of
    /// instructions wants.</summary>
    public static long Fitting(long spentNs, long times, long least, long most) =>
        Environment.GetEnvironmentVariable("TIMES") is { } exactly ? long.Parse(exactly, CultureInfo.InvariantCulture) : (long)Math.Clamp(BudgetNs / Math.Max(1.0, (double)spentNs / times), least, most);

    public static void Put(string key, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} {value:F1}"));

    /// <summary>The value of a call that must succeed.</summary>
    public static int Checked(Result result, string what) => result.IsOk ? result.Int : throw Failed(result, what);

    private static InvalidOperationException Failed(Result result, string what) => new($"{what}: {result.Error}");

    /// <summary>The calling thread to the n-th processor that we were allowed to use at the start.</summary>
    public static void PinThread(int nth)
    {
        int count = 0;
        foreach (ulong word in AllowedCpus)
        {
            count += System.Numerics.BitOperations.PopCount(word);
        }

        int left = nth % count;
        ulong* mask = stackalloc ulong[MaskWords];
        for (int cpu = 0; cpu < MaskWords * 64; cpu++)
        {
            bool isAllowed = (AllowedCpus[cpu / 64] >> (cpu % 64) & 1) != 0;
            if (isAllowed && left-- == 0)
            {
                mask[cpu / 64] |= 1UL << (cpu % 64);
            }
        }

        LibC.SetAffinity(0, MaskWords * sizeof(ulong), mask);
    }

    private static ulong[] Allowed()
    {
        ulong[] words = new ulong[MaskWords];
        fixed (ulong* mask = words)
        {
            LibC.GetAffinity(0, MaskWords * sizeof(ulong), mask);
        }

        return words;
    }
}
