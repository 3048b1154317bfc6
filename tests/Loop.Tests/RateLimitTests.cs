using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class RateLimitTests : LoopTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // On a slow machine an interval would be over before its burst.
    public RateLimitTests()
        : base(isOnVirtualTime: true)
    {
    }

    [Fact]
    public void A_source_that_is_ready_too_often_goes_off_line_and_comes_back()
    {
        List<Instant> calls = [];
        Instant limitedAt = default;
        FdSource source = Loop.AddFd(EventFd(1), FdEvents.Readable, (_, _) => calls.Add(Loop.Now), name: "fd");
        source.SetRateLimit(Interval, 3, (limited, isLimited) =>
        {
            Assert.Same(source, limited);
            Assert.Equal(isLimited, source.IsRateLimited);
            limitedAt = isLimited ? Loop.Now : limitedAt;
            Trace.Add(isLimited ? "off" : "on");
        });
        TurnUntil(() => Trace.Contains("off"));
        Assert.Equal(3, calls.Count);

        TurnUntil(() => calls.Count == 4);
        Assert.Equal("off on", TakeTrace());
        Assert.True(calls[3] >= calls[0] + Interval);
    }

    [Fact]
    public void A_limited_source_costs_no_turns_until_its_interval_is_over()
    {
        int calls = 0;
        Loop.AddIdle(_ => { calls++; return true; }).SetRateLimit(Interval, 5);
        int turns = 0;
        Loop.AddPhase(LoopPhase.BeforeWait, _ => turns++);
        Instant from = Kernel.Now(ClockId.Monotonic);
        TurnUntil(() => calls >= 15);
        Assert.True(Kernel.Now(ClockId.Monotonic) - from >= Interval * 2);

        // For each interval: five calls, one that is refused, one that brings it back.
        Assert.True(turns <= 15 + (3 * 4), $"{turns} turns");
    }

    [Fact]
    public void In_no_interval_are_there_more_calls_than_the_burst()
    {
        foreach (Action<Action> make in new Action<Action>[] { WithTimer, WithCustom })
        {
            List<Instant> calls = [];
            make(() => calls.Add(Loop.Now));
            TurnUntil(() => calls.Count == 9);
            for (int index = 0; index + 4 < calls.Count; index += 4)
            {
                Assert.True(calls[index + 4] >= calls[index] + Interval);
            }
        }

        void WithTimer(Action called)
        {
            TimerSource timer = Loop.AddTimer((self, now) => { called(); self.ArmAt(now); });
            timer.ArmAt(Instant.Zero);
            timer.SetRateLimit(Interval, 4);
        }

        void WithCustom(Action called)
        {
            ToldSource source = new(Loop, Trace) { IsPrepared = true, WhenDispatched = called };
            source.Attach();
            source.SetRateLimit(Interval, 4);
        }
    }

    [Fact]
    public void Others_go_on_while_a_source_is_limited()
    {
        IdleSource spinning = Loop.AddIdle(_ => true, Priority.High);
        spinning.SetRateLimit(TimeSpan.FromDays(1), 2);
        Loop.AddIdle(_ => { Trace.Add("low"); return false; }, Priority.Low);
        TurnUntil(() => Trace.Count > 0);
        Assert.True(spinning.IsRateLimited);
        spinning.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_limit_taken_away_brings_the_source_back_at_once()
    {
        int calls = 0;
        IdleSource source = Loop.AddIdle(_ => { calls++; return true; });
        source.SetRateLimit(TimeSpan.FromDays(1), 2);
        while (Loop.Iterate(mayBlock: false))
        {
        }

        Assert.Equal(2, calls);
        source.SetRateLimit(TimeSpan.FromDays(1), 1);
        Loop.Iterate(mayBlock: true);
        Assert.Equal(3, calls);
        Assert.False(Loop.Iterate(mayBlock: false));
        source.ClearRateLimit();
        Assert.False(source.IsRateLimited);
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal(5, calls);
        Assert.Equal(LoopFeatures.None, Loop.Turns.Features);
    }

    [Fact]
    public void A_limit_and_being_disabled_do_not_undo_each_other()
    {
        IdleSource source = Loop.AddIdle(_ => true);
        int notices = 0;
        source.SetRateLimit(Interval, 1, (_, _) => notices++);
        TurnUntil(() => notices == 1);
        source.IsEnabled = false;
        TurnUntil(() => notices == 2);
        Assert.False(Loop.Iterate(mayBlock: false));
        source.IsEnabled = true;
        Assert.True(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        IdleSource source = Loop.AddIdle(_ => true);
        Assert.Throws<ArgumentOutOfRangeException>(() => source.SetRateLimit(TimeSpan.Zero, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.SetRateLimit(Interval, 0));
        source.Remove();
        Assert.Throws<InvalidOperationException>(() => source.SetRateLimit(Interval, 1));
    }
}
