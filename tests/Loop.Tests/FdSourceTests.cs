using System;
using System.IO;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public abstract class FdSourceTests(WaitingBy waiting) : LoopTest(waiting)
{
    [Fact]
    public void Readiness_is_reported_until_it_is_gone()
    {
        int fd = EventFd(1);
        Loop.AddFd(fd, FdEvents.Readable, (source, _) => Trace.Add("ready"), name: "fd");
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("ready ready", TakeTrace());
        Drain(fd);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Interest_can_be_changed_while_it_is_watched()
    {
        FdSource source = Loop.AddFd(EventFd(1), FdEvents.None, (_, ready) => Trace.Add(ready.ToString()));
        Assert.False(Loop.Iterate(mayBlock: false));
        source.Interest = FdEvents.Readable;
        Loop.Iterate(mayBlock: true);
        source.Interest = FdEvents.Readable | FdEvents.Writable;
        Loop.Iterate(mayBlock: true);
        source.Interest = FdEvents.Writable;
        Loop.Iterate(mayBlock: true);
        source.Interest = FdEvents.None;
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal("Readable Readable, Writable Writable", TakeTrace());
    }

    [Fact]
    public void A_descriptor_watched_for_nothing_does_not_even_report_a_hang_up()
    {
        (int reader, int writer) = Pipe();
        FdSource source = Loop.AddFd(reader, FdEvents.Readable, (_, ready) => Trace.Add(ready.ToString()));
        Close(writer);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("HangUp", TakeTrace());
        source.Interest = FdEvents.None;
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Several_sources_on_one_descriptor_each_get_what_they_asked_for()
    {
        int fd = EventFd(1);
        FdSource reads = Loop.AddFd(fd, FdEvents.Readable, (_, ready) => Trace.Add($"r:{ready}"));
        FdSource writes = Loop.AddFd(fd, FdEvents.Writable, (_, ready) => Trace.Add($"w:{ready}"));
        FdSource low = Loop.AddFd(fd, FdEvents.Readable, (_, ready) => Trace.Add($"low:{ready}"), Priority.Low);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("r:Readable w:Writable", TakeTrace());

        writes.Remove();
        reads.Remove();
        Loop.Iterate(mayBlock: true);
        Assert.Equal("low:Readable", TakeTrace());
        low.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Dev_null_is_always_ready_until_removed()
    {
        int fd = Own(Kernel.Open("/dev/null", FileFlags.Read | FileFlags.Write));
        FdSource source = Loop.AddFd(fd, FdEvents.Readable, (_, ready) => Trace.Add(ready.ToString()));
        Loop.AddFd(EventFd(0), FdEvents.Readable, Note);
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("Readable Readable", TakeTrace());
        source.Interest = FdEvents.None;
        Assert.False(Loop.Iterate(mayBlock: false));
        source.Interest = FdEvents.Writable;
        Loop.Iterate(mayBlock: true);
        Assert.Equal("Writable", TakeTrace());
        source.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void One_regular_file_in_three_sources_is_ready_for_the_best_priority_alone()
    {
        string path = Path.GetTempFileName();
        int fd = Own(Kernel.Open(path, FileFlags.Read | FileFlags.Write));
        File.Delete(path);
        Loop.AddFd(fd, FdEvents.Readable, (source, _) => Trace.Add("a"));
        Loop.AddFd(fd, FdEvents.Writable, (source, _) => Trace.Add("b"));
        Loop.AddFd(fd, FdEvents.Readable, (source, _) => Trace.Add("c"), Priority.Low);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("a b", TakeTrace());
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_refused_and_leaves_nothing_behind()
    {
        int fd = EventFd(0);
        Close(fd);
        Assert.Throws<ArgumentException>(() => Loop.AddFd(fd, FdEvents.Readable, Note));
        Assert.ThrowsAny<ArgumentException>(() => Loop.AddFd(-1, FdEvents.Readable, Note));
        int again = EventFd(1);
        Assert.Equal(fd, again);
        Loop.AddFd(again, FdEvents.Readable, Note, name: "again");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("again", TakeTrace());
    }

    [Fact]
    public void A_source_may_remove_itself_in_its_callback()
    {
        Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) =>
        {
            source.Remove();
            source.Remove();
            Assert.False(source.IsActive);
            Trace.Add("once");
        });
        Exhaust();
        Assert.Equal("once", TakeTrace());
    }

    [Fact]
    public void Sources_whose_events_are_already_fetched_may_be_removed_by_one_another()
    {
        FdSource[] sources = new FdSource[10];
        for (int index = 0; index < sources.Length; index++)
        {
            sources[index] = Loop.AddFd(EventFd(1), FdEvents.Readable, (self, _) =>
            {
                Trace.Add(self.Name);
                foreach (FdSource other in sources)
                {
                    other.Remove();
                }
            }, name: $"{index}");
        }

        Exhaust();
        Assert.Equal("0", TakeTrace());
    }

    [Fact]
    public void A_number_closed_and_reused_within_a_turn_gets_no_event_of_its_former_file()
    {
        int victim = -1;
        FdSource? doomed = null;
        Loop.AddFd(EventFd(1), FdEvents.Readable, (self, _) =>
        {
            self.Remove();
            doomed!.Remove();
            Close(victim);
            int reused;
            do
            {
                reused = EventFd(0); // Lower numbers that others in this process have just given back come first.
            }
            while (reused < victim);
            Assert.Equal(victim, reused);
            Loop.AddFd(reused, FdEvents.Readable, Note, name: "wrong");
            Trace.Add("swapped");
        });
        victim = EventFd(1);
        doomed = Loop.AddFd(victim, FdEvents.Readable, Note, name: "doomed");
        Exhaust();
        Assert.Equal("swapped", TakeTrace());
    }

    [Fact]
    public void Interest_taken_back_by_an_earlier_callback_counts_in_the_same_turn()
    {
        FdSource? second = null;
        Loop.AddFd(EventFd(1), FdEvents.Readable, (self, ready) =>
        {
            Note(self, ready);
            second!.Interest = FdEvents.None;
        }, name: "first");
        second = Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "second");
        Exhaust();
        Assert.Equal("first", TakeTrace());
        second.Interest = FdEvents.Readable;
        Exhaust();
        Assert.Equal("second", TakeTrace());
    }

    [Fact]
    public void A_file_that_outlives_its_closed_descriptor_is_forgotten_and_counted()
    {
        int fd = EventFd(1);
        int duplicate = Own(Kernel.Duplicate(fd));
        FdSource early = Loop.AddFd(fd, FdEvents.Readable, Note, name: "zombie");
        Close(fd); // the mistake: closed first, and the duplicate keeps the file
        early.Remove();
        int other = EventFd(1);
        Assert.Equal(fd, other);
        Loop.AddFd(other, FdEvents.Readable, Note, name: "alive");

        // epoll reports the file under a number that no longer reaches it; the others watch numbers, or remove for good.
        int expected = Loop.Waiting == WaitingBy.Epoll ? 1 : 0;
        Exhaust();
        Assert.Equal("alive", TakeTrace());
        Assert.Equal(expected, Loop.StaleEvents);
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Equal(expected, Loop.StaleEvents);
        Signal(other);
        Exhaust();
        Assert.Equal("alive", TakeTrace());
        Drain(duplicate);
    }

    [Fact]
    public void A_number_reused_under_a_forgotten_source_is_watched_all_the_same()
    {
        int fd = EventFd(0);
        Loop.AddFd(fd, FdEvents.Readable, (source, _) => Trace.Add("old"));
        Close(fd);
        int reused = EventFd(1);
        Assert.Equal(fd, reused);
        Loop.AddFd(reused, FdEvents.Readable, Note, name: "new");
        Exhaust();
        Assert.Equal("old new", TakeTrace());
    }

    [Fact]
    public void The_loop_own_descriptors_cannot_be_taken()
    {
        WatchedFd[] own = new WatchedFd[4];
        Assert.Equal(1, Loop.Embedding.WatchedFds(own));
        Exception? refused = Record.Exception(() => Loop.AddFd(own[0].Fd, FdEvents.Readable, Note));
        Assert.IsType<ArgumentException>(refused);
    }

    [Fact]
    public void Random_adding_changing_and_removing_never_dispatches_what_is_gone()
    {
        const int Seed = 20240917;
        Random random = new(Seed);
        FdSource?[] sources = new FdSource?[40];
        int[] fds = new int[sources.Length];
        for (int index = 0; index < fds.Length; index++)
        {
            fds[index] = EventFd(0);
        }

        void Step()
        {
            int index = random.Next(sources.Length);
            switch (random.Next(4))
            {
                case 0:
                    sources[index]?.Remove();
                    sources[index] = null;
                    break;
                case 1:
                    sources[index]?.Remove();
                    FdSource? mine = null;
                    mine = sources[index] = Loop.AddFd(fds[index], FdEvents.Readable, (self, ready) =>
                    {
                        Assert.Same(mine, self);
                        Assert.True(self.IsActive, $"seed {Seed}");
                        Assert.Equal(FdEvents.Readable, ready & self.Interest);
                        Drain(self.Fd);
                        Step();
                        Step();
                    }, random.Next(3));
                    break;
                case 2 when sources[index] is { } source:
                    source.Interest = random.Next(2) == 0 ? FdEvents.None : FdEvents.Readable;
                    break;
                default:
                    Signal(fds[index]);
                    break;
            }
        }

        for (int round = 0; round < 5000; round++)
        {
            Step();
            Loop.Iterate(mayBlock: false);
        }

        Assert.Equal(0, Loop.StaleEvents);
    }
}
