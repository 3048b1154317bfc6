using System;
using System.Collections.Generic;

namespace Spindle.Loop.Tests;

public abstract class TurnTests(WaitingBy waiting) : LoopTest(waiting)
{
    [Fact]
    public void An_empty_loop_has_nothing_to_do()
    {
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Only_the_best_ready_priority_is_dispatched_in_a_turn()
    {
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Low, "low");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Default, "default");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.High, "high");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.High, "high2");

        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("high high2", TakeTrace());
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("default", TakeTrace());
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("low", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Of_two_idle_sources_the_lower_number_runs_until_it_ends()
    {
        int first = 0;
        int second = 0;
        Loop.AddIdle(_ => ++first < 3, priority: 0);
        Loop.AddIdle(_ => ++second < 2, priority: 1);
        for (int turn = 0; turn < 3; turn++)
        {
            Loop.Iterate(mayBlock: true);
            Assert.Equal(0, second);
        }

        Exhaust();
        Assert.Equal(3, first);
        Assert.Equal(2, second);
    }

    [Fact]
    public void Sources_of_one_priority_go_in_the_order_in_which_they_came()
    {
        int late = EventFd(0);
        Loop.AddFd(late, FdEvents.Readable, Note, name: "1");
        Loop.AddIdle(_ => { Trace.Add("2"); return false; }, Priority.Default);
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "3");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "4");
        Signal(late); // epoll's list has it last

        Loop.Iterate(mayBlock: true);
        Assert.Equal("1 2 3 4", TakeTrace());
    }

    [Fact]
    public void An_idle_source_does_not_keep_a_descriptor_of_a_better_priority_waiting()
    {
        int spins = 0;
        Loop.AddIdle(_ => { spins++; return true; });
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "fd");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("fd", TakeTrace());
        Assert.Equal(0, spins);
        Loop.Iterate(mayBlock: true);
        Assert.Equal(1, spins);
    }

    [Fact]
    public void A_high_writer_and_a_default_reader_of_one_pipe_never_share_a_turn()
    {
        (int reader, int writer) = Pipe();
        byte[] chunk = new byte[4096];
        long written = 0;
        long read = 0;
        FdSource? writing = null;
        writing = Loop.AddFd(writer, FdEvents.Writable, (source, _) =>
        {
            Trace.Add("write");
            while (Kernel.Write(source.Fd, chunk) is { IsOk: true } result)
            {
                written += result.Value;
            }

            if (written >= 4 << 20)
            {
                source.Remove();
            }
        }, Priority.High);
        Loop.AddFd(reader, FdEvents.Readable, (source, _) =>
        {
            Trace.Add("read");
            while (Kernel.Read(source.Fd, chunk) is { IsOk: true, Value: > 0 } result)
            {
                read += result.Value;
            }
        });

        while (writing.IsActive || read < written)
        {
            Loop.Iterate(mayBlock: true);
            Assert.Single(Trace);
            Trace.Clear();
        }

        Assert.Equal(written, read);
    }

    [Fact]
    public void A_better_priority_is_found_behind_more_ready_descriptors_than_fit_one_wait()
    {
        List<FdSource> low = [];
        for (int index = 0; index < 300; index++)
        {
            low.Add(Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Low, "low"));
        }

        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.High, "high");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal(300, Trace.Count);
    }

    [Fact]
    public void A_changed_priority_counts_at_once_and_goes_to_the_end_of_its_row()
    {
        FdSource first = Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "first");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "second");
        IdleSource idle = Loop.AddIdle(_ => { Trace.Add("idle"); return false; });
        first.Priority = Priority.Low;
        idle.Priority = Priority.High;
        Exhaust();
        Assert.Equal("idle second first", TakeTrace());

        first.Priority = Priority.Default;
        Signal(first.Fd);
        Loop.AddIdle(_ => { Trace.Add("idle"); return false; }, Priority.Default);
        Exhaust();
        Assert.Equal("first idle", TakeTrace());
    }

    [Fact]
    public void A_due_timer_whose_priority_changes_moves_with_it()
    {
        TimerSource timer = Loop.AddTimer(Note, Priority.Low, "timer");
        timer.ArmAt(Loop.Now);
        Loop.AddIdle(_ => { Trace.Add("idle"); timer.Priority = Priority.High; return Trace.Count < 2; }, Priority.Default);
        Exhaust();
        Assert.Equal("idle timer idle", string.Join(' ', Trace));
    }

    [Fact]
    public void Many_idle_sources_come_and_go_in_any_order_without_being_called()
    {
        List<IdleSource> sources = [];
        Random random = new(7);
        for (int index = 0; index < 20_000; index++)
        {
            sources.Add(Loop.AddIdle(_ => throw new InvalidOperationException(), random.Next(100)));
        }

        while (sources.Count > 0)
        {
            int index = random.Next(sources.Count);
            sources[index].Remove();
            sources[index] = sources[^1];
            sources.RemoveAt(sources.Count - 1);
        }

        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void The_time_stands_still_within_a_turn()
    {
        Basics.Instant seen = default;
        Loop.AddIdle(_ =>
        {
            seen = Loop.Now;
            Basics.Instant start = Kernel.Now(Kernels.ClockId.Monotonic);
            while (Kernel.Now(Kernels.ClockId.Monotonic) == start)
            {
            }

            Assert.Equal(seen, Loop.Now);
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Assert.True(Loop.Now > seen);
    }

    [Fact]
    public void Quit_ends_the_run_after_its_turn()
    {
        Loop.AddIdle(_ => { Trace.Add("a"); Loop.Quit(); return true; });
        Loop.AddIdle(_ => { Trace.Add("b"); return true; });
        Loop.Run();
        Assert.Equal("a b", TakeTrace());
        Loop.Run();
        Assert.Equal("a b", TakeTrace());
    }

    [Fact]
    public void Quit_before_a_run_ends_it_at_once()
    {
        Loop.AddIdle(_ => { Trace.Add("never"); return true; });
        Loop.Quit();
        Loop.Run();
        Assert.Empty(Trace);
    }

    [Fact]
    public void After_disposal_sources_are_dead_and_adding_is_refused()
    {
        FdSource fd = Loop.AddFd(EventFd(1), FdEvents.Readable, Note);
        TimerSource timer = Loop.AddTimer(Note);
        timer.ArmAfter(TimeSpan.Zero);
        Loop.Dispose();
        Assert.False(fd.IsActive);
        Assert.False(timer.IsActive);
        fd.Remove();
        timer.Remove();
        Loop.Post(() => Trace.Add("dropped"));
        Assert.Throws<ObjectDisposedException>(() => Loop.AddTimer(Note));
        Assert.Throws<ObjectDisposedException>(() => Loop.Iterate(mayBlock: false));
        Assert.Empty(Trace);
    }

    [Fact]
    public void Another_thread_may_not_touch_a_running_loop()
    {
        Loop.Iterate(mayBlock: false);
        Exception? seen = null;
        System.Threading.Thread thread = new(() => seen = Record.Exception(() => Loop.AddTimer(Note)));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(seen);
    }
}
