using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>libuv's cases of the loop itself: running, stopping, closing, phases, waking.</summary>
public sealed class UvLoopTests : CaseTest
{
    [Fact]
    public void Idle_work_and_what_follows_a_dispatch_take_turns() // idle_check
    {
        int left = 3;
        Loop.AddIdle(_ => { Trace.Add("idle"); return --left > 0; });
        Loop.AddPhase(LoopPhase.AfterDispatch, _ => Trace.Add("check"));
        Exhaust();
        Assert.Equal("idle check idle check idle check", TakeTrace());
    }

    [Fact]
    public void Each_phase_has_its_place_in_the_turn_and_may_be_stopped_and_begun_by_the_others() // loop_handles
    {
        PhaseSource? check = null;
        Loop.AddPhase(LoopPhase.BeforeWait, _ =>
        {
            Trace.Add("prepare");
            check ??= Loop.AddPhase(LoopPhase.AfterDispatch, self =>
            {
                Trace.Add("check");
                self.Remove();
                check = null;
            });
        });
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        timer.ArmAt(Instant.Zero);
        Loop.AddIdle(_ =>
        {
            Trace.Add("idle");
            timer.ArmAt(Instant.Zero);
            return true;
        });
        for (int turn = 0; turn < 4; turn++)
        {
            Loop.Iterate(mayBlock: true);
        }

        Assert.Equal("prepare timer check prepare idle check prepare timer check prepare idle check", TakeTrace());
    }

    [Fact]
    public void One_turn_at_a_time_does_all_the_work_in_the_same_number_of_turns() // run_once, run_nowait, default_loop_run
    {
        int left = 10;
        IdleSource work = Loop.AddIdle(_ => --left > 0);
        int turns = 0;
        while (work.IsActive)
        {
            Assert.True(Loop.Iterate(mayBlock: turns % 2 == 0));
            turns++;
        }

        Assert.Equal(10, turns);
        TimerSource later = Loop.AddTimer(Note);
        later.ArmAfter(TimeSpan.FromHours(1));
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.True(later.IsArmed);
    }

    [Fact]
    public void A_run_that_was_told_to_quit_finishes_its_turn_and_can_go_on_later() // loop_stop
    {
        int turns = 0;
        Loop.AddPhase(LoopPhase.BeforeWait, _ => turns++);
        Loop.AddIdle(_ => { Trace.Add("first"); Loop.Quit(); return true; });
        Loop.AddIdle(_ => { Trace.Add("second"); return true; });
        Loop.Run();
        Assert.Equal(1, turns);
        Assert.Equal("first second", TakeTrace());
        Loop.Run();
        Assert.Equal(2, turns);
    }

    [Fact]
    public void A_loop_that_is_closed_ends_every_source_and_closing_it_again_is_nothing() // loop_close, active
    {
        List<Source> sources =
        [
            Loop.AddFd(EventFd(1), FdEvents.Readable, Note),
            Loop.AddTimer(Note),
            Loop.AddIdle(_ => true),
            Loop.AddPhase(LoopPhase.BeforeWait, _ => Trace.Add("phase")),
            Loop.AddPhase(LoopPhase.Exit, _ => Trace.Add("exit")),
            Loop.AddFileWatch("/", FileEvents.DeletedSelf, (_, _) => { }),
            Loop.AddClockStep((_, _) => { }),
            Loop.AddPostQueue<int>(4, (_, _) => Trace.Add("post")),
            new ToldSource(Loop, Trace),
        ];
        ((TimerSource)sources[1]).ArmAt(Instant.Zero);
        ((PostQueue<int>)sources[^2]).TryPost(1);
        Assert.All(sources, source => Assert.True(source.IsActive));
        Loop.Dispose();
        Assert.All(sources, source => Assert.False(source.IsActive));
        Assert.All(sources, source => source.Remove());
        Loop.Dispose();
        Assert.Empty(Trace);
    }

    [Fact]
    public void The_time_goes_on_outside_a_turn_and_not_inside() // loop_update_time
    {
        Instant before = Loop.Now;
        Instant inside = default;
        Loop.AddIdle(_ =>
        {
            inside = Loop.Now;
            while (Kernel.Now(ClockId.Monotonic) == inside)
            {
            }

            Assert.Equal(inside, Loop.Now);
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Assert.True(before <= inside);
        Assert.True(Loop.Now > inside);
    }

    [Fact]
    public void No_callback_is_called_by_what_another_one_does() // callback_stack
    {
        (int reader, int writer) = Pipe();
        bool isInside = false;
        Loop.AddFd(reader, FdEvents.Readable, (_, _) => Called("fd"), Priority.High);
        TimerSource timer = Loop.AddTimer((_, _) => Called("timer"), Priority.High);
        Loop.AddIdle(_ =>
        {
            isInside = true;
            Kernel.Write(writer, "x"u8);
            timer.ArmAt(Instant.Zero);
            Loop.Post(() => Called("post"));
            Loop.Wake();
            Loop.AddIdle(_ => { Called("idle"); return false; }, Priority.High);
            isInside = false;
            return false;
        }, Priority.Low);
        TurnUntil(() => Trace.Count >= 4);

        void Called(string who)
        {
            Assert.False(isInside);
            Drain(reader);
            Trace.Add(who);
        }
    }

    [Fact]
    public void A_token_goes_round_through_many_loops_each_on_its_thread() // GLib's wakeup test, threaded; libuv's async
    {
        const int Loops = 7;
        const int Rounds = 500;
        EventLoop[] ring = new EventLoop[Loops];
        int hops = 0;
        for (int index = 0; index < Loops; index++)
        {
            ring[index] = new EventLoop(Kernel);
        }

        Thread[] threads = Array.ConvertAll(ring, loop => new Thread(loop.Run));
        Array.ForEach(threads, thread => thread.Start());
        ring[0].Post(() => Pass(0));
        Array.ForEach(threads, thread => thread.Join());
        Array.ForEach(ring, loop => loop.Dispose());
        Assert.Equal((Loops * Rounds) + 1, hops);

        // Only one thread at a time has it, and each post is a barrier.
        void Pass(int at)
        {
            Assert.True(ring[at].IsOwnThread);
            if (++hops > Loops * Rounds)
            {
                Array.ForEach(ring, loop => loop.Quit());
                return;
            }

            int next = (at + 1) % Loops;
            ring[next].Post(() => Pass(next));
        }
    }

    [Fact]
    public void A_wake_without_a_callback_ends_a_wait_and_does_nothing_else() // async_null_cb
    {
        Loop.Wake();
        Loop.Wake();
        Assert.False(Loop.Iterate(mayBlock: true));
        Assert.False(Loop.HasPending());
    }

    [Fact]
    public void Nothing_can_be_added_without_a_callback() // timer_null_callback, GLib's unix-fd-source
    {
        Assert.Throws<ArgumentNullException>(() => Loop.AddFd(EventFd(0), FdEvents.Readable, null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddTimer(null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddIdle(null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddSignal(28, null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddChild(1, null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddPhase(LoopPhase.Exit, null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddFileWatch("/", FileEvents.Read, null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddClockStep(null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddPressure(null!, null!));
        Assert.Throws<ArgumentNullException>(() => Loop.AddPostQueue<int>(1, null!));
        Assert.Throws<ArgumentNullException>(() => Loop.Post(null!));
        Assert.Throws<ArgumentNullException>(() => Loop.Invoke(null!));
        Assert.False(Loop.Iterate(mayBlock: false));
    }
}
