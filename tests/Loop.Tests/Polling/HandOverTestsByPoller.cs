using System;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Polling;

public sealed class EpollHandOverTests() : HandOverTests(WaitingBy.Epoll);

public sealed class PollHandOverTests() : HandOverTests(WaitingBy.Poll);

public sealed class SelectHandOverTests() : HandOverTests(WaitingBy.Select);

public sealed class IoUringHandOverTests() : HandOverTests(WaitingBy.IoUring)
{
    /// <summary>A kernel that grants so many rings, and no more.</summary>
    private sealed class FewRings(int left) : LinuxKernel
    {
        private int left = left;

        public override Result IoUringCreate(uint requests, uint completions, out IoUring? ring)
        {
            ring = null;
            return left-- > 0 ? base.IoUringCreate(requests, completions, out ring) : Result.Fail(Errno.EMFILE);
        }
    }

    [Fact]
    public void A_loop_that_cannot_leave_its_thread_stays_and_goes_on()
    {
        using EventLoop loop = new(new FewRings(1), new EventLoopOptions { Waiting = WaitingBy.IoUring });
        FdSource source = loop.AddFd(EventFd(0), FdEvents.Readable, Note, name: "fd");
        loop.Iterate(mayBlock: false);
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(loop.ReleaseThread);
        Assert.Contains("EMFILE", refused.Message, StringComparison.Ordinal);
        Assert.True(loop.IsOwnThread);
        Signal(source.Fd);
        loop.Iterate(mayBlock: true);
        Assert.Equal("fd", TakeTrace());
    }
}
