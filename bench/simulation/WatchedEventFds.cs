using System;
using Spindle.Kernels;
using Spindle.Simulation;

namespace Spindle.Bench.Simulation;

/// <summary>An epoll of a simulated process with some descriptors that stay silent and one that does not.</summary>
internal sealed class WatchedEventFds : IDisposable
{
    private const uint Readable = 1;

    private readonly EpollEvent[] events = new EpollEvent[16];
    private readonly int epoll;

    public WatchedEventFds(int idleCount)
    {
        Kernel = new SimulatedMachine().StartProcess();
        epoll = Kernel.EpollCreate().Int;
        for (int i = 0; i < idleCount; i++)
        {
            Add(Kernel.EventFd(0).Int);
        }

        Busy = Kernel.EventFd(0).Int;
        Add(Busy);
    }

    public static ReadOnlySpan<byte> One => [1, 0, 0, 0, 0, 0, 0, 0];

    public SimulatedKernel Kernel { get; }

    public int Busy { get; }

    public byte[] Buffer { get; } = new byte[8];

    /// <exception cref="InvalidOperationException">It is not the one event: then there is nothing to measure.</exception>
    public void Wait()
    {
        if (Kernel.EpollWait(epoll, events, TimeSpan.Zero).Int != 1)
        {
            throw new InvalidOperationException("There is no event.");
        }
    }

    public void Dispose() => Kernel.Kill();

    private void Add(int fd)
    {
        Result result = Kernel.EpollControl(epoll, EpollOperation.Add, fd, Readable, (ulong)fd);
        if (!result.IsOk)
        {
            throw new InvalidOperationException($"epoll_ctl: {result.Error}.");
        }
    }
}
