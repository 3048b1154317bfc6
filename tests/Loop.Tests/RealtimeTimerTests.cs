using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class RealtimeTimerTests : VirtualTimeTest
{
    private Instant WallClock => Kernel.Now(ClockId.Realtime);

    [Fact]
    public void It_fires_when_the_wall_clock_says_so()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t", clock: ClockId.Realtime);
        timer.ArmAt(WallClock + Seconds(10));
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("t@10000", TakeTrace());
        Assert.Equal(WallClock, Loop.RealtimeNow);
    }

    [Fact]
    public void Set_forward_past_the_deadline_it_fires_at_once()
    {
        Instant seen = default;
        TimerSource timer = Loop.AddTimer((_, now) => seen = now, clock: ClockId.Realtime);
        timer.ArmAt(WallClock + TimeSpan.FromHours(1));
        Kernel.Plan(Start + Seconds(5), () => Kernel.Step(TimeSpan.FromHours(3)));
        TurnUntil(() => seen != default);
        Assert.Equal(Start + Seconds(5), Loop.Now);
        Assert.Equal(WallClock, seen);
    }

    [Fact]
    public void Set_forward_by_less_it_fires_that_much_sooner()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t", clock: ClockId.Realtime);
        timer.ArmAt(WallClock + Seconds(60));
        Kernel.Plan(Start + Seconds(5), () => Kernel.Step(Seconds(20)));
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("t@40000", TakeTrace());
    }

    [Fact]
    public void Set_back_it_waits_longer_and_is_not_early()
    {
        TimerSource timer = Loop.AddTimer((self, now) =>
        {
            Assert.Equal(WallClock, now);
            Note(self, now);
        }, name: "t", clock: ClockId.Realtime);
        Instant due = WallClock + Seconds(60);
        timer.ArmAt(due);
        Kernel.Plan(Start + Seconds(5), () => Kernel.Step(Seconds(-100)));
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("t@160000", TakeTrace());
        Assert.Equal(due, WallClock);
    }

    [Fact]
    public void Monotonic_timers_do_not_notice_a_step()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t");
        TimerSource wall = Loop.AddTimer(Note, name: "wall", clock: ClockId.Realtime);
        timer.ArmAfter(Seconds(10));
        wall.ArmAfter(TimeSpan.FromDays(1));
        Kernel.Plan(Start + Seconds(5), () => Kernel.Step(TimeSpan.FromHours(3)));
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("t@10000", TakeTrace());
    }

    [Fact]
    public void A_step_is_told_to_all_who_ask_by_priority_and_no_more_after_removal()
    {
        ClockStepSource low = Loop.AddClockStep((_, now) => Trace.Add($"low {now - WallClock}"), Priority.Low);
        ClockStepSource high = Loop.AddClockStep((_, _) => Trace.Add("high"), Priority.High);
        Kernel.Plan(Start + Seconds(1), () => Kernel.Step(Seconds(5)));
        TurnUntil(() => Trace.Count == 2);
        Assert.Equal("high low 00:00:00", TakeTrace());

        low.Remove();
        Kernel.Step(Seconds(-5));
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high", TakeTrace());
        high.Remove();
        Kernel.Step(Seconds(1));
        Loop.Iterate(mayBlock: false);
        Assert.Empty(Trace);
    }

    [Fact]
    public void A_step_while_a_deadline_is_being_moved_is_not_lost()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t", clock: ClockId.Realtime);
        Loop.AddClockStep((_, _) => Trace.Add("step"));
        timer.ArmAfter(Seconds(10));
        Loop.AddTimer((_, _) =>
        {
            // Set between the wait and the next one; the deadline moves, so that the timerfd is set anew.
            Kernel.Step(Seconds(1));
            timer.ArmAfter(Seconds(20));
        }).ArmAfter(Seconds(1));
        TurnUntil(() => Trace.Count == 2);
        Assert.Equal("step t@21000", TakeTrace());
    }

    [Fact]
    public void Two_steps_before_the_callback_are_one_and_every_later_one_is_told()
    {
        int steps = 0;
        Loop.AddClockStep((_, _) => steps++);
        for (int round = 1; round <= 20; round++)
        {
            Kernel.Step(Seconds(1));
            Kernel.Step(Seconds(round % 2 == 0 ? 1 : -3));
            Loop.Iterate(mayBlock: true);
            Assert.Equal(round, steps);
        }
    }

    [Fact]
    public void A_row_of_the_wall_clock_skips_what_a_step_leaps_over()
    {
        TimerSource timer = Loop.AddTimer((self, _) => Trace.Add($"{self.Missed}"), clock: ClockId.Realtime);
        timer.ArmEvery(WallClock + Seconds(60), Seconds(60));
        Kernel.Plan(Start + Seconds(70), () => Kernel.Step(Seconds(600)));
        TurnUntil(() => Trace.Count == 3);
        Assert.Equal("0 9 0", TakeTrace());
    }

    [Fact]
    public void Without_real_time_timers_there_is_no_timerfd()
    {
        Loop.AddTimer(Note, name: "t").ArmAfter(Seconds(1));
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal(0, Kernel.TimerFds);
    }

    [Fact]
    public void The_running_kernel_takes_them_too()
    {
        LinuxKernel linux = new();
        using EventLoop loop = new(linux);
        bool fired = false;
        loop.AddClockStep((_, _) => { });
        TimerSource timer = loop.AddTimer((self, now) => fired = true, clock: ClockId.Realtime);
        Instant due = linux.Now(ClockId.Realtime) + Milliseconds(2);
        timer.ArmAt(due);
        while (!fired)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.True(linux.Now(ClockId.Realtime) >= due);
    }
}
