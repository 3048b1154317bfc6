using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Kernels;
using Spindle.Kernels.Raw;
using Spindle.Simulation.Waiting;
using PollEntry = Spindle.Simulation.Polling.PollEntry;

namespace Spindle.Simulation.Scripts;

/// <summary>A script's thread on the running kernel.</summary>
internal sealed class RunningThread : ScriptThread
{
    private const int Interruption = 12; // SIGUSR2
    private readonly EpollEvent[] events;
    private readonly RawPollEntry[] entries = new RawPollEntry[1];
    private volatile int threadId;
    private volatile bool isDone;
    private volatile bool isInterrupted;
    private Result result;

    private RunningThread(ScriptThreadKind kind, EpollEvent[] events)
        : base(kind) => this.events = events;

    /// <summary>Its number in the kernel.</summary>
    public int Id => threadId;

    public override bool IsDone => isDone;

    public override Result Result => result;

    public override IReadOnlyList<EpollEvent> Events => result.IsOk ? events.AsSpan(0, result.Int).ToArray() : [];

    public override PollMask Found => (PollMask)entries[0].Found;

    public static RunningThread Wait(int epollFd, int max, int milliseconds)
    {
        RunningThread thread = new(ScriptThreadKind.Wait, new EpollEvent[Math.Clamp(max, 0, 65536)]);
        thread.Start(() => RawPolling.EpollWait(epollFd, thread.events, max, milliseconds));
        return thread;
    }

    public static RunningThread Poll(int fd, PollMask mask, int milliseconds)
    {
        RunningThread thread = new(ScriptThreadKind.Poll, []);
        thread.entries[0] = new RawPollEntry { Fd = fd, Events = (ushort)mask };
        thread.Start(() => RawPolling.Poll(thread.entries, milliseconds));
        return thread;
    }

    public static RunningThread Read(int fd, int count)
    {
        RunningThread thread = new(ScriptThreadKind.Read, []);
        byte[] buffer = new byte[count];
        thread.Start(() => RawDescriptors.Read(fd, buffer));
        return thread;
    }

    /// <summary>A wait on a thread of its own, which stands still in the middle while the caller does something else.</summary>
    public static Result WaitHeld(
        HeldMemory memory, int epollFd, int present, int max, Span<EpollEvent> events, Action meanwhile)
    {
        Result held = memory.Hold();
        if (!held.IsOk)
        {
            throw new NotSupportedException($"userfaultfd: {held.Error}; it takes CAP_SYS_PTRACE, or vm.unprivileged_userfaultfd = 1");
        }

        RunningThread thread = new(ScriptThreadKind.Wait, new EpollEvent[Math.Clamp(max, 0, 65536)]);
        thread.Start(() => RawPolling.EpollWaitHeld(epollFd, memory, present, max, thread.events));
        try
        {
            if (memory.WaitForCopy(() => thread.isDone))
            {
                meanwhile();
            }
        }
        finally
        {
            memory.Release();
            SpinWait spin = default;
            while (!thread.isDone)
            {
                spin.SpinOnce();
            }
        }

        thread.events.AsSpan(0, Math.Max(thread.result.Int, 0)).CopyTo(events);
        return thread.result;
    }

    /// <summary>True if the thread is done or sleeps in its call.</summary>
    public bool IsSettled(Kernel kernel)
    {
        if (isDone)
        {
            return true;
        }

        // A thread that was woken and did not run yet is still in its call by the one file, and runnable by the other.
        Span<byte> text = stackalloc byte[128];
        ReadOnlySpan<byte> state = Look(kernel, "stat", text);
        return state.IndexOf(") S "u8) >= 0 && RawThreads.SleepsInWait(Look(kernel, "syscall", text));
    }

    private ReadOnlySpan<byte> Look(Kernel kernel, string file, Span<byte> text)
    {
        Result opened = threadId == 0
            ? Result.Fail(Errno.ENOENT)
            : kernel.Open($"/proc/self/task/{threadId}/{file}", FileFlags.Read);
        if (!opened.IsOk)
        {
            return default;
        }

        Result read = kernel.Read(opened.Int, text);
        kernel.Close(opened.Int);
        return read.IsOk ? text[..read.Int] : default;
    }

    /// <summary>Interrupts the call until it is done.</summary>
    public void Interrupt()
    {
        SpinWait spin = default;
        isInterrupted = true;
        while (!isDone)
        {
            if (threadId != 0)
            {
                RawSignals.SendToThread(threadId, Interruption);
            }

            spin.SpinOnce();
        }
    }

    private void Start(Func<Result> call)
    {
        Result started = new LinuxKernel().StartThread("script call", () =>
        {
            RawSignals.SetBlocked(RawSignals.SetBlocked(0) & ~(1ul << (Interruption - 1)));
            threadId = RawSignals.ThreadId;

            // The runtime has signals of its own, which are no part of the script.
            do
            {
                result = call();
            }
            while (result.Is(Errno.EINTR) && !isInterrupted);

            isDone = true;
        });
        if (!started.IsOk)
        {
            result = started;
            isDone = true;
        }
    }
}
