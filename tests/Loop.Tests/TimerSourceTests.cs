using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class TimerSourceTests : LoopTest
{
    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    [Fact]
    public void A_new_timer_is_disarmed()
    {
        TimerSource timer = Loop.AddTimer(Note);
        Assert.False(timer.IsArmed);
        Assert.True(timer.DueAt.IsNever);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Theory]
    [InlineData(ClockId.Monotonic)]
    [InlineData(ClockId.Boottime)]
    public void A_timer_fires_once_and_never_early(ClockId clock)
    {
        Instant seen = default;
        TimerSource timer = Loop.AddTimer((self, now) =>
        {
            Assert.False(self.IsArmed);
            seen = now;
        }, clock: clock);
        for (int round = 0; round < 20; round++)
        {
            Instant due = Kernel.Now(clock) + Milliseconds(round * 0.13);
            timer.ArmAt(due);
            Assert.True(timer.IsArmed);
            Assert.Equal(due, timer.DueAt);
            seen = default;
            TurnUntil(() => seen != default);
            Assert.True(seen >= due);
            Assert.True(Kernel.Now(clock) >= due);
        }

        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_span_counts_from_the_call_and_not_from_the_start_of_the_turn()
    {
        Instant armed = default;
        Instant fired = default;
        TimerSource timer = Loop.AddTimer((_, now) => fired = now);
        Loop.AddIdle(_ =>
        {
            Instant turn = Loop.Now;
            do
            {
                armed = Kernel.Now(ClockId.Monotonic);
            }
            while (armed < turn + Milliseconds(3));

            timer.ArmAfter(Milliseconds(2));
            return false;
        });
        TurnUntil(() => fired != default);
        Assert.True(fired >= armed + Milliseconds(2));
    }

    [Fact]
    public void What_lies_in_the_past_is_due_in_the_next_turn_and_not_in_this_one()
    {
        int calls = 0;
        TimerSource timer = Loop.AddTimer((self, _) =>
        {
            calls++;
            self.ArmAt(Instant.Zero);
        });
        timer.ArmAt(Instant.Zero);
        for (int turn = 1; turn <= 5; turn++)
        {
            Assert.True(Loop.Iterate(mayBlock: true));
            Assert.Equal(turn, calls);
        }
    }

    [Fact]
    public void Due_timers_go_by_deadline_and_equal_ones_in_the_order_of_arming()
    {
        Instant past = Loop.Now - Milliseconds(100);
        TimerSource a = Loop.AddTimer(Note, name: "a");
        TimerSource b = Loop.AddTimer(Note, name: "b");
        TimerSource c = Loop.AddTimer(Note, name: "c");
        TimerSource d = Loop.AddTimer(Note, name: "d");
        c.ArmAt(past);
        a.ArmAt(past);
        d.ArmAt(past - Milliseconds(1));
        b.ArmAt(past);
        c.ArmAt(past); // armed anew: behind the others
        Loop.Iterate(mayBlock: true);
        Assert.Equal("d a b c", TakeTrace());
    }

    [Fact]
    public void Never_disarms()
    {
        TimerSource timer = Loop.AddTimer(Note);
        timer.ArmAt(Instant.Zero);
        timer.ArmAt(Instant.Never);
        Assert.False(timer.IsArmed);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_due_timer_that_an_earlier_callback_disarms_moves_or_removes_does_not_fire()
    {
        TimerSource disarmed = Loop.AddTimer(Note, name: "disarmed");
        TimerSource moved = Loop.AddTimer(Note, name: "moved");
        TimerSource removed = Loop.AddTimer(Note, name: "removed");
        TimerSource first = Loop.AddTimer((_, _) =>
        {
            disarmed.Disarm();
            moved.ArmAfter(TimeSpan.FromDays(400));
            removed.Remove();
            Trace.Add("first");
        });
        first.ArmAt(Instant.Zero);
        foreach (TimerSource timer in new[] { disarmed, moved, removed })
        {
            timer.ArmAt(new Instant(1));
        }

        Exhaust();
        Assert.Equal("first", TakeTrace());
        Assert.True(moved.IsArmed);
        Assert.Throws<InvalidOperationException>(() => removed.ArmAt(Instant.Zero));
    }

    [Fact]
    public void A_due_timer_of_a_lower_priority_waits_for_its_turn()
    {
        TimerSource low = Loop.AddTimer(Note, Priority.Low, "low");
        TimerSource high = Loop.AddTimer(Note, Priority.High, "high");
        low.ArmAt(Instant.Zero);
        high.ArmAt(new Instant(1));
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high", TakeTrace());
        Assert.True(low.IsArmed);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("low", TakeTrace());
    }

    [Fact]
    public void A_deadline_in_some_centuries_does_not_fire_now()
    {
        TimerSource far = Loop.AddTimer(Note, name: "far");
        TimerSource farBoottime = Loop.AddTimer(Note, name: "far", clock: ClockId.Boottime);
        far.ArmAt(new Instant(long.MaxValue - 1));
        farBoottime.ArmAt(new Instant(long.MaxValue - 1));
        TimerSource near = Loop.AddTimer(Note, name: "near");
        near.ArmAfter(Milliseconds(1));
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("near", TakeTrace());
    }

    [Fact]
    public void A_boottime_timer_that_is_disarmed_leaves_no_wake_up_behind()
    {
        TimerSource boottime = Loop.AddTimer(Note, name: "boottime", clock: ClockId.Boottime);
        TimerSource monotonic = Loop.AddTimer(Note, name: "monotonic");
        boottime.ArmAfter(Milliseconds(200));
        monotonic.ArmAt(Instant.Zero);
        Loop.Iterate(mayBlock: true); // about to sleep, it set the timerfd
        boottime.Disarm();
        monotonic.ArmAfter(Milliseconds(250));
        Assert.True(Loop.Iterate(mayBlock: true)); // one single turn, which slept through
        Assert.Equal("monotonic monotonic", TakeTrace());
    }

    [Fact]
    public void An_unsupported_clock_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Loop.AddTimer(Note, clock: ClockId.ProcessCpuTime));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_arming_agrees_with_a_sorted_list(int seed)
    {
        Random random = new(seed);
        List<(TimerSource Timer, long At, long Order)> model = [];
        List<TimerSource> timers = [];
        for (int index = 0; index < 300; index++)
        {
            timers.Add(Loop.AddTimer(Note, name: $"{index}"));
        }

        long order = 0;
        for (int step = 0; step < 5000; step++)
        {
            TimerSource timer = timers[random.Next(timers.Count)];
            model.RemoveAll(entry => entry.Timer == timer);
            if (random.Next(4) == 0)
            {
                timer.Disarm();
            }
            else
            {
                long at = random.Next(50);
                timer.ArmAt(new Instant(at));
                model.Add((timer, at, order++));
            }
        }

        model.Sort((left, right) => (left.At, left.Order).CompareTo((right.At, right.Order)));
        Loop.Iterate(mayBlock: true);
        Assert.Equal(model.ConvertAll(entry => entry.Timer.Name), Trace);
    }
}
