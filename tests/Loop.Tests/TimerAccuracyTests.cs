using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class TimerAccuracyTests : VirtualTimeTest
{
    private TimerSource Timer(string name, double due, double accuracy, ClockId clock = ClockId.Monotonic)
    {
        TimerSource timer = Loop.AddTimer(Note, name: name, clock: clock);
        timer.Accuracy = Milliseconds(accuracy);
        timer.ArmAt(Kernel.Now(clock) + Milliseconds(due));
        return timer;
    }

    /// <summary>What was told to the loop's timers to be, in milliseconds, wake-up by wake-up.</summary>
    private List<double> WakeUps => Kernel.WakeUps.ConvertAll(at => Math.Round((at - Start).TotalMilliseconds, 3));

    [Fact]
    public void Near_deadlines_share_a_wake_up_and_go_in_their_order()
    {
        // Half of the first window to end is the kernel's, in a power of two: 20 ms of 40, which is 2^24 ns or 16.8 ms.
        Timer("c", 130, 200);
        Timer("a", 100, 40);
        Timer("b", 120, 500);
        Timer("late", 1000, 0);
        RunFor(Milliseconds(500));
        Assert.Equal("a@123.2228 b@123.2228", string.Join(' ', Trace[..2]));
        Assert.Equal("c", Trace[2][..1]);
        Assert.Equal(3, Trace.Count);
        Assert.Equal(123.223, WakeUps[0]);
    }

    [Fact]
    public void An_exact_timer_wakes_exactly_and_takes_those_along_whose_window_is_open()
    {
        Timer("loose", 100, 500);
        Timer("exact", 250, 0);
        Timer("not yet", 260, 500);
        TurnUntil(() => Trace.Count == 2);
        Assert.Equal("loose@250 exact@250", TakeTrace());
        Assert.Equal([250], WakeUps);
    }

    [Fact]
    public void No_one_is_early_and_no_one_is_later_than_its_window()
    {
        const int Seed = 20250801;
        Random random = new(Seed);
        int left = 2000;
        for (int index = 0; index < 2000; index++)
        {
            TimeSpan accuracy = random.Next(3) == 0 ? TimeSpan.Zero : Milliseconds(random.Next(200));
            ClockId clock = random.Next(4) switch { 0 => ClockId.Boottime, 1 => ClockId.Realtime, _ => ClockId.Monotonic };
            Instant due = default;
            TimerSource timer = Loop.AddTimer((self, now) =>
            {
                Assert.True(now >= due && now <= due + accuracy, $"due {due}, accuracy {accuracy}, now {now}, seed {Seed}");
                left--;
                if (random.Next(2) == 0)
                {
                    left++;
                    due = now + Milliseconds(random.Next(1000));
                    self.ArmAt(due);
                }
            }, clock: clock);
            timer.Accuracy = accuracy;
            due = Kernel.Now(clock) + Milliseconds(random.Next(10_000));
            timer.ArmAt(due);
        }

        TurnUntil(() => left == 0);
    }

    [Fact]
    public void A_window_shared_by_many_takes_one_wake_up()
    {
        for (int index = 0; index < 1000; index++)
        {
            Timer("t", 1000 + (index / 10.0), 500);
        }

        TurnUntil(() => Trace.Count == 1000);
        Assert.Single(WakeUps);
    }

    [Fact]
    public void A_window_can_change_while_the_timer_is_armed()
    {
        TimerSource timer = Timer("t", 100, 500);
        Loop.AddTimer((_, _) => timer.Accuracy = TimeSpan.Zero).ArmAfter(Milliseconds(50));
        TurnUntil(() => Trace.Count == 1);
        Assert.Equal("t@100", TakeTrace());
        Assert.Throws<ArgumentOutOfRangeException>(() => timer.Accuracy = new TimeSpan(-1));
    }

    [Fact]
    public void The_removal_of_the_first_to_end_lets_the_loop_sleep_on()
    {
        TimerSource first = Timer("first", 100, 0);
        Timer("second", 90, 300, ClockId.Boottime);
        Timer("third", 110, 400);
        Loop.AddTimer((_, _) => first.Remove()).ArmAfter(Milliseconds(10));
        TurnUntil(() => Trace.Count == 2);
        Assert.StartsWith("third@", Trace[0], StringComparison.Ordinal); // each clock by itself, this one first
        Assert.Equal(2, WakeUps.Count);
        Assert.Equal(10, WakeUps[0]);
        Assert.True(WakeUps[1] > 200);
    }

    [Fact]
    public void Exact_timers_set_the_slack_once_and_never_again()
    {
        TimerSource timer = Timer("t", 1, 0);
        for (int round = 0; round < 100; round++)
        {
            timer.ArmAfter(Milliseconds(1));
            TurnUntil(() => Trace.Count > round);
        }

        Assert.Equal([TimeSpan.Zero], Kernel.Slacks);
    }

    [Fact]
    public void The_slack_follows_the_windows_slowly_up_and_at_once_down()
    {
        TimerSource timer = Timer("t", 1, 10);
        Wait(1);
        Assert.Equal([new TimeSpan((1 << 22) / 100)], Kernel.Slacks); // 4.2 ms, of half a window of 5
        timer.Accuracy = Milliseconds(100);
        Wait(15);
        Assert.Single(Kernel.Slacks);
        Wait(5);
        Assert.Equal(new TimeSpan((1 << 25) / 100), Kernel.Slacks[1]);
        timer.Accuracy = TimeSpan.Zero;
        Wait(1);
        Assert.Equal(TimeSpan.Zero, Kernel.Slacks[2]);
        Assert.Equal(3, Kernel.Slacks.Count);

        void Wait(int times)
        {
            for (int time = 0; time < times; time++)
            {
                int before = Trace.Count;
                timer.ArmAfter(Milliseconds(1));
                TurnUntil(() => Trace.Count > before);
            }
        }
    }
}
