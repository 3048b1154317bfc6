using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class PeriodicTimerTests : VirtualTimeTest
{
    [Fact]
    public void Deadlines_stay_on_the_grid_however_late_a_callback_is()
    {
        int calls = 0;
        TimerSource timer = Loop.AddTimer((self, now) =>
        {
            Assert.Equal(0, self.Missed);
            Assert.True(self.IsArmed);
            Assert.Equal(Start + (Seconds(1) * (++calls + 1)), self.DueAt);
            Note(self, now);
            Kernel.Advance(Milliseconds(300 * calls)); // a slow handler, slower each time, less than a period
        }, name: "t");
        timer.ArmEvery(Seconds(1));
        Assert.Equal(Seconds(1), timer.Period);
        TurnUntil(() => calls == 3);
        Assert.Equal("t@1000 t@2000 t@3000", TakeTrace());
    }

    [Fact]
    public void Missed_deadlines_are_counted_and_not_made_up_for()
    {
        string seen = "";
        TimerSource timer = Loop.AddTimer((self, now) =>
        {
            Note(self, now);
            seen += self.Missed;
            Kernel.Advance(Trace.Count == 1 ? Milliseconds(4500) : TimeSpan.Zero);
        }, name: "t");
        timer.ArmEvery(Start + Seconds(2), Seconds(1));
        RunFor(Seconds(9.5));
        Assert.Equal("t@2000 t@6500 t@7000 t@8000 t@9000", TakeTrace());
        Assert.Equal("03000", seen);
    }

    [Fact]
    public void A_suspend_costs_a_boottime_row_one_call_and_a_monotonic_one_none()
    {
        TimerSource boottime = Loop.AddTimer(
            (self, _) => Trace.Add($"boottime+{self.Missed}"), clock: ClockId.Boottime);
        TimerSource monotonic = Loop.AddTimer((self, _) => Trace.Add($"monotonic+{self.Missed}"));
        boottime.ArmEvery(Seconds(10));
        monotonic.ArmEvery(Seconds(10));
        Kernel.Plan(Start + Seconds(3), () => Kernel.Suspend(Seconds(35)));
        RunFor(Seconds(11));
        Assert.Equal("boottime+2 boottime+0 monotonic+0", string.Join(' ', Trace));
    }

    [Fact]
    public void Its_own_callback_may_disarm_remove_or_arm_it_for_once()
    {
        TimerSource disarmed = Loop.AddTimer((self, now) => { Note(self, now); self.Disarm(); }, name: "disarmed");
        TimerSource removed = Loop.AddTimer((self, now) => { Note(self, now); self.Remove(); }, name: "removed");
        TimerSource once = Loop.AddTimer((self, now) =>
        {
            Note(self, now);
            if (self.Period > TimeSpan.Zero)
            {
                self.ArmAt(now + Milliseconds(1));
            }
        }, name: "once");
        foreach (TimerSource timer in new[] { disarmed, removed, once })
        {
            timer.ArmEvery(Milliseconds(10));
        }

        RunFor(Milliseconds(100));
        Assert.Equal("disarmed@10 removed@10 once@10 once@11", TakeTrace());
        Assert.Equal(TimeSpan.Zero, once.Period);
        Assert.False(disarmed.IsArmed);
    }

    [Fact]
    public void Rows_of_different_periods_count_as_they_should()
    {
        int[] counts = new int[4];
        int[] periods = [100, 250, 330, 1050];
        for (int index = 0; index < 4; index++)
        {
            int mine = index;
            Loop.AddTimer((_, _) => counts[mine]++).ArmEvery(Milliseconds(periods[index]));
        }

        RunFor(Milliseconds(1050));
        Assert.Equal([10, 4, 3, 1], counts);
    }

    [Fact]
    public void A_period_of_a_thousand_years_ends_in_no_overflow()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "t");
        timer.ArmEvery(Start, TimeSpan.MaxValue);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("t@0", TakeTrace());
        Assert.False(timer.IsArmed);
        timer.ArmEvery(TimeSpan.FromDays(100_000));
        Loop.Iterate(mayBlock: false);
        Assert.Empty(Trace);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_period_that_is_none_is_refused(int ticks) => Assert.Throws<ArgumentOutOfRangeException>(
        () => Loop.AddTimer(Note).ArmEvery(new TimeSpan(ticks)));

    [Fact]
    public void A_callback_that_takes_longer_than_the_period_starves_nobody()
    {
        int others = 0;
        Loop.AddIdle(_ => ++others < 5, Priority.Default);
        TimerSource timer = Loop.AddTimer((_, _) => Kernel.Advance(Milliseconds(50)));
        timer.ArmEvery(Start, Milliseconds(1));
        TurnUntil(() => others == 5);
        Assert.Equal(Start + Milliseconds(250), Loop.Now); // one call a turn
    }
}
