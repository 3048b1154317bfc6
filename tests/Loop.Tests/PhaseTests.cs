using System;

namespace Spindle.Loop.Tests;

public sealed class PhaseTests : LoopTest
{
    [Fact]
    public void Before_the_wait_and_after_a_dispatch_the_sources_of_the_phases_are_called_by_priority()
    {
        Add(LoopPhase.AfterDispatch, "post2", Priority.Low);
        Add(LoopPhase.AfterDispatch, "post1", Priority.High);
        Add(LoopPhase.BeforeWait, "pre3", Priority.Low);
        Add(LoopPhase.BeforeWait, "pre1");
        Add(LoopPhase.BeforeWait, "pre2");
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal("pre1 pre2 pre3", TakeTrace());
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "fd");
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("pre1 pre2 pre3 fd post1 post2", TakeTrace());
    }

    [Fact]
    public void What_a_callback_before_the_wait_makes_ready_is_dispatched_in_that_turn()
    {
        bool isFirst = true;
        Loop.AddPhase(LoopPhase.BeforeWait, _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                Loop.AddIdle(_ => { Trace.Add("idle"); return false; });
            }
        });
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("idle", TakeTrace());
    }

    [Fact]
    public void The_sources_of_a_phase_may_come_and_go_and_move_while_it_runs()
    {
        PhaseSource? doomed = null;
        PhaseSource first = Loop.AddPhase(LoopPhase.BeforeWait, self =>
        {
            Trace.Add("first");
            self.Remove();
            doomed!.Remove();
            Add(LoopPhase.BeforeWait, "late");
        });
        doomed = Add(LoopPhase.BeforeWait, "doomed");
        PhaseSource off = Add(LoopPhase.BeforeWait, "off");
        off.IsEnabled = false;
        Loop.Iterate(mayBlock: false);
        Assert.Equal("first late", TakeTrace());
        Assert.False(first.IsActive);
        off.IsEnabled = true;
        off.Priority = Priority.Low;
        Loop.Iterate(mayBlock: false);
        Assert.Equal("late off", TakeTrace());
    }

    [Fact]
    public void Exit_sources_run_by_priority_when_the_outermost_run_has_quit_and_may_still_run_the_loop()
    {
        Add(LoopPhase.Exit, "exit2", Priority.Low);
        Loop.AddPhase(LoopPhase.Exit, _ =>
        {
            Trace.Add("exit1(");
            Loop.AddIdle(_ => { Trace.Add("flushed"); Loop.Quit(); return false; });
            Loop.Run();
            Trace.Add(")");
        });
        Loop.AddIdle(_ =>
        {
            Loop.AddIdle(_ => { Trace.Add("inner"); Loop.Quit(); return false; }, Priority.High);
            Loop.Run();
            Trace.Add("outer");
            Loop.Quit();
            return false;
        });
        Loop.Run();
        Assert.Equal("inner outer exit1( flushed ) exit2", TakeTrace());

        // Iterate has no end, and Quit in the exit phase is no order for the next run.
        Loop.Iterate(mayBlock: false);
        Assert.Empty(Trace);
    }

    [Fact]
    public void A_quit_in_the_exit_phase_does_not_end_the_next_run()
    {
        PhaseSource exit = Loop.AddPhase(LoopPhase.Exit, _ => Loop.Quit());
        Loop.Quit();
        Loop.Run();
        exit.Remove();
        Loop.AddIdle(_ => { Trace.Add("ran"); Loop.Quit(); return false; });
        Loop.Run();
        Assert.Equal("ran", TakeTrace());
    }

    [Fact]
    public void What_a_callback_of_a_phase_throws_names_it()
    {
        Loop.AddPhase(LoopPhase.BeforeWait, _ => throw new FormatException(), name: "pre");
        Assert.Equal("pre", Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: false)).Source!.Name);
    }

    [Fact]
    public void Without_phases_left_a_turn_takes_the_short_way_again()
    {
        PhaseSource source = Add(LoopPhase.BeforeWait, "pre");
        PhaseSource other = Add(LoopPhase.Exit, "exit");
        source.Remove();
        Assert.NotEqual(LoopFeatures.None, Loop.Turns.Features);
        other.Remove();
        Assert.Equal(LoopFeatures.None, Loop.Turns.Features);
    }

    private PhaseSource Add(LoopPhase phase, string name, int priority = Priority.Default) =>
        Loop.AddPhase(phase, source => Trace.Add(source.Name), priority, name);
}
