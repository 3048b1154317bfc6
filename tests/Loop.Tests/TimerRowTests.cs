using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>More timers are due in a turn than are taken out of the queue at a time, and callbacks change the rest.</summary>
public sealed class TimerRowTests : VirtualTimeTest
{
    private readonly List<TimerSource> timers = [];

    [Fact]
    public void Changes_to_timers_that_are_due_and_not_yet_taken_out_count_in_this_turn()
    {
        Arm(200, (timer, now) =>
        {
            if (timer == timers[0])
            {
                timers[150].Disarm();
                timers[151].Remove();
                timers[152].ArmAt(Start); // in the past, but armed in this turn: due in the next
                timers[153].ArmAfter(Seconds(1));
                timers[154].Priority = Priority.High;
                timers[155].IsEnabled = false;
                timers[1].ArmAt(Start);
            }
        });
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal(Names(2, 149, first: 0, then: 156), Trace);
        Trace.Clear();
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Equal(["154"], Trace);
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Equal(["154", "152", "1"], Trace);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_nested_turn_calls_the_rest_in_its_order_and_what_was_armed_meanwhile()
    {
        TimerSource late = Loop.AddTimer((_, _) => Trace.Add("late"));
        Arm(100, (timer, _) =>
        {
            if (timer == timers[40])
            {
                late.ArmAt(timers[99].DueAt);
                Assert.True(Loop.Iterate(mayBlock: true));
            }
        });
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal([.. Names(1, 99, first: 0, then: 100), "late"], Trace);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_timer_that_arms_itself_in_the_past_does_not_hold_the_turn()
    {
        TimerSource? again = null;
        again = Loop.AddTimer((_, _) =>
        {
            Trace.Add("again");
            again!.ArmAt(Start);
        });
        again.ArmAt(Start);
        for (int turn = 1; turn <= 3; turn++)
        {
            Assert.True(Loop.Iterate(mayBlock: true));
            Assert.Equal(turn, Trace.Count);
        }
    }

    [Fact]
    public void Thousands_that_come_and_go_and_move_allocate_nothing()
    {
        const int count = 3000;
        int calls = 0;
        Random random = new(1);
        TimerHandler handler = (_, _) => calls++;
        for (int index = 0; index < count; index++)
        {
            timers.Add(Loop.AddTimer(handler));
        }

        for (int round = 0; round < 20; round++)
        {
            Round();
        }

        Assert.Equal(0, Allocations.Least(Round));
        Assert.Equal(0, calls % count);

        void Round()
        {
            foreach (TimerSource timer in timers)
            {
                timer.ArmAt(Kernel.Now(ClockId.Monotonic) + TimeSpan.FromTicks(random.Next(10_000_000)));
            }

            for (int move = 0; move < count; move++)
            {
                timers[random.Next(count)].ArmAt(Kernel.Now(ClockId.Monotonic) + TimeSpan.FromTicks(random.Next(10_000_000)));
            }

            for (int part = 0; part < 7; part++)
            {
                Kernel.Advance(Milliseconds(part < 6 ? 111.3 : 600));
                while (Loop.Iterate(mayBlock: false))
                {
                }
            }
        }
    }

    private void Arm(int count, TimerHandler also)
    {
        for (int index = 0; index < count; index++)
        {
            TimerSource timer = Loop.AddTimer(
                (self, now) =>
                {
                    Trace.Add(self.Name);
                    also(self, now);
                },
                name: $"{index}");
            timer.ArmAt(Start + TimeSpan.FromMicroseconds(index));
            timers.Add(timer);
        }

        Kernel.Advance(Milliseconds(1));
    }

    private List<string> Names(int from, int to, int first, int then)
    {
        List<string> names = [$"{first}"];
        for (int index = from; index < timers.Count; index++)
        {
            if (index <= to || index >= then)
            {
                names.Add($"{index}");
            }
        }

        return names;
    }
}
