using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>The loop inside a foreign one: here an epoll of the test's own that watches the loop's.</summary>
public sealed class EmbeddingTests : LoopTest
{
    private readonly int foreign;
    private readonly EpollEvent[] events = new EpollEvent[8];

    public EmbeddingTests()
    {
        foreign = Own(Kernel.EpollCreate());
        Assert.True(Kernel.EpollControl(foreign, EpollOperation.Add, Loop.Embedding.WaitFd, (uint)FdEvents.Readable, 0).IsOk);
    }

    [Fact]
    public void The_descriptor_of_the_loop_is_readable_when_a_descriptor_or_a_post_is_ready()
    {
        int fd = EventFd(0);
        Loop.AddFd(fd, FdEvents.Readable, Note, name: "fd");
        Assert.Null(Loop.Embedding.Prepare());
        Assert.False(IsWoken(TimeSpan.Zero));
        Signal(fd);
        Assert.True(IsWoken(null));
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Null(Loop.Embedding.Prepare());
        Loop.Post(() => Trace.Add("post"));
        Assert.True(IsWoken(null));
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Equal("fd post", TakeTrace());
    }

    [Fact]
    public void The_time_to_wait_is_that_of_the_earliest_deadline_and_none_when_something_is_ready()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        timer.ArmAfter(TimeSpan.FromHours(1));
        Assert.InRange(Loop.Embedding.Prepare()!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        ToldSource custom = new(Loop, Trace, name: "custom") { Timeout = TimeSpan.FromSeconds(7) };
        custom.Attach();
        Loop.Iterate(mayBlock: false);
        Assert.Equal(TimeSpan.FromSeconds(7), Loop.Embedding.Prepare());
        Loop.Iterate(mayBlock: false);
        Loop.AddIdle(_ => { Trace.Add("idle"); return false; });
        Assert.Equal(TimeSpan.Zero, Loop.Embedding.Prepare());
        Loop.Iterate(mayBlock: false);
        Assert.Equal("idle", TakeTrace());
    }

    [Fact]
    public void A_turn_behind_a_foreign_wait_does_not_prepare_again()
    {
        ToldSource custom = new(Loop, Trace, name: "a") { TellsQuestions = true };
        custom.Attach();
        Loop.AddPhase(LoopPhase.BeforeWait, _ => Trace.Add("pre"));
        Loop.Embedding.Prepare();
        custom.IsChecked = true;
        Loop.Iterate(mayBlock: false);
        Loop.Iterate(mayBlock: false);
        Assert.Equal("pre a? a! a pre a? a! a", TakeTrace());
    }

    [Fact]
    public void A_foreign_wait_is_woken_by_whatever_changes_on_the_own_thread()
    {
        TimerSource timer = Loop.AddTimer(Note);
        FdSource fd = Loop.AddFd(EventFd(1), FdEvents.None, Note);
        IdleSource off = Loop.AddIdle(_ => true);
        off.IsEnabled = false;
        ToldSource custom = new(Loop, Trace);
        custom.Attach();
        Action[] changes =
        [
            () => Loop.AddIdle(_ => false),
            () => timer.ArmAfter(TimeSpan.Zero),
            () => fd.Interest = FdEvents.Readable,
            () => { off.IsEnabled = true; },
            () => off.Remove(),
            () => custom.ReadyAt = Instant.Zero,
            () => custom.Remove(),
            () => Loop.Post(() => { }),
        ];
        foreach (Action change in changes)
        {
            while (Loop.Embedding.Prepare() == TimeSpan.Zero || IsWoken(TimeSpan.Zero))
            {
                custom.ReadyAt = Instant.Never;
                Loop.Iterate(mayBlock: false);
                off.IsEnabled &= Loop.Embedding.Prepare() is not { Ticks: 0 };
                Loop.Iterate(mayBlock: false);
            }

            change();
            Assert.True(IsWoken(TimeSpan.Zero));
            Loop.Iterate(mayBlock: false);
        }
    }

    [Fact]
    public void A_foreign_wait_is_woken_from_another_thread()
    {
        ToldSource custom = new(Loop, Trace, name: "custom");
        custom.Attach();
        foreach (Action change in new Action[] { () => custom.ReadyAt = Instant.Zero, Loop.Wake, Loop.Quit })
        {
            Assert.Null(Loop.Embedding.Prepare());
            Assert.False(IsWoken(TimeSpan.Zero));
            Thread thread = new(() => change());
            thread.Start();
            Assert.True(IsWoken(null));
            thread.Join();
            Loop.Iterate(mayBlock: false);
            custom.ReadyAt = Instant.Never;
        }

        Assert.Equal("custom", TakeTrace());
    }

    [Fact]
    public void A_boot_time_timer_wakes_a_foreign_wait_by_the_descriptor()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "timer", clock: ClockId.Boottime);
        timer.ArmAfter(TimeSpan.FromMilliseconds(1));
        while (Trace.Count == 0)
        {
            TimeSpan? timeout = Loop.Embedding.Prepare();
            IsWoken(timeout);
            Loop.Iterate(mayBlock: false);
        }
    }

    [Fact]
    public void The_descriptors_can_be_asked_for_and_name_what_is_wanted()
    {
        int quiet = EventFd(0);
        int fd = EventFd(0);
        Loop.AddFd(quiet, FdEvents.None, Note);
        Loop.AddFd(fd, FdEvents.Readable, Note);
        FdSource writer = Loop.AddFd(fd, FdEvents.Writable, Note);
        int count = Loop.Embedding.WatchedFds([]);
        WatchedFd[] watched = new WatchedFd[count];
        Assert.Equal(count, Loop.Embedding.WatchedFds(watched));
        Assert.Contains(new WatchedFd(fd, FdEvents.Readable | FdEvents.Writable), watched);
        Assert.DoesNotContain(quiet, Array.ConvertAll(watched, one => one.Fd));
        writer.Remove();
        Loop.Embedding.WatchedFds(watched);
        Assert.Contains(new WatchedFd(fd, FdEvents.Readable), watched);

        // The loop's own: a post must wake such a wait, too.
        Assert.Contains(watched, one => one.Fd != fd && one.Interest == FdEvents.Readable);
    }

    private bool IsWoken(TimeSpan? timeout) => Kernel.EpollWait(foreign, events, timeout).Int > 0;
}
