using System;
using System.IO;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>Edge, one-shot and exclusive sources, and what a hang-up or an error looks like: the same by all pollers.</summary>
public abstract class TriggerTests(WaitingBy waiting) : LoopTest(waiting)
{
    private FdSource Watch(int fd, FdTrigger trigger, string name, FdEvents interest = FdEvents.Readable) =>
        Loop.AddFd(fd, interest, (_, ready) => Trace.Add($"{name}:{ready}"), name: name, trigger: trigger);

    private (int First, int Second) SocketPair()
    {
        Span<int> pair = stackalloc int[2];
        Assert.True(Kernel.SocketPair(SocketType.Stream, pair).IsOk);
        return (Own(Result.Ok(pair[0])), Own(Result.Ok(pair[1])));
    }

    [Fact]
    public void An_edge_is_told_once_and_again_after_it_was_gone()
    {
        int fd = EventFd(1);
        Watch(fd, FdTrigger.Edge, "e");
        Exhaust();
        Assert.Equal("e:Readable", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));

        Drain(fd);
        Assert.False(Loop.Iterate(mayBlock: false));
        Signal(fd);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("e:Readable", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void An_edge_that_is_drained_in_its_callback_is_told_each_time()
    {
        int fd = EventFd(1);
        Loop.AddFd(fd, FdEvents.Readable, Note, name: "e", trigger: FdTrigger.Edge);
        for (int round = 0; round < 5; round++)
        {
            Loop.Iterate(mayBlock: true);
            Assert.Equal("e", TakeTrace());
            Signal(fd);
        }
    }

    [Fact]
    public void An_edge_drained_and_filled_again_in_its_callback_is_told_again()
    {
        int fd = EventFd(1);
        int rounds = 0;
        Loop.AddFd(fd, FdEvents.Readable, (_, _) =>
        {
            Drain(fd);
            if (++rounds < 4)
            {
                Signal(fd);
            }
        }, trigger: FdTrigger.Edge);
        TurnUntil(() => rounds == 4);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void An_edge_that_is_still_there_is_told_anew_by_rearming_it()
    {
        FdSource source = Watch(EventFd(1), FdTrigger.Edge, "e");
        Exhaust();
        source.Rearm();
        Loop.Iterate(mayBlock: true);
        Assert.Equal("e:Readable e:Readable", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Each_direction_has_edges_of_its_own()
    {
        (int first, int second) = SocketPair();
        Watch(first, FdTrigger.Edge, "e", FdEvents.Readable | FdEvents.Writable);
        Exhaust();
        Assert.Equal("e:Writable", TakeTrace());
        Assert.True(Kernel.Write(second, [1]).IsOk);
        Loop.Iterate(mayBlock: true);
        Assert.Contains("Readable", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_hang_up_is_told_to_an_edge_once()
    {
        (int reader, int writer) = Pipe();
        Watch(reader, FdTrigger.Edge, "e");
        Loop.Iterate(mayBlock: false);
        Close(writer);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("e:HangUp", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void An_edge_outlives_turns_that_belong_to_a_better_priority()
    {
        int fd = EventFd(1);
        Loop.AddFd(fd, FdEvents.Readable, Note, Priority.Low, "edge", FdTrigger.Edge);
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Low, "shot", FdTrigger.OneShot);
        int busy = EventFd(1);
        FdSource better = Loop.AddFd(busy, FdEvents.Readable, (_, _) => Trace.Add("better"), Priority.High);
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: true);
        better.Remove();
        Loop.Iterate(mayBlock: true);
        Assert.Equal("better better edge shot", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void An_edge_kept_for_later_does_not_outlive_its_source_or_its_interest()
    {
        FdSource removed = Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Low, "removed", FdTrigger.Edge);
        FdSource shut = Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.Low, "shut", FdTrigger.Edge);
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, Priority.High, "high");
        Loop.Iterate(mayBlock: true);
        removed.Remove();
        shut.Interest = FdEvents.None;
        Exhaust();
        Assert.Equal("high", TakeTrace());
    }

    [Fact]
    public void Edges_of_a_file_that_is_always_ready_are_told_once()
    {
        FdSource source = Watch(Own(Kernel.Open("/dev/null", FileFlags.Read | FileFlags.Write)), FdTrigger.Edge, "e");
        Exhaust();
        Assert.Equal("e:Readable", TakeTrace());
        source.Rearm();
        Exhaust();
        Assert.Equal("e:Readable", TakeTrace());
    }

    [Fact]
    public void An_edge_beside_a_level_is_told_at_least_as_often()
    {
        int fd = EventFd(1);
        Watch(fd, FdTrigger.Level, "l");
        Watch(fd, FdTrigger.Edge, "e");
        for (int round = 0; round < 3; round++)
        {
            Loop.Iterate(mayBlock: true);
            Assert.Equal("l:Readable e:Readable", TakeTrace());
            Drain(fd);
            Assert.False(Loop.Iterate(mayBlock: false));
            Signal(fd);
        }
    }

    [Fact]
    public void When_the_level_beside_it_goes_the_edge_is_one_again()
    {
        int fd = EventFd(1);
        FdSource level = Watch(fd, FdTrigger.Level, "l");
        Watch(fd, FdTrigger.Edge, "e");
        Loop.Iterate(mayBlock: true);
        level.Remove();
        TakeTrace();
        Exhaust();
        Assert.True(Trace.Count <= 1);
        Trace.Clear();
        Drain(fd);
        Exhaust();
        Signal(fd);
        Exhaust();
        Assert.Equal("e:Readable", TakeTrace());
    }

    [Fact]
    public void A_one_shot_is_told_once_until_it_is_rearmed()
    {
        int fd = EventFd(1);
        FdSource source = Watch(fd, FdTrigger.OneShot, "o");
        Exhaust();
        Drain(fd);
        Signal(fd);
        Exhaust();
        Assert.Equal("o:Readable", TakeTrace());

        source.Rearm();
        Loop.Iterate(mayBlock: true);
        Assert.Equal("o:Readable", TakeTrace());
        Drain(fd);
        source.Rearm();
        Assert.False(Loop.Iterate(mayBlock: false));
        Signal(fd);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("o:Readable", TakeTrace());
    }

    [Fact]
    public void A_one_shot_may_be_rearmed_in_its_callback()
    {
        int rounds = 0;
        Loop.AddFd(EventFd(1), FdEvents.Readable, (self, _) =>
        {
            if (++rounds < 3)
            {
                self.Rearm();
            }
        }, trigger: FdTrigger.OneShot);
        Exhaust();
        Assert.Equal(3, rounds);
    }

    [Fact]
    public void A_spent_one_shot_hears_of_no_hang_up()
    {
        (int reader, int writer) = Pipe();
        Assert.True(Kernel.Write(writer, [1]).IsOk);
        FdSource source = Watch(reader, FdTrigger.OneShot, "o");
        Exhaust();
        Assert.Equal("o:Readable", TakeTrace());
        Drain(reader);
        Close(writer);
        Exhaust();
        Assert.Empty(Trace);
        source.Rearm();
        Exhaust();
        Assert.Equal("o:HangUp", TakeTrace());
    }

    [Fact]
    public void Two_one_shots_on_one_descriptor_are_spent_and_rearmed_each_by_itself()
    {
        int fd = EventFd(1);
        FdSource reads = Watch(fd, FdTrigger.OneShot, "r");
        FdSource writes = Watch(fd, FdTrigger.OneShot, "w", FdEvents.Writable);
        Exhaust();
        Assert.Equal("r:Readable w:Writable", TakeTrace());
        writes.Rearm();
        Exhaust();
        Assert.Equal("w:Writable", TakeTrace());
        reads.Rearm();
        Exhaust();
        Assert.Equal("r:Readable", TakeTrace());
    }

    [Fact]
    public void A_one_shot_beside_a_level_leaves_that_alone()
    {
        int fd = EventFd(1);
        Watch(fd, FdTrigger.Level, "l");
        FdSource shot = Watch(fd, FdTrigger.OneShot, "o");
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("l:Readable o:Readable l:Readable", TakeTrace());
        shot.Rearm();
        Loop.Iterate(mayBlock: true);
        Assert.Equal("l:Readable o:Readable", TakeTrace());
    }

    [Fact]
    public void An_exclusive_source_is_told_as_others_are()
    {
        int fd = EventFd(1);
        FdSource source = Loop.AddFd(fd, FdEvents.Readable, Note, name: "x", isExclusive: true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("x", TakeTrace());
        source.Interest = FdEvents.None;
        Signal(fd);
        Assert.False(Loop.Iterate(mayBlock: false));
        source.Interest = FdEvents.Readable | FdEvents.Writable;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("x", TakeTrace());
        source.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void What_an_exclusive_source_cannot_have_is_refused()
    {
        int fd = EventFd(0);
        Assert.Throws<ArgumentException>(() => Exclusive(FdEvents.Readable | FdEvents.Priority, FdTrigger.Level));
        Assert.Throws<ArgumentException>(() => Exclusive(FdEvents.Readable | FdEvents.ReadHangUp, FdTrigger.Level));
        Assert.Throws<ArgumentException>(() => Exclusive(FdEvents.Readable, FdTrigger.OneShot));

        FdSource source = Exclusive(FdEvents.Readable, FdTrigger.Edge);
        Assert.Throws<InvalidOperationException>(() => source.Interest = FdEvents.Writable);
        Assert.Equal(FdEvents.Readable, source.Interest);
        Assert.Throws<ArgumentException>(() => Watch(fd, FdTrigger.Level, "second"));
        source.Remove();
        Watch(fd, FdTrigger.Level, "first");
        Assert.Throws<ArgumentException>(() => Exclusive(FdEvents.Readable, FdTrigger.Level));

        FdSource Exclusive(FdEvents interest, FdTrigger trigger) =>
            Loop.AddFd(fd, interest, Note, name: "x", trigger: trigger, isExclusive: true);
    }

    [Fact]
    public void A_socket_tells_which_directions_are_closed()
    {
        (int first, int second) = SocketPair();
        FdSource source = Watch(first, FdTrigger.Level, "s", FdEvents.Readable | FdEvents.ReadHangUp);
        Assert.True(Kernel.Shutdown(second, 1).IsOk);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("s:Readable, ReadHangUp", TakeTrace());
        source.Interest = FdEvents.Readable;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("s:Readable", TakeTrace());
        Close(second);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("s:Readable, HangUp", TakeTrace());
    }

    [Fact]
    public void A_pipe_that_nobody_reads_is_writable_with_an_error()
    {
        (int reader, int writer) = Pipe();
        Close(reader);
        Watch(writer, FdTrigger.Level, "w", FdEvents.Writable);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("w:Writable, Error", TakeTrace());
    }

    [Fact]
    public void A_regular_file_is_ready_beside_others_and_by_its_priority()
    {
        string path = Path.GetTempFileName();
        int file = Own(Kernel.Open(path, FileFlags.Read | FileFlags.Write));
        File.Delete(path);
        Loop.AddFd(file, FdEvents.Readable | FdEvents.Writable, (_, ready) => Trace.Add($"f:{ready}"), Priority.Low);
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "e");
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("e f:Readable, Writable", TakeTrace());
    }

    [Fact]
    public void A_descriptor_replaced_while_it_is_watched_is_repaired_by_the_next_change()
    {
        int fd = EventFd(0);
        FdSource source = Watch(fd, FdTrigger.Level, "s");
        Loop.Iterate(mayBlock: false);
        Close(fd); // the mistake
        int reused = EventFd(1);
        Assert.Equal(fd, reused);
        source.Interest = FdEvents.Readable | FdEvents.Writable;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("s:Readable, Writable", TakeTrace());
    }

    [Fact]
    public void A_change_of_a_descriptor_that_is_closed_is_refused_and_nothing_spins()
    {
        int fd = EventFd(0);
        FdSource source = Watch(fd, FdTrigger.Level, "s");
        Loop.Iterate(mayBlock: false);
        Close(fd);
        Assert.Throws<InvalidOperationException>(() => source.Interest = FdEvents.Writable);
        Assert.False(Loop.Iterate(mayBlock: false));
        source.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_closed_descriptor_ends_no_wait_for_ever()
    {
        int fd = EventFd(0);
        Watch(fd, FdTrigger.Level, "closed");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "other");
        Loop.Iterate(mayBlock: true);
        Close(fd);
        Exhaust();
        for (int turn = 0; turn < 3; turn++)
        {
            Assert.False(Loop.Iterate(mayBlock: false));
        }

        Assert.True(Loop.StaleEvents <= 1);
        Assert.Equal("other", TakeTrace());
    }

    [Fact]
    public void Closing_after_removal_really_closes()
    {
        (int first, int second) = SocketPair();
        FdSource source = Watch(first, FdTrigger.Level, "s");
        Loop.Iterate(mayBlock: false);
        source.Remove();
        Close(first);
        Span<byte> octets = stackalloc byte[1];
        Assert.Equal(Result.Ok(0), Kernel.Read(second, octets));
    }

    [Fact]
    public void Closing_after_the_loop_really_closes()
    {
        (int first, int second) = SocketPair();
        Watch(first, FdTrigger.Level, "s");
        Loop.Iterate(mayBlock: false);
        Loop.Dispose();
        Close(first);
        Span<byte> octets = stackalloc byte[1];
        Assert.Equal(Result.Ok(0), Kernel.Read(second, octets));
    }

    [Fact]
    public void Hundreds_of_descriptors_are_told_in_one_turn_in_their_order()
    {
        const int Count = 300;
        string expected = string.Empty;
        for (int index = 0; index < Count; index++)
        {
            Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: $"{index}", trigger: (FdTrigger)(index % 3));
            expected += index == 0 ? "0" : $" {index}";
        }

        Loop.Iterate(mayBlock: true);
        Assert.Equal(expected, TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_wait_ends_at_its_deadline_and_never_before()
    {
        Watch(EventFd(0), FdTrigger.Level, "never");
        int noisy = EventFd(0);
        FdSource gone = Watch(noisy, FdTrigger.Level, "gone");
        Loop.Iterate(mayBlock: false);
        gone.Interest = FdEvents.Priority; // nothing will come of it, though the kernel wakes for it
        Basics.Instant due = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(3);
        bool isFired = false;
        Loop.AddTimer((_, _) =>
        {
            Assert.True(Kernel.Now(ClockId.Monotonic) >= due);
            isFired = true;
        }).ArmAt(due);
        TurnUntil(() => isFired);
        Assert.Empty(Trace);
    }

    [Fact]
    public void Random_triggers_lose_nothing()
    {
        const int Seed = 77001;
        Random random = new(Seed);
        int[] fds = new int[12];
        FdSource[] sources = new FdSource[fds.Length];
        bool[] isSignalled = new bool[fds.Length];
        for (int index = 0; index < fds.Length; index++)
        {
            int mine = index;
            fds[index] = EventFd(0);
            sources[index] = Loop.AddFd(fds[index], FdEvents.Readable, (self, _) =>
            {
                Drain(self.Fd);
                isSignalled[mine] = false;
                self.Rearm();
            }, random.Next(3), $"{index}", (FdTrigger)random.Next(3));
        }

        for (int round = 0; round < 3000; round++)
        {
            int index = random.Next(fds.Length);
            switch (random.Next(5))
            {
                case 0:
                    sources[index].Interest = FdEvents.None;
                    break;
                case 1:
                    sources[index].Interest = FdEvents.Readable;
                    break;
                case 2:
                    Loop.Iterate(mayBlock: false);
                    break;
                default:
                    Signal(fds[index]);
                    isSignalled[index] = true;
                    break;
            }
        }

        foreach (FdSource source in sources)
        {
            source.Interest = FdEvents.Readable;
        }

        Exhaust();
        Assert.True(Array.TrueForAll(isSignalled, signalled => !signalled), $"seed {Seed}: {string.Join(' ', isSignalled)}");
    }
}
