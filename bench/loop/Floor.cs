using System;
using Spindle.Kernels;

namespace Spindle.Bench.Loop;

/// <summary>The turn without a loop: the same three system calls through the kernel floor, and a callback. What is above
/// this in <c>turn_0</c> is the loop's, what is above raw C in it is the kernel floor's.</summary>
internal static class Floor
{
    public static void Run()
    {
        int epoll = Bench.Checked(Bench.Kernel.EpollCreate(), "epoll_create");
        int fd = Bench.Checked(Bench.Kernel.EventFd(1), "eventfd");
        EpollEvent[] events = new EpollEvent[64];
        byte[] octets = new byte[8];
        Action callback = () =>
        {
            Bench.Kernel.Read(fd, octets);
            BitConverter.TryWriteBytes(octets, 1UL);
            Bench.Checked(Bench.Kernel.Write(fd, octets), "write");
        };
        Bench.Checked(Bench.Kernel.EpollControl(epoll, EpollOperation.Add, fd, 1, 0), "epoll_ctl");
        long turns = Bench.Fitting(Cost(epoll, events, callback, 200), 200, 200, 1_000_000);
        Bench.Put("floor", Cost(epoll, events, callback, turns) / (double)turns);
    }

    private static long Cost(int epoll, EpollEvent[] events, Action callback, long turns)
    {
        long started = Bench.CpuNs();
        for (long turn = 0; turn < turns; turn++)
        {
            int count = Bench.Kernel.EpollWait(epoll, events, null).Int;
            for (int index = 0; index < count; index++)
            {
                callback();
            }
        }

        return Bench.CpuNs() - started;
    }
}
