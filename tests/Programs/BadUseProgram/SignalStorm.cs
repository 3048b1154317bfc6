using System;
using System.Runtime.InteropServices;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.BadUseProgram;

/// <summary>A signal with a handler interrupts the wait of the main thread, whose loop must neither lose an event nor be early.</summary>
internal static class SignalStorm
{
    private const int WindowChanged = 28;
    private const int EventCount = 200;
    private const int SignalsMin = 2000;
    private const int InterruptionsMin = 50;

    private static readonly TimeSpan HandlerPatience = TimeSpan.FromSeconds(60);

    /// <summary>Counts what the loop never sees.</summary>
    private sealed class CountingKernel : LinuxKernel
    {
        private int interruptions;

        public int Interruptions => Volatile.Read(ref interruptions);

        public override Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout) =>
            Count(base.EpollWait(epollFd, events, timeout));

        public override Result Poll(Span<PollEntry> entries, TimeSpan? timeout) => Count(base.Poll(entries, timeout));

        public override Result Select(
            int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout) =>
            Count(base.Select(count, readable, writable, urgent, timeout));

        private Result Count(Result result)
        {
            interruptions += result.Is(Errno.EINTR) ? 1 : 0;
            return result;
        }
    }

    public static int Run(WaitingBy waiting)
    {
        CountingKernel kernel = new();
        using EventLoop loop = new(kernel, new() { Waiting = waiting });
        int seen = 0;
        using PosixSignalRegistration registration =
            PosixSignalRegistration.Create((PosixSignal)WindowChanged, _ => Interlocked.Increment(ref seen));
        int counter = kernel.EventFd(0).Int;
        long events = 0;
        bool isEarly = false;
        Instant dueAt = default;
        loop.AddFd(counter, FdEvents.Readable, (_, _) =>
        {
            Span<byte> octets = stackalloc byte[8];
            kernel.Read(counter, octets);
            events += MemoryMarshal.Read<long>(octets);
            if (events == EventCount)
            {
                loop.Quit();
            }
        });
        TimerSource timer = loop.AddTimer((self, now) =>
        {
            isEarly |= kernel.Now(ClockId.Monotonic) < dueAt;
            Arm(self);
        });
        void Arm(TimerSource self)
        {
            dueAt = kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(1);
            self.ArmAt(dueAt);
        }

        Arm(timer);

        // io_uring's wait is entered inside the ring, where nothing can be counted.
        bool isCounted = waiting != WaitingBy.IoUring;
        kernel.StartThread("storm", () =>
        {
            for (int sent = 0; sent < SignalsMin || (isCounted && kernel.Interruptions < InterruptionsMin); sent++)
            {
                kernel.SendSignal(kernel.ProcessId, WindowChanged);
                if (sent % 10 == 0 && sent / 10 < EventCount - 1)
                {
                    kernel.Write(counter, BitConverter.GetBytes(1L));
                }
            }

            kernel.Write(counter, BitConverter.GetBytes(1L));
        });
        loop.Run();

        // The runtime calls the handler on a thread of its own, which may be behind.
        SpinWait.SpinUntil(() => Volatile.Read(ref seen) > 0, HandlerPatience);
        return events != EventCount ? 50 : isEarly ? 51 : Volatile.Read(ref seen) == 0 ? 52 : loop.Waiting != waiting ? 53 : 0;
    }
}
