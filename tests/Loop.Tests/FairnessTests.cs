using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>What other loops promise their sources, and hold their tests to.</summary>
public sealed class FairnessTests : LoopTest
{
    [Fact]
    public void Spinning_idle_work_starves_neither_timers_nor_descriptors_nor_posts()
    {
        long spins = 0;
        Loop.AddIdle(_ => { spins++; return true; }, Priority.Default);
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        timer.ArmAfter(TimeSpan.FromMilliseconds(1));
        int fd = EventFd(0);
        Loop.AddFd(fd, FdEvents.Readable, Note, name: "fd");
        TurnUntil(() => Trace.Contains("timer"));
        Signal(fd);
        Loop.Post(() => Trace.Add("post"));
        Loop.Iterate(mayBlock: true);
        Assert.Contains("fd", Trace);
        TurnUntil(() => Trace.Contains("post"));
        Assert.True(spins >= 2);
    }

    [Fact]
    public void Equal_sources_that_are_always_ready_are_called_equally_often()
    {
        int[] counts = new int[5];
        for (int index = 0; index < counts.Length; index++)
        {
            int mine = index;
            Loop.AddIdle(_ => { counts[mine]++; return true; });
        }

        for (int turn = 0; turn < 100; turn++)
        {
            Loop.Iterate(mayBlock: true);
        }

        Assert.All(counts, count => Assert.Equal(100, count));
    }

    [Fact]
    public void A_timer_that_is_due_at_once_is_pending_at_whatever_priority()
    {
        TimerSource timer = Loop.AddTimer(Note, priority: 666, name: "timer");
        timer.ArmAfter(TimeSpan.Zero);
        Assert.True(Loop.HasPending());
        Assert.Equal(TimeSpan.Zero, Loop.Embedding.Prepare());
        Loop.Iterate(mayBlock: false);
        Assert.Equal("timer", TakeTrace());
    }

    [Fact]
    public void A_low_priority_on_the_lowest_descriptor_does_not_hide_a_better_one()
    {
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Low, "low");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Default, "default");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("default", TakeTrace());
    }

    [Fact]
    public void An_epoll_can_be_watched_like_any_descriptor()
    {
        int inner = Own(Kernel.EpollCreate());
        int fd = EventFd(0);
        Assert.True(Kernel.EpollControl(inner, EpollOperation.Add, fd, (uint)FdEvents.Readable, 7).IsOk);
        EpollEvent[] events = new EpollEvent[4];
        Loop.AddFd(inner, FdEvents.Readable, (source, _) =>
        {
            Assert.Equal(1, Kernel.EpollWait(source.Fd, events, TimeSpan.Zero).Int);
            Drain(fd);
            Trace.Add("inner");
        });
        Assert.False(Loop.Iterate(mayBlock: false));
        Signal(fd);
        Loop.Iterate(mayBlock: true);
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal("inner", TakeTrace());
    }

    [Fact]
    public void A_loop_can_be_watched_by_another_loop()
    {
        using EventLoop inner = new(Kernel);
        Loop.AddFd(inner.Embedding.WaitFd, FdEvents.Readable, (_, _) => inner.Iterate(mayBlock: false));
        inner.Embedding.Prepare();
        inner.Post(() => Trace.Add("inner"));
        TurnUntil(() => Trace.Count > 0);
        Assert.Null(EventLoop.Current);
    }

    [Fact]
    public void A_source_of_the_phase_after_dispatch_may_be_added_by_what_was_dispatched()
    {
        Loop.AddIdle(_ =>
        {
            Loop.AddPhase(LoopPhase.AfterDispatch, self => { Trace.Add("after"); self.Remove(); });
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Loop.AddIdle(_ => false);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("after", TakeTrace());
    }

    [Fact]
    public void Parents_count_the_calls_of_their_children()
    {
        int parentCalls = 0;
        int[] childCalls = new int[2];
        TimerSource parent = Loop.AddTimer((_, _) => parentCalls++);
        parent.ArmAfter(TimeSpan.FromDays(1));
        for (int index = 0; index < childCalls.Length; index++)
        {
            int mine = index;
            TimerSource child = Loop.AddTimer((self, now) =>
            {
                if (++childCalls[mine] < 3)
                {
                    self.ArmAt(now);
                }
            });
            parent.AddChild(child);
            Loop.AddIdle(_ => { child.ArmAt(Instant.Zero); return false; }, index == 0 ? Priority.High : Priority.Low);
        }

        Exhaust();
        Assert.Equal([3, 3], childCalls);
        Assert.Equal(6, parentCalls);
    }

    [Fact]
    public void Sources_that_many_threads_have_added_and_removed_are_not_called()
    {
        const int Threads = 8;
        const int SourcesEach = 500;
        int removed = 0;
        List<Thread> threads = [];
        for (int index = 0; index < Threads; index++)
        {
            threads.Add(new Thread(() =>
            {
                for (int count = 0; count < SourcesEach; count++)
                {
                    IdleSource? source = null;
                    Loop.Post(() => source = Loop.AddIdle(_ => throw new InvalidOperationException()));
                    Loop.Post(() =>
                    {
                        source!.Remove();
                        removed++;
                    });
                }
            }));
        }

        // A better priority than the idle work's goes on while the threads are at it.
        IdleSource busy = Loop.AddIdle(_ => true, Priority.Default);
        threads.ForEach(thread => thread.Start());
        TurnUntil(() => removed == Threads * SourcesEach);
        threads.ForEach(thread => thread.Join());
        busy.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }
}
