using System;
using System.Threading.Tasks;
using Spindle.Basics;
using Spindle.Loop;
using Spindle.Loop.Async;

namespace Spindle.Bench.Loop;

/// <summary>Octets allocated for each event, post and timer in steady state.</summary>
internal static class Allocations
{
    private const int Times = 10_000;

    public static void Run()
    {
        Event();
        Post();
        Timer();
        Await();
    }

    private static void Event()
    {
        using EventLoop loop = new(Bench.Kernel);
        int fd = Bench.Checked(Bench.Kernel.EventFd(1), "eventfd");
        loop.AddFd(fd, FdEvents.Readable, static (_, _) => { });
        Put("event", () => loop.Iterate(mayBlock: true));
    }

    private static void Post()
    {
        using EventLoop loop = new(Bench.Kernel);
        Action<object?> nothing = static _ => { };
        Put("post", () =>
        {
            loop.Post(nothing, null);
            loop.Iterate(mayBlock: true);
        });
    }

    private static void Timer()
    {
        using EventLoop loop = new(Bench.Kernel);
        TimerSource timer = loop.AddTimer(static (_, _) => { });
        Put("timer", () =>
        {
            timer.ArmAt(Instant.Zero);
            loop.Iterate(mayBlock: true);
        });
    }

    private static void Await()
    {
        using EventLoop loop = new(Bench.Kernel);
        using LoopSynchronizationContext.Scope scope = LoopSynchronizationContext.Of(loop).Install();
        int fd = Bench.Checked(Bench.Kernel.EventFd(1), "eventfd");
        _ = AwaitAsync(new AsyncFd(loop, fd));
        Put("await", () => loop.Iterate(mayBlock: true));
    }

    private static async Task AwaitAsync(AsyncFd awaited)
    {
        while (true)
        {
            await awaited.ReadableAsync();
        }
    }

    private static void Put(string what, Action once)
    {
        for (int warm = 0; warm < 100; warm++)
        {
            once();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int time = 0; time < Times; time++)
        {
            once();
        }

        Bench.Put($"alloc_{what}", (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Times);
    }
}
