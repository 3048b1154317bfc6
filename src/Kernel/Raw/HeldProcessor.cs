using System;
using System.Collections.Generic;
using Spindle.Kernels.Linux;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Raw;

/// <summary>The processor of the calling thread, which it keeps for itself: other threads that may run nowhere else do not run at all,
/// whoever wakes them. For checks of what becomes of those that are woken and come late.</summary>
/// <remarks>It takes CAP_SYS_NICE. The caller must not sleep meanwhile, and not for long: real-time threads may have 95 of 100 parts of a second.</remarks>
public sealed unsafe class HeldProcessor : IDisposable
{
    private const int Ordinary = 0;      // SCHED_OTHER
    private const int FirstInFirstOut = 1; // SCHED_FIFO
    private const int MaskSize = 128;    // 1,024 processors

    private readonly List<(int ThreadId, byte[] Mask)> before = [];

    private HeldProcessor()
    {
    }

    /// <summary>Takes the processor; EPERM without the right to.</summary>
    /// <param name="threads">The threads that shall not run until this is disposed.</param>
    /// <param name="held">What gives it back; null if it is not to be had.</param>
    public static Result TryTake(IEnumerable<int> threads, out HeldProcessor? held)
    {
        held = null;
        Result first = SetPolicy(FirstInFirstOut, priority: 1);
        if (!first.IsOk)
        {
            return first;
        }

        held = new HeldProcessor();
        uint processor = 0;
        Invoke(SystemCallNumber.IsArm64 ? 168 : 309, (nint)(&processor));
        byte[] alone = new byte[MaskSize];
        alone[processor / 8] = (byte)(1 << (int)(processor % 8));
        held.Confine(0, alone);
        foreach (int thread in threads)
        {
            held.Confine(thread, alone);
        }

        return first;
    }

    /// <summary>All may run again where they might before.</summary>
    public void Dispose()
    {
        foreach ((int threadId, byte[] mask) in before)
        {
            SetMask(threadId, mask);
        }

        before.Clear();
        SetPolicy(Ordinary, priority: 0);
    }

    private void Confine(int threadId, byte[] mask)
    {
        byte[] now = new byte[MaskSize];
        fixed (byte* start = now)
        {
            if (!Invoke(SystemCallNumber.IsArm64 ? 123 : 204, threadId, MaskSize, (nint)start).IsOk)
            {
                return; // it has ended
            }
        }

        before.Add((threadId, now));
        SetMask(threadId, mask);
    }

    private static void SetMask(int threadId, byte[] mask)
    {
        fixed (byte* start = mask)
        {
            Invoke(SystemCallNumber.IsArm64 ? 122 : 203, threadId, MaskSize, (nint)start);
        }
    }

    private static Result SetPolicy(int policy, int priority) =>
        Invoke(SystemCallNumber.IsArm64 ? 119 : 144, 0, policy, (nint)(&priority));
}
