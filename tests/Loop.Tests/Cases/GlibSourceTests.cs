using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>GLib's cases (tests/mainloop.c) of the life of sources and contexts; those of the order of dispatch are scenarios of
/// the oracle.</summary>
public sealed class GlibSourceTests : CaseTest
{
    /// <summary>Which of two custom sources removes the other when it ends itself, in what order they were attached, and what
    /// ends the first.</summary>
    public static TheoryData<bool, bool, string> Endings()
    {
        TheoryData<bool, bool, string> endings = [];
        foreach (string how in new[] { "loop", "removal", "callback", "other's callback" })
        {
            for (int bits = 0; bits < 4; bits++)
            {
                endings.Add((bits & 1) != 0, (bits & 2) != 0, how);
            }
        }

        return endings;
    }

    [Fact]
    public void A_new_source_and_a_new_loop_are_as_one_expects() // maincontext/basic, mainloop/basic
    {
        using EventLoop loop = new(Kernel);
        Assert.Equal((0, false, false, false), (loop.Depth, loop.IsDisposed, loop.HasPending(), loop.Iterate(mayBlock: false)));
        ToldSource source = new(loop, Trace);
        Assert.Equal((Priority.Default, false, true, true, "", false), (
            source.Priority, source.CanRecurse, source.IsEnabled, source.IsActive, source.Name, source.IsAttached));
        Assert.Equal((Priority.DefaultIdle, Priority.Default), (loop.AddIdle(_ => false).Priority, loop.AddTimer(Note).Priority));
        source.Attach();
        source.Priority = 7;
        Assert.Equal(7, source.Priority);
        source.Remove();
        Assert.Same(loop, source.Loop);
        Assert.False(source.IsActive);
        source.Priority = 9;
        Assert.Equal(7, source.Priority);
        source.Remove(); // remove-invalid: what is gone can be removed again
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Tens_of_thousands_of_sources_come_and_go_in_any_order_and_none_is_called(int priorities) // nsources_*
    {
        const int Count = 50_000;
        Random random = new(priorities);
        IdleSource[] sources = new IdleSource[Count];
        for (int index = 0; index < Count; index++)
        {
            sources[index] = Loop.AddIdle(_ => throw new InvalidOperationException(), random.Next(priorities));
        }

        Assert.True(Loop.HasPending());
        random.Shuffle(sources);
        Array.ForEach(sources, source => source.Remove());
        Assert.False(Loop.HasPending());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void A_source_may_take_another_with_it_when_it_ends(bool attachesReversed, bool removesReversed, string how)
    {
        // source_finalization_from_source, source_finalization_from_dispatch
        EventLoop loop = new(Kernel);
        List<string> ended = [];
        ToldSource[] pair = [Make("0"), Make("1")];
        (int first, int second) = removesReversed ? (1, 0) : (0, 1);
        pair[first].WhenRemoved += pair[second].Remove;
        pair[attachesReversed ? 1 : 0].Attach();
        pair[attachesReversed ? 0 : 1].Attach();
        switch (how)
        {
            case "removal":
                pair[first].Remove();
                break;
            case "callback":
                pair[first].IsPrepared = true;
                pair[first].IsKept = false;
                loop.Iterate(mayBlock: true);
                break;
            case "other's callback":
                pair[second].IsPrepared = pair[first].IsPrepared = true;
                pair[second].WhenDispatched = pair[first].Remove;
                pair[first].WhenDispatched = pair[first].Remove;
                loop.Iterate(mayBlock: true);
                break;
        }

        loop.Dispose();
        ended.Sort(StringComparer.Ordinal);
        Assert.Equal(["0", "1"], ended);
        Assert.All(pair, source => Assert.False(source.IsActive));

        ToldSource Make(string name)
        {
            ToldSource source = new(loop, Trace, name: name);
            source.WhenRemoved = () => ended.Add(name);
            return source;
        }
    }

    [Fact]
    public void The_end_of_a_source_may_use_the_loop() // context-ref-in-source-callbackfuncs-unref
    {
        ToldSource source = new(Loop, Trace, name: "source");
        source.WhenRemoved = () =>
        {
            Loop.AddIdle(_ => { Trace.Add("idle"); return false; });
            Loop.Post(() => Trace.Add("post"));
            Assert.Throws<InvalidOperationException>(source.Attach);
        };
        source.IsPrepared = true;
        source.IsKept = false;
        source.Attach();
        Exhaust();
        Assert.Equal("source post idle", TakeTrace());
    }

    [Fact]
    public void A_family_made_before_it_is_attached_comes_whole_behind_what_was_attached_meanwhile() // child_sources
    {
        ToldSource parent = new(Loop, Trace, name: "parent") { IsPrepared = true };
        ToldSource first = new(Loop, Trace, name: "first") { IsPrepared = true };
        ToldSource second = new(Loop, Trace, name: "second") { IsPrepared = true };
        parent.AddChild(first);
        parent.AddChild(second);
        ToldSource other = new(Loop, Trace, name: "other") { IsPrepared = true };
        other.Attach();
        Assert.Throws<InvalidOperationException>(first.Attach);
        Assert.False(first.IsAttached);
        parent.Attach();
        Assert.True(first.IsAttached);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("other second first parent", TakeTrace());
    }

    [Fact]
    public void A_timer_for_once_fires_once_and_before_one_that_is_due_later() // timeout-once
    {
        TimerSource once = Loop.AddTimer(Note, name: "once");
        TimerSource later = Loop.AddTimer(Note, name: "later");
        Instant start = Loop.Now;
        later.ArmAt(start + TimeSpan.FromMilliseconds(3));
        once.ArmAt(start + TimeSpan.FromMilliseconds(1));
        TurnUntil(() => Trace.Contains("later"));
        Assert.Equal("once later", TakeTrace());
        Assert.False(once.IsArmed);
        Assert.True(once.IsActive);
    }

    [Fact]
    public void A_loop_that_goes_with_something_found_and_not_called_calls_nothing() // unref-while-pending
    {
        EventLoop loop = new(Kernel);
        bool isEnded = false;
        ToldSource custom = new(loop, Trace, name: "custom") { IsPrepared = true, WhenRemoved = () => isEnded = true };
        custom.Attach();
        loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "fd");
        loop.AddTimer(Note, name: "timer").ArmAt(Instant.Zero);
        loop.AddIdle(_ => { Trace.Add("idle"); return false; }, Priority.Default);
        loop.Post(() => Trace.Add("post"));
        Assert.True(loop.HasPending());
        loop.Dispose();
        Assert.True(isEnded);
        Assert.Empty(Trace);
    }

    [Fact]
    public void A_new_loop_waits_for_one_descriptor_its_own() // null-default-context
    {
        WatchedFd[] watched = new WatchedFd[4];
        Assert.Equal(1, Loop.Embedding.WatchedFds(watched));
        Assert.Equal(FdEvents.Readable, watched[0].Interest);
    }

    [Fact]
    public void A_loop_may_go_while_others_post_to_it_wake_it_and_make_its_sources_ready() // simultaneous-source-context-destruction
    {
        const int Loops = 120;
        using ManualResetEventSlim done = new();
        EventLoop[] loops = new EventLoop[Loops];
        ToldSource[] sources = new ToldSource[Loops];
        PostQueue<int>[] queues = new PostQueue<int>[Loops];
        for (int index = 0; index < Loops; index++)
        {
            loops[index] = new EventLoop(Kernel);
            sources[index] = new ToldSource(loops[index], []);
            sources[index].Attach();
            queues[index] = loops[index].AddPostQueue<int>(4, (_, _) => { });
        }

        // Both go over all loops at once, so that some of the uses hit the very moment of the end.
        Exception? seen = null;
        Thread thread = new(() => seen = Record.Exception(() =>
        {
            for (int round = 0; !done.IsSet || round < 2; round++)
            {
                for (int index = 0; index < Loops; index++)
                {
                    loops[index].Post(() => throw new InvalidOperationException());
                    loops[index].Wake();
                    loops[index].Quit();
                    sources[index].ReadyAt = Instant.Zero;
                    queues[index].TryPost(1);
                }
            }
        }));
        thread.Start();
        Array.ForEach(loops, loop => loop.Dispose());
        done.Set();
        thread.Join();
        Assert.Null(seen);
        Assert.All(queues, queue => Assert.Equal(PostResult.Ended, queue.TryPost(1)));
    }
}
