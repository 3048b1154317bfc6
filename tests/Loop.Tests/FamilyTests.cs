using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Loop.Tests;

public sealed class FamilyTests : LoopTest
{
    [Fact]
    public void A_child_has_its_parent_priority_and_follows_it_both_ways()
    {
        ToldSource parent = Attached("parent");
        ToldSource child = new(Loop, Trace, Priority.Low, "child");
        ToldSource grandchild = new(Loop, Trace, Priority.High, "grandchild");
        child.AddChild(grandchild);
        Assert.Equal(Priority.Low, grandchild.Priority);
        parent.AddChild(child);
        Assert.Equal(Priority.Default, child.Priority);
        Assert.Equal(Priority.Default, grandchild.Priority);
        Assert.True(child.IsAttached);
        parent.Priority = Priority.High;
        Assert.Equal(Priority.High, grandchild.Priority);
        parent.Priority = Priority.Low;
        Assert.Equal(Priority.Low, child.Priority);
        Assert.Equal(Priority.Low, grandchild.Priority);
        Assert.Throws<InvalidOperationException>(() => child.Priority = Priority.High);
        Assert.Same(parent, child.Parent);
    }

    [Fact]
    public void A_parent_is_called_behind_each_child_that_is_ready_once_a_turn()
    {
        ToldSource parent = Attached("parent");
        ToldSource a = Attached("a");
        ToldSource b = Attached("b");
        parent.AddChild(a);
        parent.AddChild(b);
        a.IsPrepared = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a parent", TakeTrace());
        b.IsChecked = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a b parent", TakeTrace());
        a.IsPrepared = false;
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Equal("b parent", TakeTrace());
        b.IsChecked = false;
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_child_of_a_child_calls_both_above_it()
    {
        ToldSource parent = Attached("parent");
        ToldSource child = Attached("child");
        ToldSource grandchild = Attached("grandchild");
        parent.AddChild(child);
        child.AddChild(grandchild);
        grandchild.ReadyAt = Instant.Zero;
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("grandchild child parent grandchild child parent", TakeTrace());
        grandchild.ReadyAt = Instant.Never;
        child.ReadyAt = Instant.Zero;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("child parent", TakeTrace());
    }

    [Fact]
    public void A_parent_with_a_ready_child_is_not_asked()
    {
        ToldSource parent = new(Loop, Trace, name: "parent") { TellsQuestions = true };
        ToldSource child = new(Loop, Trace, name: "child") { TellsQuestions = true };
        parent.Attach();
        parent.AddChild(child);
        child.IsPrepared = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("child? child parent", TakeTrace());
        child.IsPrepared = false;
        child.IsChecked = true;
        Loop.Iterate(mayBlock: false);
        Assert.Equal("child? parent? child! child parent", TakeTrace());
    }

    [Fact]
    public void Children_stand_before_their_parent_and_the_last_added_first_after_a_change_of_priority()
    {
        Attached("x").IsPrepared = true;
        ToldSource parent = Attached("parent");
        Attached("y").IsPrepared = true;
        foreach (string name in new[] { "a", "b", "c" })
        {
            ToldSource child = new(Loop, Trace, name: name) { IsPrepared = true };
            parent.AddChild(child);
        }

        Loop.Iterate(mayBlock: true);
        Assert.Equal("x a b c parent y", TakeTrace());
        parent.Priority = Priority.Default;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("x y c b a parent", TakeTrace());
        ToldSource last = new(Loop, Trace, name: "d") { IsPrepared = true };
        parent.AddChild(last);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("x y c b a d parent", TakeTrace());
    }

    [Fact]
    public void Every_kind_of_source_can_be_child_and_parent()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        FdSource fd = Loop.AddFd(EventFd(0), FdEvents.Readable, (source, ready) => Trace.Add($"{source.Name}:{ready}"), name: "fd");
        ToldSource custom = Attached("custom");
        IdleSource idle = Loop.AddIdle(source => { Trace.Add(source.Name); return false; }, name: "idle");
        custom.AddChild(fd);
        fd.AddChild(timer);
        timer.AddChild(idle);
        timer.ArmAfter(TimeSpan.FromDays(1));
        Loop.Iterate(mayBlock: true);
        Assert.Equal("idle timer fd:None custom", TakeTrace());
        Assert.False(timer.IsArmed);

        timer.ArmAfter(TimeSpan.Zero);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("timer fd:None custom", TakeTrace());
        Signal(fd.Fd);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("fd:Readable custom", TakeTrace());
        timer.ArmAfter(TimeSpan.Zero);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("timer fd:Readable custom", TakeTrace());
    }

    [Fact]
    public void A_row_of_deadlines_stays_as_it_is_when_a_child_calls_the_timer()
    {
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        Instant first = Kernel.Now(Kernels.ClockId.Monotonic) + TimeSpan.FromDays(1);
        timer.ArmEvery(first, TimeSpan.FromDays(1));
        IdleSource idle = Loop.AddIdle(_ => false);
        timer.AddChild(idle);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("timer", TakeTrace());
        Assert.Equal(first, timer.DueAt);
    }

    [Fact]
    public void Removing_a_parent_removes_its_children_and_removing_a_child_leaves_the_parent()
    {
        ToldSource parent = Attached("parent");
        ToldSource child = Attached("child");
        ToldSource grandchild = Attached("grandchild");
        parent.AddChild(child);
        child.AddChild(grandchild);
        child.RemoveChild(grandchild);
        Assert.False(grandchild.IsActive);
        Assert.Throws<ArgumentException>(() => child.RemoveChild(grandchild));
        parent.Remove();
        Assert.False(child.IsActive);

        ToldSource lasting = Attached("lasting");
        ToldSource other = Attached("other");
        lasting.AddChild(other);
        other.Remove();
        Assert.True(lasting.IsActive);
        Assert.Null(other.Parent);
    }

    [Fact]
    public void Children_are_swapped_from_the_parent_callback()
    {
        ToldSource parent = Attached("parent");
        int number = 0;
        ToldSource child = new(Loop, Trace, name: "child0") { IsPrepared = true };
        parent.AddChild(child);
        parent.WhenDispatched = () =>
        {
            parent.RemoveChild(child);
            child = new(Loop, Trace, name: $"child{++number}") { IsPrepared = true };
            parent.AddChild(child);
        };
        for (int turn = 0; turn < 3; turn++)
        {
            Loop.Iterate(mayBlock: true);
        }

        Assert.Equal("child0 parent child1 parent child2 parent", TakeTrace());
    }

    [Fact]
    public void A_child_removed_in_its_own_callback_still_calls_its_parent_that_turn()
    {
        ToldSource parent = Attached("parent");
        ToldSource child = new(Loop, Trace, name: "child") { IsPrepared = true, IsKept = false };
        parent.AddChild(child);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("child parent", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_child_added_to_the_source_that_is_being_called_is_blocked_with_it_in_a_run_inside()
    {
        ToldSource parent = Attached("parent");
        ToldSource early = Attached("early");
        parent.AddChild(early);
        parent.IsPrepared = true;
        parent.WhenDispatched = () =>
        {
            parent.WhenDispatched = null;
            early.IsPrepared = true;
            ToldSource late = new(Loop, Trace, name: "late") { IsPrepared = true };
            parent.AddChild(late);
            Assert.False(Loop.Iterate(mayBlock: false));
            Trace.Add("|");
        };
        Loop.Iterate(mayBlock: true);
        Assert.Equal("parent |", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("early late parent", TakeTrace());
    }

    [Fact]
    public void A_child_that_comes_to_a_blocked_parent_is_blocked_at_once()
    {
        ToldSource parent = Attached("parent");
        parent.IsPrepared = true;
        ToldSource child = new(Loop, Trace, name: "child") { IsPrepared = true };
        Loop.AddIdle(_ =>
        {
            parent.AddChild(child);
            Trace.Add("added");
            return false;
        }, Priority.Low);
        parent.WhenDispatched = () =>
        {
            parent.WhenDispatched = null;
            while (Loop.Iterate(mayBlock: false))
            {
            }

            Trace.Add("|");
        };
        Loop.Iterate(mayBlock: true);
        Assert.Equal("parent added |", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("child parent", TakeTrace());
    }

    [Fact]
    public void A_parent_that_is_off_is_not_called_and_catches_up_when_it_is_on()
    {
        ToldSource parent = Attached("parent");
        ToldSource child = Attached("child");
        parent.AddChild(child);
        child.IsPrepared = true;
        parent.IsEnabled = false;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("child", TakeTrace());
        child.IsPrepared = false;
        parent.IsEnabled = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("parent", TakeTrace());
    }

    [Fact]
    public void What_cannot_be_a_child_is_refused()
    {
        ToldSource parent = Attached("parent");
        ToldSource child = Attached("child");
        parent.AddChild(child);
        Assert.Throws<ArgumentException>(() => parent.AddChild(child));
        Assert.Throws<ArgumentException>(() => child.AddChild(parent));
        Assert.Throws<ArgumentException>(() => parent.AddChild(parent));
        Assert.Throws<ArgumentException>(() => parent.AddChild(Loop.AddPhase(LoopPhase.Exit, _ => { })));
        using EventLoop other = new(Kernel);
        Assert.Throws<ArgumentException>(() => parent.AddChild(other.AddTimer(Note)));
        ToldSource gone = Attached("gone");
        gone.Remove();
        Assert.Throws<ArgumentException>(() => parent.AddChild(gone));
        Assert.Throws<InvalidOperationException>(() => gone.AddChild(Attached("late")));
    }

    [Fact]
    public void Random_families_keep_their_order_and_call_every_parent()
    {
        const int Seed = 77;
        Random random = new(Seed);
        List<ToldSource> sources = [];
        for (int round = 0; round < 1500; round++)
        {
            Change();
            HashSet<string> before = [];
            Loop.Iterate(mayBlock: false);
            foreach (string name in Trace)
            {
                before.Add(name);
            }

            foreach (ToldSource source in sources)
            {
                if (before.Contains(source.Name) && source.Parent is { } parent)
                {
                    Assert.Contains(parent.Name, before);
                    Assert.True(Trace.IndexOf(source.Name) < Trace.IndexOf(parent.Name), $"seed {Seed}, round {round}");
                }
            }

            Assert.Equal(before.Count, Trace.Count);
            Trace.Clear();
        }

        void Change()
        {
            ToldSource? some = sources.Count > 0 ? sources[random.Next(sources.Count)] : null;
            switch (random.Next(6))
            {
                case 0 when sources.Count < 25:
                    sources.Add(Attached($"s{Fresh(random)}"));
                    break;
                case 1 when some is not null && random.Next(3) == 0:
                    some.Remove();
                    sources.RemoveAll(source => !source.IsActive);
                    break;
                case 2 when some is { Parent: null }:
                    some.Priority = random.Next(2);
                    break;
                case 3 when some is not null:
                    Record.Exception(() => sources[random.Next(sources.Count)].AddChild(some));
                    break;
                default:
                    if (some is not null)
                    {
                        some.IsPrepared = random.Next(4) == 0;
                        some.IsChecked = random.Next(4) == 0;
                    }

                    break;
            }
        }

        static string Fresh(Random random) => random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private ToldSource Attached(string name)
    {
        ToldSource source = new(Loop, Trace, name: name);
        source.Attach();
        return source;
    }
}
