using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>libuv's timer_* cases and GLib's timeouts, on virtual time.</summary>
public sealed class UvTimerTests : VirtualTimeTest
{
    [Fact]
    public void A_row_that_is_armed_again_counts_from_then() // timer_again
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t");
        timer.ArmEvery(Milliseconds(50));
        Loop.AddTimer((_, _) => timer.ArmEvery(Milliseconds(50))).ArmAfter(Milliseconds(70));
        RunFor(Milliseconds(180));
        Assert.Equal("t@50 t@120 t@170", TakeTrace());
    }

    [Theory]
    [InlineData(10, 86_400_000)]
    [InlineData(86_400_000, 10)]
    public void A_timer_that_is_armed_twice_has_the_second_deadline_alone(int first, int second) // timer_start_twice
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t");
        timer.ArmAfter(Milliseconds(first));
        timer.ArmAfter(Milliseconds(second));
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal($"t@{second}", TakeTrace());
        Assert.False(Loop.HasPending());
    }

    [Fact]
    public void A_timer_that_arms_itself_for_now_is_called_once_a_turn_and_starves_nobody() // timer_zero_timeout, no_double_call
    {
        int calls = 0;
        TimerSource timer = Loop.AddTimer((self, _) =>
        {
            calls++;
            self.ArmAfter(TimeSpan.Zero);
        });
        timer.ArmAfter(TimeSpan.Zero);
        Loop.Iterate(mayBlock: true);
        Assert.Equal(1, calls);
        Loop.Iterate(mayBlock: false);
        Assert.Equal(2, calls);
        Loop.Post(() => Trace.Add("post"));
        Loop.AddIdle(_ => { Trace.Add("idle"); return false; }, Priority.Default);
        Loop.Iterate(mayBlock: false);
        Assert.Equal("post idle", TakeTrace());
        Assert.Equal(3, calls);
    }

    [Fact]
    public void Of_zero_one_and_huge_spans_the_huge_ones_do_not_fire() // timer_huge_timeout, timer_huge_repeat
    {
        TimeSpan[] huge = [TimeSpan.MaxValue, TimeSpan.FromDays(1 << 20), TimeSpan.FromTicks(long.MaxValue - 1)];
        foreach (TimeSpan span in huge)
        {
            Loop.AddTimer(Note, name: "huge").ArmAfter(span);
            Loop.AddTimer(Note, name: "huge row").ArmEvery(span);
        }

        Loop.AddTimer(Note, name: "one").ArmAfter(Milliseconds(1));
        Loop.AddTimer(Note, name: "zero").ArmAfter(TimeSpan.Zero);
        RunFor(TimeSpan.FromDays(365));
        Assert.Equal("zero@0 one@1", TakeTrace());
    }

    [Fact]
    public void A_timer_that_is_armed_wherever_a_callback_runs_fires_after_its_span() // timer_from_check, timer_run_once
    {
        List<string> armed = [];
        TimerSource Make(string name)
        {
            TimerSource timer = Loop.AddTimer(Note, name: name);
            timer.ArmAfter(Milliseconds(50));
            armed.Add(name);
            return timer;
        }

        Loop.AddPhase(LoopPhase.BeforeWait, self => { Make("before"); self.Remove(); });
        Loop.AddPhase(LoopPhase.AfterDispatch, self => { Make("after"); self.Remove(); });
        Loop.AddIdle(_ => { Make("idle"); return false; });
        Loop.AddTimer((_, _) => Make("timer")).ArmAfter(TimeSpan.Zero);
        Loop.Post(() => Make("post"));
        TurnUntil(() => Trace.Count == 5);
        Assert.Equal(5, armed.Count);
        Assert.Equal(string.Join(' ', armed.ConvertAll(name => $"{name}@50")), TakeTrace());
    }

    [Fact]
    public void A_timer_is_never_called_before_its_deadline_however_often_the_loop_is_woken() // timer_early_check
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t");
        timer.ArmAfter(Milliseconds(10));
        for (int wake = 1; wake < 100; wake++)
        {
            Kernel.Plan(Start + Milliseconds(wake * 0.1), Loop.Wake);
        }

        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("t@10", TakeTrace());
    }

    [Fact]
    public void A_removed_timer_cannot_be_armed() // timer_is_closing
    {
        TimerSource timer = Loop.AddTimer(Note);
        timer.Remove();
        Assert.Throws<InvalidOperationException>(() => timer.ArmAfter(TimeSpan.Zero));
        Assert.Throws<InvalidOperationException>(() => timer.ArmEvery(TimeSpan.FromSeconds(1)));
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Theory]
    [InlineData(ClockId.Monotonic)]
    [InlineData(ClockId.Boottime)]
    [InlineData(ClockId.Realtime)]
    public void Weeks_are_no_more_than_seconds(ClockId clock) // timeout.c: seconds-once, weeks-overflow, far-future-ready-time
    {
        int[] seconds = [2, 21_475, 7 * 86_400, 50 * 86_400, 400 * 86_400];
        foreach (int count in seconds)
        {
            Loop.AddTimer(Note, name: $"{count}", clock: clock).ArmAfter(Seconds(count));
        }

        RunFor(Seconds(2.1));
        Assert.Equal("2@2000", TakeTrace());
        RunFor(Seconds(seconds[^1]));
        Assert.Equal(string.Join(' ', Array.ConvertAll(seconds[1..], count => $"{count}@{count * 1000.0}")), TakeTrace());
    }

    [Fact]
    public void Rows_of_every_power_of_two_never_run_ahead_of_time() // timeouts_ns
    {
        const int Rows = 24; // from 100 ns to 0.8 s
        long[] calls = new long[Rows];
        long[] passed = new long[Rows];
        for (int row = 0; row < Rows; row++)
        {
            int mine = row;
            TimeSpan period = TimeSpan.FromTicks(1L << row);
            Loop.AddTimer((self, _) =>
            {
                calls[mine]++;
                passed[mine] += 1 + self.Missed;
            }).ArmEvery(Start + period, period);
        }

        // Turns of all lengths: what one oversleeps is skipped and counted.
        for (int turn = 0; Kernel.Now(ClockId.Monotonic) < Start + Seconds(2); turn++)
        {
            Kernel.Advance(TimeSpan.FromTicks(1 + (turn * 37 % 50_000)));
            Loop.Iterate(mayBlock: false);
        }

        TimeSpan elapsed = Loop.Now - Start;
        for (int row = 0; row < Rows; row++)
        {
            long deadlines = elapsed.Ticks >> row;
            Assert.InRange(calls[row], 1, deadlines);
            Assert.Equal(deadlines, passed[row]);
            Assert.True(row == 0 || calls[row] <= calls[row - 1], $"2^{row}: {calls[row]} calls");
        }
    }
}
