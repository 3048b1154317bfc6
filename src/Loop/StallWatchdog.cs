using System;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>A thread that looks whether a loop is stuck in a callback. It sleeps while the loop is idle, and while a callback
/// it has reported goes on.</summary>
/// <remarks>
/// The loop publishes what it calls and then looks whether the watchdog rests; the watchdog says that it rests and then
/// looks once more. With a full barrier between the two on either side, one of them sees the other.
/// </remarks>
internal sealed class StallWatchdog : IDisposable
{
    private readonly Lock gate = new();
    private readonly Kernel kernel;
    private readonly TimeSpan limit;
    private readonly StallHandler stuck;
    private readonly int epollFd;
    private readonly int eventFd;
    private Source? source;
    private Instant heldFrom;
    private long number;
    private long reported;
    private volatile bool isResting;
    private volatile bool isEnding;

    public StallWatchdog(Kernel kernel, TimeSpan limit, StallHandler stuck)
    {
        this.kernel = kernel;
        this.limit = limit;
        this.stuck = stuck;
        epollFd = Opened(kernel.EpollCreate());
        Result opened = kernel.EventFd(0);
        eventFd = opened.Int;
        Result started = !opened.IsOk ? opened : kernel.EpollControl(epollFd, EpollOperation.Add, eventFd, (uint)FdEvents.Readable, 0);
        started = started.IsOk ? kernel.StartThread("stall watchdog", Watch) : started;
        if (!started.IsOk)
        {
            kernel.Close(epollFd);
            if (opened.IsOk)
            {
                kernel.Close(eventFd);
            }

            Opened(started);
        }
    }

    /// <summary>The thread ends by itself; it may be in its handler.</summary>
    public void Dispose()
    {
        isEnding = true;
        Wake();
    }

    public void Began(Source began, Instant at)
    {
        lock (gate)
        {
            source = began;
            heldFrom = at;
            number++;
        }

        Interlocked.MemoryBarrier();
        if (isResting)
        {
            isResting = false;
            Wake();
        }
    }

    public void Ended()
    {
        lock (gate)
        {
            source = null;
        }
    }

    private static int Opened(Result result) => result.IsOk
        ? result.Int
        : throw new InvalidOperationException($"The stall detector's watchdog cannot be started: {result.Error}.");

    private void Wake() => kernel.Write(eventFd, BitConverter.IsLittleEndian ? [1, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 1]);

    private void Watch()
    {
        EpollEvent[] events = new EpollEvent[1];
        Span<byte> counter = stackalloc byte[8];
        while (!isEnding)
        {
            TimeSpan? wait = Look();
            if (wait is null)
            {
                isResting = true;
                Interlocked.MemoryBarrier();
                wait = Look();
                isResting = wait is null;
            }

            if (!isEnding && kernel.EpollWait(epollFd, events, wait) is { IsOk: true, Value: > 0 })
            {
                kernel.Read(eventFd, counter);
            }
        }

        kernel.Close(eventFd);
        kernel.Close(epollFd);
    }

    /// <summary>Reports a callback that takes too long, once.</summary>
    /// <returns>When to look again; null: when the next callback begins.</returns>
    private TimeSpan? Look()
    {
        Source? held;
        TimeSpan elapsed;
        lock (gate)
        {
            held = number == reported ? null : source;
            elapsed = kernel.Now(ClockId.Monotonic) - heldFrom;
            if (held is null)
            {
                return null;
            }

            if (elapsed <= limit)
            {
                return limit - elapsed + TimeSpan.FromTicks(1);
            }

            reported = number;
        }

        stuck(held, elapsed);
        return TimeSpan.Zero;
    }
}
