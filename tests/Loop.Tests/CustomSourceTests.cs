using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class CustomSourceTests : LoopTest
{
    [Fact]
    public void A_turn_prepares_and_checks_in_order_and_dispatches_what_said_yes()
    {
        ToldSource a = Attached("a");
        ToldSource b = Attached("b");
        b.IsChecked = true;
        Assert.True(Loop.Iterate(mayBlock: false));
        Assert.Equal("a? b? a! b! b", TakeTrace());

        a.IsPrepared = true;
        Assert.True(Loop.Iterate(mayBlock: true));
        Assert.Equal("a? b? b! a b", TakeTrace());
    }

    [Fact]
    public void It_has_no_part_in_the_loop_before_it_is_attached_nor_after_its_removal()
    {
        ToldSource source = new(Loop, Trace, name: "a") { IsPrepared = true, TellsQuestions = true };
        Assert.False(source.IsAttached);
        Assert.False(Loop.Iterate(mayBlock: false));
        source.Attach();
        Assert.Throws<InvalidOperationException>(source.Attach);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a? a", TakeTrace());
        source.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Throws<InvalidOperationException>(source.Attach);
        Assert.Throws<InvalidOperationException>(() => source.AddFd(EventFd(0), FdEvents.Readable));
        Assert.Empty(Trace);
    }

    [Fact]
    public void What_is_worse_than_the_best_ready_priority_is_not_even_asked()
    {
        ToldSource low = Attached("low", Priority.Low);
        ToldSource high = Attached("high", Priority.High);
        ToldSource middle = Attached("middle");
        high.IsPrepared = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high? high", TakeTrace());

        high.IsPrepared = false;
        middle.IsChecked = true;
        low.IsChecked = true;
        Loop.Iterate(mayBlock: false);
        Assert.Equal("high? middle? low? high! middle! middle", TakeTrace());

        Loop.AddIdle(_ => { Trace.Add("idle"); return false; }, Priority.Default);
        middle.IsChecked = false;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high? middle? high! middle! idle", TakeTrace());
    }

    [Fact]
    public void A_better_source_that_becomes_ready_in_the_check_goes_first_and_the_other_stays_ready_unasked()
    {
        ToldSource low = Attached("low", Priority.Low);
        ToldSource high = Attached("high", Priority.High);
        low.IsPrepared = true;
        high.IsChecked = true;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high? low? high! high", TakeTrace());

        high.IsChecked = false;
        low.IsPrepared = false;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("high? high! low", TakeTrace());
    }

    [Fact]
    public void A_timeout_of_prepare_ends_the_wait_and_check_is_asked()
    {
        ToldSource source = Attached("a");
        source.Timeout = TimeSpan.FromMilliseconds(2);
        source.IsChecked = true;
        Instant from = Kernel.Now(ClockId.Monotonic);
        Loop.Iterate(mayBlock: true);
        Assert.True(Kernel.Now(ClockId.Monotonic) - from >= source.Timeout);
        Assert.Equal("a? a! a", TakeTrace());
    }

    [Fact]
    public void Dispatch_that_returns_false_ends_it()
    {
        ToldSource source = Attached("a");
        bool isRemoved = false;
        source.WhenRemoved = () => isRemoved = true;
        source.IsPrepared = true;
        source.IsKept = false;
        Loop.Iterate(mayBlock: true);
        Assert.False(source.IsActive);
        Assert.True(isRemoved);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void The_end_of_the_loop_is_the_end_of_its_custom_sources()
    {
        int removed = 0;
        Attached("a").WhenRemoved = () => removed++;
        Attached("b", Priority.Low).WhenRemoved = () => removed++;
        Loop.Dispose();
        Assert.Equal(2, removed);
    }

    // --- ready time ------------------------------------------------------------------------------------------

    [Fact]
    public void A_ready_time_of_never_or_tomorrow_does_not_fire()
    {
        ToldSource source = Attached("a");
        Assert.Equal(Instant.Never, source.ReadyAt);
        Assert.False(Loop.Iterate(mayBlock: false));
        source.ReadyAt = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromDays(1);
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal(0, source.Dispatched);
    }

    [Fact]
    public void A_ready_time_that_has_come_fires_every_turn_until_it_is_set_anew()
    {
        ToldSource source = Attached("a");
        foreach (Instant past in new[] { Kernel.Now(ClockId.Monotonic), Instant.Zero, new Instant(-1), new Instant(long.MinValue) })
        {
            int before = source.Dispatched;
            source.ReadyAt = past;
            Loop.Iterate(mayBlock: true);
            Loop.Iterate(mayBlock: true);
            Assert.Equal(before + 2, source.Dispatched);
        }

        source.ReadyAt = Instant.Never;
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Various_ready_times_fire_exactly_if_they_are_not_later_than_the_time_of_the_turn()
    {
        const int Seed = 4711;
        Random random = new(Seed);
        ToldSource source = Attached("a");
        for (int round = 0; round < 200; round++)
        {
            long around = Kernel.Now(ClockId.Monotonic).Nanoseconds;
            Instant at = (round % 3) switch
            {
                0 => new Instant(random.NextInt64(long.MinValue, long.MaxValue)),
                1 => new Instant(around + random.NextInt64(-1_000_000, 1_000_000)),
                _ => new Instant(long.MaxValue - random.NextInt64(1, 1000)),
            };
            Instant now = default;
            source.WhenDispatched = () => now = Loop.Now;
            source.ReadyAt = at;
            int before = source.Dispatched;
            Loop.Iterate(mayBlock: false);
            if (source.Dispatched > before)
            {
                Assert.True(at <= now, $"seed {Seed}, round {round}");
            }
            else
            {
                Assert.True(at.Nanoseconds > around, $"seed {Seed}, round {round}");
            }
        }
    }

    [Fact]
    public void A_ready_time_is_never_early()
    {
        ToldSource source = Attached("a");
        for (int round = 0; round < 20; round++)
        {
            Instant at = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMicroseconds(50 * round);
            source.ReadyAt = at;
            source.WhenDispatched = () => Assert.True(at <= Kernel.Now(ClockId.Monotonic));
            int before = source.Dispatched;
            TurnUntil(() => source.Dispatched > before);
            source.ReadyAt = Instant.Never;
        }
    }

    [Fact]
    public void A_ready_time_set_from_another_thread_wakes_a_loop_that_sleeps()
    {
        ToldSource source = Attached("a");
        using ManualResetEventSlim asleep = new();
        Loop.AddPhase(LoopPhase.BeforeWait, _ => asleep.Set());
        Thread thread = new(() =>
        {
            asleep.Wait();
            source.ReadyAt = Instant.Zero;
        });
        thread.Start();
        TurnUntil(() => source.Dispatched > 0);
        thread.Join();
    }

    [Fact]
    public void A_ready_time_set_on_the_own_thread_does_not_cut_the_next_wait_short()
    {
        ToldSource source = Attached("a");
        source.ReadyAt = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(1);
        Assert.True(Loop.Iterate(mayBlock: true));
        source.ReadyAt = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(1);
        Assert.True(Loop.Iterate(mayBlock: true));
    }

    [Fact]
    public void The_time_is_the_same_in_all_callbacks_of_a_turn()
    {
        List<Instant> seen = [];
        for (int index = 0; index < 3; index++)
        {
            ToldSource source = Attached($"{index}");
            source.IsPrepared = true;
            source.WhenDispatched = () =>
            {
                Instant start = Kernel.Now(ClockId.Monotonic);
                while (Kernel.Now(ClockId.Monotonic) == start)
                {
                }

                seen.Add(Loop.Now);
            };
        }

        Loop.Iterate(mayBlock: true);
        Assert.All(seen, at => Assert.Equal(seen[0], at));
        Loop.Iterate(mayBlock: true);
        Assert.True(seen[3] > seen[2]);
    }

    // --- descriptors -----------------------------------------------------------------------------------------

    [Fact]
    public void Each_of_several_descriptors_makes_it_ready_and_shows_what_was_found()
    {
        ToldSource source = Attached("a");
        int quiet = EventFd(0);
        SourceFd reads = source.AddFd(quiet, FdEvents.Readable);
        SourceFd writes = source.AddFd(EventFd(0), FdEvents.None);
        string found = "";
        source.WhenChecking = () => found = $"{reads.Ready}/{writes.Ready}";
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal("None/None", found);

        writes.Interest = FdEvents.Writable;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("None/Writable", found);
        Signal(quiet);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("Readable/Writable", found);
        Drain(quiet);
        writes.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal("None/None", found);
        Assert.Equal(2, source.Dispatched);
    }

    [Fact]
    public void Descriptors_may_be_added_and_removed_from_the_source_own_callbacks()
    {
        ToldSource source = Attached("a");
        SourceFd first = source.AddFd(EventFd(1), FdEvents.Readable);
        source.WhenDispatched = () =>
        {
            first.Remove();
            first.Remove();
            source.AddFd(EventFd(0), FdEvents.Readable);
        };
        Loop.Iterate(mayBlock: true);
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal(1, source.Dispatched);
    }

    [Fact]
    public void Of_two_ready_sources_with_descriptors_only_the_better_is_dispatched_and_priorities_change_live()
    {
        ToldSource a = Attached("a");
        ToldSource b = Attached("b");
        a.AddFd(EventFd(1), FdEvents.Readable);
        b.AddFd(EventFd(1), FdEvents.Readable);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a? b? a! b! a b", TakeTrace());

        b.Priority = Priority.High;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("b? a? b! b", TakeTrace());
        b.Priority = Priority.Low;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a? b? a! a", TakeTrace());
    }

    [Fact]
    public void Descriptors_added_before_attachment_are_watched_from_then_on()
    {
        ToldSource source = new(Loop, Trace, name: "a");
        source.AddFd(EventFd(1), FdEvents.Readable);
        Assert.False(Loop.Iterate(mayBlock: false));
        source.Attach();
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a", TakeTrace());
        source.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_descriptor_of_a_custom_source_that_is_not_open_is_refused()
    {
        ToldSource source = Attached("a");
        int fd = EventFd(0);
        Close(fd);
        Assert.Throws<ArgumentException>(() => source.AddFd(fd, FdEvents.Readable));
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_descriptor_shared_by_a_custom_and_an_ordinary_source_serves_both()
    {
        int fd = EventFd(1);
        ToldSource source = Attached("a");
        source.AddFd(fd, FdEvents.Readable);
        Loop.AddFd(fd, FdEvents.Readable, Note, name: "fd");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a? a! a fd", TakeTrace());
    }

    // --- changes while it is asked ---------------------------------------------------------------------------

    [Fact]
    public void Sources_come_and_go_while_they_are_asked()
    {
        ToldSource a = Attached("a");
        ToldSource b = Attached("b");
        ToldSource c = Attached("c");
        a.WhenPreparing = () =>
        {
            a.Remove();
            b.Remove();
            Attached("d").IsPrepared = true;
        };
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a? c? d? c! d", TakeTrace());
        c.WhenChecking = () => c.Priority = Priority.Low;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("c? d? c! d", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("d? d", TakeTrace());
    }

    [Fact]
    public void Random_coming_and_going_while_asked_asks_each_at_most_once_a_pass_and_never_a_removed_one()
    {
        const int Seed = 20260101;
        Random random = new(Seed);
        List<ToldSource> sources = [];
        HashSet<ToldSource> asked = [];
        void Step()
        {
            if (sources.Count == 0 || (sources.Count < 30 && random.Next(3) == 0))
            {
                ToldSource fresh = new(Loop, Trace, random.Next(3));
                fresh.WhenPreparing = () => Ask(fresh);
                fresh.WhenChecking = () => Ask(fresh);
                fresh.WhenDispatched = Step;
                fresh.Attach();
                sources.Add(fresh);
                return;
            }

            ToldSource source = sources[random.Next(sources.Count)];
            switch (random.Next(4))
            {
                case 0:
                    source.Remove();
                    sources.Remove(source);
                    break;
                case 1:
                    source.IsEnabled = !source.IsEnabled;
                    break;
                default:
                    source.IsPrepared = random.Next(4) == 0;
                    source.IsChecked = random.Next(4) == 0;
                    break;
            }
        }

        void Ask(ToldSource source)
        {
            Assert.True(source.IsActive, $"seed {Seed}");
            Assert.True(source.IsEnabled, $"seed {Seed}");
            Assert.True(asked.Add(source), $"seed {Seed}");
            if (random.Next(4) == 0)
            {
                Step();
            }
        }

        Loop.AddPhase(LoopPhase.BeforeWait, _ => asked.Clear());
        ToldSource last = new(Loop, Trace, int.MaxValue);
        ToldSource first = new(Loop, Trace, int.MinValue);
        first.WhenChecking = asked.Clear;
        first.Attach();
        last.Attach();
        for (int round = 0; round < 5000; round++)
        {
            Loop.Iterate(mayBlock: false);
            Step();
            Trace.Clear();
        }
    }

    [Fact]
    public void Prepare_and_check_cannot_run_the_loop()
    {
        ToldSource source = Attached("a");
        source.WhenPreparing = Refused;
        source.WhenChecking = Refused;
        Loop.Iterate(mayBlock: false);
        Assert.Equal("a? refused a! refused", TakeTrace());

        void Refused()
        {
            Assert.Throws<InvalidOperationException>(() => Loop.Iterate(mayBlock: false));
            Assert.Throws<InvalidOperationException>(Loop.Run);
            Trace.Add("refused");
        }
    }

    [Fact]
    public void Prepare_or_check_that_throws_goes_to_the_handler_and_means_no()
    {
        ToldSource source = Attached("a");
        source.WhenPreparing = () => throw new FormatException("prepare");
        source.WhenChecking = () => throw new FormatException("check");
        Assert.Same(source, Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: false)).Source);
        TakeTrace();
        Loop.UnhandledException = (thrower, exception) => Trace.Add($"{thrower.Name}:{exception.Message}");
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal("a? a:prepare a! a:check", TakeTrace());
    }

    [Fact]
    public void A_turn_with_custom_sources_allocates_nothing()
    {
        ToldSource source = new(Loop, Trace);
        source.AddFd(EventFd(1), FdEvents.Readable);
        source.Attach();
        source.ReadyAt = Instant.Zero;
        Loop.AddPhase(LoopPhase.BeforeWait, _ => Trace.Clear());
        Loop.AddPhase(LoopPhase.AfterDispatch, _ => Trace.Clear());
        TimerSource child = Loop.AddTimer((self, now) => self.ArmAt(now));
        child.ArmAt(Instant.Zero);
        source.AddChild(child);
        child.SetRateLimit(TimeSpan.FromTicks(1), 1);
        for (int turn = 0; turn < 200; turn++)
        {
            Loop.Iterate(mayBlock: true);
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int turn = 0; turn < 500; turn++)
            {
                Loop.Iterate(mayBlock: true);
            }
        }));
    }

    private ToldSource Attached(string name, int priority = Priority.Default)
    {
        ToldSource source = new(Loop, Trace, priority, name) { TellsQuestions = true };
        source.Attach();
        return source;
    }
}
