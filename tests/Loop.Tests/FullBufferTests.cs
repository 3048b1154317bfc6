using System;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>More is ready than one wait of epoll has room for, so that it is asked again within the turn.</summary>
public sealed class FullBufferTests : LoopTest
{
    private const int Room = 256;

    /// <summary>Lets something happen before the second look of a turn.</summary>
    private sealed class SecondLookKernel : LinuxKernel
    {
        public Action? BeforeSecondLook { get; set; }

        public override Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout)
        {
            if (timeout == TimeSpan.Zero && events.Length > Room)
            {
                BeforeSecondLook?.Invoke();
                BeforeSecondLook = null;
            }

            return base.EpollWait(epollFd, events, timeout);
        }
    }

    [Fact]
    public void An_edge_that_comes_between_two_looks_of_a_turn_is_told()
    {
        SecondLookKernel kernel = new();
        using EventLoop loop = new(kernel);
        Span<int> pair = stackalloc int[2];
        Assert.True(Kernel.SocketPair(SocketType.Stream, pair).IsOk);
        (int mine, int peer) = (Own(Result.Ok(pair[0])), Own(Result.Ok(pair[1])));
        Kernel.Write(peer, "data"u8);
        byte[] block = new byte[4096];
        while (Kernel.Write(mine, block).IsOk) // never writable
        {
        }

        FdEvents told = FdEvents.None;
        loop.AddFd(mine, FdEvents.Readable | FdEvents.Writable, (_, ready) => told |= ready, trigger: FdTrigger.Edge);
        for (int i = 1; i < Room; i++)
        {
            loop.AddFd(EventFd(1), FdEvents.Readable, (_, _) => { });
        }

        kernel.BeforeSecondLook = () =>
        {
            while (Kernel.Read(peer, block).IsOk)
            {
            }
        };
        for (int i = 0; i < 3; i++)
        {
            loop.Iterate(mayBlock: false);
        }

        Assert.Null(kernel.BeforeSecondLook);
        Assert.Equal(FdEvents.Readable | FdEvents.Writable, told);
    }
}
