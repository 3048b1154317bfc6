using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop.Tests;

public sealed class PollerOptionTests : LoopTest
{
    private EventLoop Make(EventLoopOptions options) => new(Kernel, options);

    [Theory]
    [InlineData(WaitingBy.Epoll)]
    [InlineData(WaitingBy.Poll)]
    [InlineData(WaitingBy.Select)]
    [InlineData(WaitingBy.IoUring)]
    public void A_loop_waits_as_it_was_told(WaitingBy waiting)
    {
        using EventLoop loop = Make(new EventLoopOptions { Waiting = waiting });
        Assert.Equal(waiting, loop.Waiting);
        Assert.Null(loop.FallbackReason);
    }

    [Fact]
    public void Busy_polling_is_set_read_back_and_refused_where_it_cannot_be()
    {
        BusyPolling polling = new(TimeSpan.FromMicroseconds(30), 8, IsPreferred: true);
        using EventLoop loop = Make(new EventLoopOptions { BusyPolling = polling });
        Assert.Equal(polling, loop.BusyPolling);
        Assert.Equal(default, Loop.BusyPolling);
        Assert.Throws<ArgumentException>(
            () => Make(new EventLoopOptions { BusyPolling = polling, Waiting = WaitingBy.Poll }));
        Assert.Throws<InvalidOperationException>(
            () => Make(new EventLoopOptions { BusyPolling = new BusyPolling(TimeSpan.FromHours(1)) }));
    }

    [Fact]
    public void Busy_polling_survives_an_epoll_made_anew()
    {
        BusyPolling polling = new(TimeSpan.FromMicroseconds(30));
        using EventLoop loop = Make(new EventLoopOptions { BusyPolling = polling });
        int fd = EventFd(1);
        int duplicate = Own(Kernel.Duplicate(fd));
        FdSource source = loop.AddFd(fd, FdEvents.Readable, Note);
        Close(fd); // the mistake
        source.Remove();
        loop.Iterate(mayBlock: false);
        Assert.Equal(1, loop.StaleEvents);
        Assert.Equal(polling, loop.BusyPolling);
        Drain(duplicate);
    }

    [Fact]
    public void A_limit_of_events_spreads_them_over_turns_and_none_is_left_behind()
    {
        using EventLoop loop = Make(new EventLoopOptions { EventsMax = 3 });
        for (int index = 0; index < 10; index++)
        {
            loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: $"{index}");
        }

        loop.Iterate(mayBlock: true);
        Assert.Equal(3, Trace.Count);
        while (loop.Iterate(mayBlock: false))
        {
        }

        Assert.Equal(10, new HashSet<string>(Trace).Count);
        Assert.Equal(10, Trace.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new EventLoopOptions { EventsMax = -1 }));
    }

    [Fact]
    public void Select_refuses_a_descriptor_beyond_its_set_and_the_others_do_not()
    {
        List<int> opened = [];
        int fd;
        do
        {
            fd = EventFd(1);
            opened.Add(fd);
        }
        while (fd < 1024);

        foreach (WaitingBy waiting in Enum.GetValues<WaitingBy>())
        {
            // The loop's own descriptors need low numbers too.
            Close(opened[0]);
            Close(opened[1]);
            using EventLoop loop = Make(new EventLoopOptions { Waiting = waiting });
            opened[0] = EventFd(0);
            opened[1] = EventFd(0);
            if (waiting == WaitingBy.Select)
            {
                ArgumentException refused =
                    Assert.Throws<ArgumentException>(() => loop.AddFd(fd, FdEvents.Readable, Note));
                Assert.Contains("1023", refused.Message, StringComparison.Ordinal);
                loop.AddFd(opened[0], FdEvents.Readable, Note, name: "low");
                Signal(opened[0]);
                loop.Iterate(mayBlock: true);
                Assert.Equal("low", TakeTrace());
            }
            else
            {
                FdSource source = loop.AddFd(fd, FdEvents.Readable, (_, _) => Trace.Add("high"));
                loop.Iterate(mayBlock: true);
                source.Remove();
                Assert.Equal("high", TakeTrace());
            }
        }
    }

    [Theory]
    [InlineData(Errno.ENOSYS, "has none")]
    [InlineData(Errno.EPERM, "io_uring_disabled")]
    [InlineData(Errno.EINVAL, "6.1")]
    [InlineData(Errno.ENOMEM, "ENOMEM")]
    public void Where_the_kernel_refuses_io_uring_the_loop_waits_by_epoll_and_says_why(Errno error, string why)
    {
        EventLoopOptions options = new() { Waiting = WaitingBy.IoUring };
        using Poller poller = PollerChoice.Make(Kernel, options, Result.Fail(error), ring: null, out string? reason);
        Assert.Equal(WaitingBy.Epoll, poller.Waiting);
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WaitingBy.Epoll)]
    [InlineData(WaitingBy.Poll)]
    [InlineData(WaitingBy.Select)]
    [InlineData(WaitingBy.IoUring)]
    public void A_turn_allocates_nothing_by_any_poller(WaitingBy waiting)
    {
        using EventLoop loop = Make(new EventLoopOptions { Waiting = waiting });
        int level = EventFd(0);
        int edge = EventFd(0);
        int calls = 0;
        loop.AddFd(level, FdEvents.Readable, Count);
        loop.AddFd(edge, FdEvents.Readable, Count, trigger: FdTrigger.Edge);
        loop.AddFd(EventFd(1), FdEvents.Readable, (self, _) => { calls++; self.Rearm(); }, trigger: FdTrigger.OneShot);
        FdSource changing = loop.AddFd(EventFd(0), FdEvents.Writable, (_, _) => calls++);
        for (int warmUp = 0; warmUp < 300; warmUp++)
        {
            Turn();
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int turn = 0; turn < 1000; turn++)
            {
                Turn();
            }
        }));
        Assert.True(calls >= 4 * 1000);

        void Count(FdSource source, FdEvents ready)
        {
            Drain(source.Fd);
            calls++;
        }

        void Turn()
        {
            Signal(level);
            Signal(edge);
            changing.Interest = FdEvents.None;
            changing.Interest = FdEvents.Writable;
            loop.Iterate(mayBlock: true);
        }
    }
}
