using System;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>On a kernel of its own that notes what ended a wait.</summary>
public abstract class HangUpTests(WaitingBy waiting) : LoopTest(waiting)
{
    /// <summary>Notes whether a signal ended the last wait; io_uring's waits it does not see.</summary>
    private sealed class InterruptedKernel : LinuxKernel
    {
        public bool WasInterrupted { get; private set; } = true;

        public override Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout) =>
            Noted(base.EpollWait(epollFd, events, timeout), timeout);

        public override Result Poll(Span<PollEntry> entries, TimeSpan? timeout) => Noted(base.Poll(entries, timeout), timeout);

        public override Result Select(
            int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout) =>
            Noted(base.Select(count, readable, writable, urgent, timeout), timeout);

        private Result Noted(Result result, TimeSpan? timeout)
        {
            WasInterrupted = timeout == TimeSpan.Zero ? WasInterrupted : result.Is(Errno.EINTR);
            return result;
        }
    }

    [Theory]
    [InlineData(FdEvents.ReadHangUp)]
    [InlineData(FdEvents.ReadHangUp | FdEvents.Writable)]
    [InlineData(FdEvents.Priority)]
    public void Who_does_not_ask_for_data_is_not_woken_by_it_and_hears_of_the_end(FdEvents interest)
    {
        Span<int> pair = stackalloc int[2];
        Assert.True(Kernel.SocketPair(SocketType.Stream, pair).IsOk);
        (int mine, int peer) = (Own(Result.Ok(pair[0])), Own(Result.Ok(pair[1])));
        Kernel.Write(peer, "data"u8);
        while (Kernel.Write(mine, new byte[4096]).IsOk) // never writable
        {
        }

        InterruptedKernel kernel = new();
        using EventLoop loop = new(kernel, new EventLoopOptions { Waiting = Loop.Waiting });
        loop.AddFd(mine, interest, (_, ready) => Trace.Add(ready.ToString()));
        loop.AddTimer(Note, name: "timer").ArmAfter(TimeSpan.FromMilliseconds(5));
        while (Trace.Count == 0)
        {
            // A wait that the data ends would be the end of a turn in which nothing is called.
            Assert.True(loop.Iterate(mayBlock: true) || kernel.WasInterrupted);
        }

        Assert.Equal("timer", TakeTrace());
        Close(peer);
        while (Trace.Count == 0)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.Contains("HangUp", TakeTrace(), StringComparison.Ordinal);
    }
}
