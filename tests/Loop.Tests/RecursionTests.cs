using System;

namespace Spindle.Loop.Tests;

public sealed class RecursionTests : LoopTest
{
    [Fact]
    public void The_source_being_called_is_blocked_in_a_turn_inside_and_others_are_not()
    {
        FdSource? fd = null;
        fd = Loop.AddFd(EventFd(1), FdEvents.Readable, (_, _) =>
        {
            Trace.Add("fd(");
            Assert.Equal(1, Loop.Depth);
            Assert.True(Loop.Iterate(mayBlock: false));
            Assert.False(Loop.Iterate(mayBlock: false));
            Assert.Equal(1, Loop.Depth);
            Trace.Add(")");
        });
        bool isInside = false;
        Loop.AddIdle(_ =>
        {
            isInside = Loop.Depth == 2;
            Trace.Add("idle");
            return false;
        });
        Assert.Equal(0, Loop.Depth);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("fd( idle )", TakeTrace());
        Assert.True(isInside);
        fd.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_blocked_descriptor_is_watched_again_behind_the_turn_inside()
    {
        int calls = 0;
        Loop.AddFd(EventFd(1), FdEvents.Readable, (_, _) =>
        {
            calls++;
            Loop.Iterate(mayBlock: false);
        });
        for (int turn = 1; turn < 4; turn++)
        {
            Loop.Iterate(mayBlock: true);
            Assert.Equal(turn, calls);
        }
    }

    [Fact]
    public void A_source_that_can_recurse_is_called_in_its_own_callback()
    {
        IdleSource? idle = null;
        int calls = 0;
        idle = Loop.AddIdle(source =>
        {
            calls++;
            if (Loop.Depth < 5)
            {
                Loop.Iterate(mayBlock: false);
            }

            return false;
        });
        idle.CanRecurse = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal(5, calls);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void What_a_turn_has_found_joins_the_turn_inside_and_the_outer_one_calls_no_more()
    {
        Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) =>
        {
            Drain(source.Fd);
            Trace.Add("a(");
            Loop.Iterate(mayBlock: false);
            Trace.Add(")");
        });
        FdSource b = Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "b");
        int late = EventFd(0);
        Loop.AddFd(late, FdEvents.Readable, Note, name: "c");
        TimerSource due = Loop.AddTimer((_, _) =>
        {
            Trace.Add("t(");
            Drain(b.Fd); // found already: called all the same, as GLib does
            Signal(late);
            Loop.Iterate(mayBlock: false);
            Trace.Add(")");
        });
        due.ArmAt(Loop.Now);
        Loop.AddTimer(Note, name: "t2").ArmAt(Loop.Now);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("t( t2 a( b c ) )", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_turn_inside_with_something_better_leaves_the_rest_for_later()
    {
        FdSource? high = null;
        Loop.AddIdle(_ =>
        {
            Trace.Add("1");
            high = Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.High, "high");
            Loop.Iterate(mayBlock: false);
            return false;
        });
        Loop.AddIdle(_ => { Trace.Add("2"); return false; });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("1 high", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("2", TakeTrace());
    }

    [Fact]
    public void A_source_may_be_removed_in_a_turn_inside_its_own_callback()
    {
        FdSource? fd = null;
        fd = Loop.AddFd(EventFd(1), FdEvents.Readable, (_, _) =>
        {
            Trace.Add("fd");
            Loop.Iterate(mayBlock: false);
            Assert.False(fd!.IsActive);
        });
        Loop.AddIdle(_ => { fd.Remove(); return false; });
        Loop.Iterate(mayBlock: true);
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal("fd", TakeTrace());
    }

    [Fact]
    public void A_timer_armed_in_its_callback_waits_until_the_run_inside_is_over()
    {
        TimerSource? timer = null;
        timer = Loop.AddTimer((self, now) =>
        {
            Trace.Add("timer");
            if (Trace.Count == 1)
            {
                self.ArmAt(now);
                Assert.False(Loop.Iterate(mayBlock: false));
                Assert.True(self.IsArmed);
                Trace.Add("|");
            }
        });
        timer.ArmAt(Loop.Now);
        Exhaust();
        Assert.Equal("timer | timer", TakeTrace());
    }

    [Fact]
    public void Quit_ends_the_innermost_run()
    {
        Loop.AddIdle(_ =>
        {
            Trace.Add("outer(");
            Loop.Run();
            Trace.Add(")");
            Loop.AddIdle(_ => { Trace.Add("last"); Loop.Quit(); return false; });
            return false;
        });
        Loop.AddIdle(_ => { Trace.Add("inner"); Loop.Quit(); return false; }, Priority.Low);
        Loop.Run();
        Assert.Equal("outer( inner ) last", TakeTrace());
    }

    [Fact]
    public void A_post_that_runs_the_loop_does_not_keep_the_other_posts_waiting()
    {
        Loop.Post(() =>
        {
            Trace.Add("run(");
            Loop.Run();
            Trace.Add(")");
            Loop.Quit();
        });
        Loop.Post(() => Trace.Add("second"));
        Loop.Post(() => Loop.Post(Loop.Quit));
        Loop.Run();
        Assert.Equal("run( second )", TakeTrace());
    }

    [Fact]
    public void The_time_goes_on_in_a_turn_inside_and_stands_still_behind_it()
    {
        Loop.AddIdle(_ =>
        {
            Basics.Instant outer = Loop.Now;
            while (Kernel.Now(Kernels.ClockId.Monotonic) == outer)
            {
            }

            Loop.Iterate(mayBlock: false);
            Basics.Instant behind = Loop.Now;
            Assert.True(behind > outer);
            Assert.Equal(behind, Loop.Now);
            return false;
        });
        Loop.Iterate(mayBlock: true);
    }

    [Fact]
    public void Two_loops_may_run_one_in_the_other()
    {
        using EventLoop other = new(Kernel);
        Loop.AddIdle(_ =>
        {
            Assert.Same(Loop, EventLoop.Current);
            other.AddIdle(_ =>
            {
                Assert.Same(other, EventLoop.Current);
                Loop.AddIdle(_ => { Trace.Add("innermost"); return false; });
                Loop.Iterate(mayBlock: false);
                Assert.Same(other, EventLoop.Current);
                other.Quit();
                return false;
            });
            other.Run();
            Assert.Same(Loop, EventLoop.Current);
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("innermost", TakeTrace());
        Assert.Null(EventLoop.Current);
    }
}
