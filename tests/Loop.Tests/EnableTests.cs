using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class EnableTests : LoopTest
{
    [Fact]
    public void A_disabled_descriptor_is_not_watched_and_keeps_its_interest()
    {
        FdSource source = Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "fd");
        source.IsEnabled = false;
        Assert.False(Loop.Iterate(mayBlock: false));
        source.Interest = FdEvents.Writable;
        Assert.False(Loop.Iterate(mayBlock: false));
        source.IsEnabled = true;
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Equal("fd", TakeTrace());
    }

    [Fact]
    public void A_disabled_timer_keeps_its_deadline_and_is_due_at_once_if_it_has_passed()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        timer.ArmAt(Loop.Now);
        timer.IsEnabled = false;
        Assert.True(timer.IsArmed);
        Assert.False(Loop.Iterate(mayBlock: false));
        timer.IsEnabled = true;
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Equal("timer", TakeTrace());

        timer.IsEnabled = false;
        timer.ArmAfter(TimeSpan.Zero);
        Instant at = timer.DueAt;
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal(at, timer.DueAt);
        timer.Disarm();
        timer.IsEnabled = true;
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_disabled_idle_or_custom_source_lets_the_loop_sleep()
    {
        IdleSource idle = Loop.AddIdle(_ => { Trace.Add("idle"); return true; });
        ToldSource custom = new(Loop, Trace, name: "custom") { IsPrepared = true };
        SourceFd part = custom.AddFd(EventFd(1), FdEvents.Readable);
        custom.Attach();
        idle.IsEnabled = false;
        custom.IsEnabled = false;
        Assert.False(Loop.Iterate(mayBlock: false));
        custom.IsEnabled = true;
        Loop.Iterate(mayBlock: true);
        custom.IsPrepared = false;
        Loop.Iterate(mayBlock: true);
        Assert.Equal(FdEvents.Readable, part.Ready);
        custom.IsEnabled = false;
        idle.IsEnabled = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("custom custom idle", TakeTrace());
    }

    [Fact]
    public void What_is_disabled_by_an_earlier_callback_is_not_called_in_that_turn()
    {
        List<Source> sources = [];
        TimerSource first = Loop.AddTimer((_, _) =>
        {
            Trace.Add("first");
            sources.ForEach(source => source.IsEnabled = false);
        });
        first.ArmAt(Loop.Now);
        TimerSource second = Loop.AddTimer(Note, name: "timer");
        second.ArmAt(Loop.Now);
        sources.Add(second);
        sources.Add(Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "fd"));
        sources.Add(Loop.AddIdle(_ => { Trace.Add("idle"); return false; }, Priority.Default));
        ToldSource custom = new(Loop, Trace, name: "custom") { IsPrepared = true, IsKept = false };
        custom.Attach();
        sources.Add(custom);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("first", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
        sources.ForEach(source => source.IsEnabled = true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("timer fd idle custom", TakeTrace());
    }

    [Fact]
    public void What_is_removed_by_an_earlier_callback_is_not_called_in_that_turn()
    {
        List<Source> sources = [];
        TimerSource first = Loop.AddTimer((self, _) =>
        {
            Trace.Add("first");
            sources.ForEach(source => source.Remove());
            self.Remove();
        });
        first.ArmAt(Loop.Now);
        TimerSource second = Loop.AddTimer(Note, name: "timer");
        second.ArmAt(Loop.Now);
        sources.Add(second);
        sources.Add(Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "fd"));
        sources.Add(Loop.AddIdle(_ => { Trace.Add("idle"); return false; }, Priority.Default));
        ToldSource custom = new(Loop, Trace, name: "custom") { IsPrepared = true };
        custom.Attach();
        sources.Add(custom);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("first", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Each_kind_may_remove_disable_or_move_itself_in_its_callback()
    {
        foreach (Action<Source> change in new Action<Source>[]
            { source => source.Remove(), source => source.IsEnabled = false, source => source.Priority = Priority.Low })
        {
            TimerSource timer = Loop.AddTimer((self, _) => { Trace.Add("timer"); change(self); });
            timer.ArmAt(Loop.Now);
            Loop.AddFd(EventFd(1), FdEvents.Readable, (self, _) => { Trace.Add("fd"); Drain(self.Fd); change(self); });
            Loop.AddIdle(self => { Trace.Add("idle"); change(self); return self.Priority != Priority.Low; }, Priority.Default);
            ToldSource custom = new(Loop, Trace, name: "custom") { IsPrepared = true };
            custom.WhenDispatched = () => { custom.IsPrepared = false; change(custom); };
            custom.Attach();
            Exhaust();
            Assert.Equal("timer fd idle custom", TakeTrace());
        }
    }

    [Fact]
    public void A_signal_that_comes_while_its_source_is_disabled_waits()
    {
        const int UserSignal = 12;
        int seen = 0;
        SignalSource source = Loop.AddSignal(UserSignal, (_, _) => seen++);
        bool isWatched = false;
        SignalSource witness = Loop.AddSignal(UserSignal, (_, _) => isWatched = true);
        source.IsEnabled = false;
        Assert.True(Kernel.SendSignal(Kernel.ProcessId, UserSignal).IsOk);
        TurnUntil(() => isWatched);
        Assert.Equal(0, seen);
        source.IsEnabled = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal(1, seen);
        witness.Remove();
    }
}
