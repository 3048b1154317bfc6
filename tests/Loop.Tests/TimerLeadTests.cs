using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>A kernel that wakes late is asked to wake earlier, and no timer comes early for that.</summary>
public sealed class TimerLeadTests : VirtualTimeTest
{
    private readonly List<long> late = [];

    [Fact]
    public void What_the_kernel_is_always_late_by_is_learned()
    {
        Fire(300, _ => 20_000);
        Assert.Equal(20_000, late[0]);
        Assert.All(late.Skip(200), nanoseconds => Assert.InRange(nanoseconds, 0, 1_000));
    }

    [Fact]
    public void A_wake_up_before_the_time_waits_for_the_rest_and_no_timer_is_early()
    {
        Random random = new(7);
        Fire(2_000, _ => random.Next(0, 60_000));
        Assert.All(late, nanoseconds => Assert.InRange(nanoseconds, 0, 60_100));
        Assert.InRange(Kernel.WakeUps.Count, 2_000, 2_600);
        Assert.True(late.Skip(500).Average() < 26_000);
    }

    [Fact]
    public void A_busy_machine_is_not_taken_for_a_long_way()
    {
        Fire(300, index => index < 200 ? 5_000_000 : 0);
        int waits = Kernel.WakeUps.Count;
        Assert.All(late.Skip(200), nanoseconds => Assert.Equal(0, nanoseconds));
        Assert.InRange(waits, 301, 400);
    }

    [Fact]
    public void A_signal_that_ends_a_wait_ends_the_turn()
    {
        Fire(100, _ => 20_000);
        TimerSource timer = Loop.AddTimer((_, _) => Trace.Add("fired"));
        timer.ArmAt(Loop.Now + Seconds(1));
        Kernel.Interrupt(Milliseconds(300));
        Assert.False(Loop.Iterate(mayBlock: true));
        Assert.Equal(Milliseconds(700), timer.DueAt - Loop.Now);
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("fired", TakeTrace());
    }

    [Fact]
    public void A_timer_with_a_window_is_not_called_for_early()
    {
        Fire(100, _ => 20_000);
        late.Clear();
        Kernel.WakeUps.Clear();
        TimerSource timer = Loop.AddTimer((_, now) => late.Add((now - Start).Ticks));
        timer.Accuracy = Milliseconds(8);
        timer.ArmAt(Loop.Now + Seconds(1));
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Single(Kernel.WakeUps);
    }

    // So many timers, one behind the other, each by a wait that is so late.
    private void Fire(int count, Func<int, long> lateness)
    {
        Kernel.Lateness = () => lateness(late.Count);
        Instant due = default;
        TimerSource timer = Loop.AddTimer((source, now) =>
        {
            late.Add(now.Nanoseconds - due.Nanoseconds);
            due = now + Milliseconds(2);
            source.ArmAt(due);
        });
        due = Loop.Now + Milliseconds(2);
        timer.ArmAt(due);
        TurnUntil(() => late.Count == count);
        timer.Remove();
    }
}
