using System;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>Several descriptors ready in one turn, and callbacks that meddle with those that come after them.</summary>
public abstract class RowTests(WaitingBy waiting) : LoopTest(waiting)
{
    private FdSource Add(string name, FdHandler? first = null, FdTrigger trigger = FdTrigger.Level, int priority = Priority.Default) =>
        Loop.AddFd(EventFd(1), FdEvents.Readable, (source, ready) => { Note(source, ready); first?.Invoke(source, ready); }, priority, name, trigger);

    private void Meddle(Action<FdSource> meddling, FdTrigger trigger = FdTrigger.Level)
    {
        FdSource? last = null;
        Add("a", (_, _) => meddling(last!), trigger);
        Add("b", null, trigger);
        last = Add("c", null, trigger);
    }

    [Fact]
    public void All_that_are_ready_go_in_the_order_in_which_they_came()
    {
        FdSource late = Add("a");
        Add("b");
        Drain(late.Fd);
        Add("c");
        Signal(late.Fd);
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("a b c", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Of_two_priorities_the_worse_one_waits_for_the_next_turn_edges_too()
    {
        Add("low", null, FdTrigger.Edge, Priority.Low);
        Add("high");
        Add("low2", null, FdTrigger.Level, Priority.Low);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("low low2", TakeTrace());
    }

    [Fact]
    public void One_that_an_earlier_callback_removes_is_not_called()
    {
        Meddle(last => last.Remove());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a b", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void One_that_takes_the_descriptor_of_a_removed_one_is_not_called_for_what_that_one_had()
    {
        Meddle(last =>
        {
            last.Remove();
            Loop.AddFd(last.Fd, FdEvents.Writable, (_, ready) => Trace.Add($"new:{ready}"));
        });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a b", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("new:Writable", TakeTrace());
        Assert.Equal(0, Loop.StaleEvents);
    }

    [Theory]
    [InlineData(FdTrigger.Level)]
    [InlineData(FdTrigger.Edge)]
    public void One_that_is_disabled_waits_until_it_is_enabled(FdTrigger trigger)
    {
        FdSource? disabled = null;
        Meddle(last => (disabled = last).IsEnabled = false, trigger);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a b", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
        disabled!.IsEnabled = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("c", TakeTrace());
    }

    [Theory]
    [InlineData(FdTrigger.Level)]
    [InlineData(FdTrigger.Edge)]
    public void A_second_source_on_the_descriptor_does_not_keep_the_first_from_its_call(FdTrigger trigger)
    {
        Meddle(last => Loop.AddFd(last.Fd, FdEvents.Writable, (source, ready) => { Trace.Add($"w:{ready}"); source.Remove(); }, trigger: trigger), trigger);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a b c", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("w:Writable", TakeTrace());
    }

    [Theory]
    [InlineData(FdTrigger.Level)]
    [InlineData(FdTrigger.Edge)]
    public void What_a_nested_run_finds_waiting_it_calls(FdTrigger trigger)
    {
        Meddle(_ => Loop.Iterate(mayBlock: false), trigger);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a b c", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Theory]
    [InlineData(FdTrigger.Level)]
    [InlineData(FdTrigger.Edge)]
    public void Behind_an_exception_with_a_handler_the_rest_is_called_in_the_same_turn(FdTrigger trigger)
    {
        Loop.UnhandledException = (source, exception) => Trace.Add($"{source}:{exception.Message}");
        Meddle(_ => throw new InvalidOperationException("bad"), trigger);
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("a a:bad b c", TakeTrace());
    }

    [Theory]
    [InlineData(FdTrigger.Level)]
    [InlineData(FdTrigger.Edge)]
    public void Behind_an_exception_without_a_handler_the_rest_stays_ready(FdTrigger trigger)
    {
        Meddle(_ => throw new InvalidOperationException("bad"), trigger);
        Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: true));
        Assert.Equal("a", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("b c", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_turn_of_one_that_throws_leaves_the_loop_as_it_should_be()
    {
        Add("a", (_, _) => throw new InvalidOperationException("bad"));
        Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: true));
        Assert.Equal(0, Loop.Depth);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_handler_that_throws_is_told_of_once_and_not_called_again_in_its_turn()
    {
        Loop.UnhandledException = (source, exception) => Trace.Add($"{source}:{exception.Message}");
        Add("a", (_, _) => throw new InvalidOperationException("bad"));
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("a a:bad", TakeTrace());
    }

    [Fact]
    public void Time_stands_still_from_one_callback_to_the_next()
    {
        Spindle.Basics.Instant seen = default;
        bool isSame = false;
        Add("a", (_, _) => seen = Loop.Now);
        Add("b", (_, _) =>
        {
            while (Kernel.Now(ClockId.Monotonic) == seen)
            {
            }

            isSame = Loop.Now == seen;
        });
        Loop.Iterate(mayBlock: true);
        Assert.True(isSame);
        Assert.NotEqual(seen, Loop.Now);
    }

    [Fact]
    public void A_timer_armed_by_a_callback_of_a_loop_that_had_none_is_waited_for()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        Add("a", (_, _) => timer.ArmAfter(TimeSpan.FromMilliseconds(1)));
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a", TakeTrace());
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("timer", TakeTrace());
    }
}
