using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>libuv's poll_* cases, watcher_cross_stop and iouring_pollhup, and GLib's far deadlines, by every way to wait.</summary>
public abstract class UvPollTests(WaitingBy waiting) : CaseTest(waiting)
{
    private const int OutOfBand = 1; // MSG_OOB
    private const int Total = 100_000;

    [Fact]
    public void Both_directions_of_both_ends_pass_all_octets_and_see_the_end() // poll_duplex
    {
        (int first, int second) = SocketPair();
        Flow[] flows = [new(this, first, sends: true), new(this, second, sends: true)];
        TurnUntil(() => Array.TrueForAll(flows, flow => flow.IsOver));
        Assert.All(flows, flow => Assert.Equal((Total, Total), (flow.Sent, flow.Received)));
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void One_direction_alone_passes_all_octets_and_sees_the_end() // poll_unidirectional
    {
        (int first, int second) = SocketPair();
        Flow[] flows = [new(this, first, sends: true), new(this, second, sends: false)];
        TurnUntil(() => Array.TrueForAll(flows, flow => flow.IsOver));
        Assert.Equal((Total, 0), (flows[0].Sent, flows[0].Received));
        Assert.Equal((0, Total), (flows[1].Sent, flows[1].Received));
    }

    [Fact]
    public void Sources_removed_before_a_turn_saw_them_are_never_called() // poll_close
    {
        int fd = EventFd(1);
        for (int round = 0; round < 42; round++)
        {
            FdSource source = Loop.AddFd(round % 2 == 0 ? fd : EventFd(1), FdEvents.Readable, Note, name: "gone");
            source.Interest = FdEvents.Writable;
            source.Remove();
            source.Remove();
        }

        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Empty(Trace);
    }

    [Fact]
    public void Urgent_data_is_told_as_such_and_ordinary_data_beside_it() // poll_oob
    {
        (int client, int server) = Connection();
        List<FdEvents> seen = [];
        byte[] octets = new byte[8];
        Loop.AddFd(server, FdEvents.Readable | FdEvents.Priority, (source, ready) =>
        {
            seen.Add(ready);
            if ((ready & FdEvents.Priority) != 0)
            {
                Assert.Equal(1, Kernel.Receive(source.Fd, octets, OutOfBand).Int);
                Trace.Add($"urgent:{(char)octets[0]}");
            }

            if ((ready & FdEvents.Readable) != 0 && Kernel.Receive(source.Fd, octets) is { Value: > 0 } read)
            {
                Trace.Add($"data:{(char)octets[0]}x{read.Int}");
            }
        });
        Assert.True(Kernel.Send(client, "a"u8).IsOk);
        TurnUntil(() => Trace.Count == 1);
        Assert.Equal("data:ax1", TakeTrace());
        Assert.Equal(FdEvents.Readable, Assert.Single(seen));

        Assert.True(Kernel.Send(client, "!"u8, OutOfBand).IsOk);
        TurnUntil(() => Trace.Contains("urgent:!"));
        Assert.True(Kernel.Send(client, "b"u8).IsOk);
        TurnUntil(() => Trace.Contains("data:bx1"));
    }

    [Fact]
    public void An_epoll_inside_another_wait_is_readable_while_it_has_something() // poll_nested_epoll
    {
        int inner = Own(Kernel.EpollCreate());
        int fd = EventFd(0);
        Assert.True(Kernel.EpollControl(inner, EpollOperation.Add, fd, (uint)FdEvents.Readable, 7).IsOk);
        Loop.AddFd(inner, FdEvents.Readable, (_, _) =>
        {
            Trace.Add("inner");
            Drain(fd);
        });
        Assert.False(Loop.Iterate(mayBlock: false));
        Signal(fd);
        TurnUntil(() => Trace.Count > 0);
        Exhaust();
        Assert.Equal("inner", TakeTrace());
    }

    [Fact]
    public void Of_three_sources_on_one_descriptor_the_first_to_go_takes_no_other_with_it() // poll_multiple_handles
    {
        int fd = EventFd(1);
        FdSource[] sources = new FdSource[3];
        for (int index = 0; index < sources.Length; index++)
        {
            sources[index] = Loop.AddFd(fd, FdEvents.Readable, (source, _) => Trace.Add(source.Name), name: $"{index}");
        }

        for (int gone = 0; gone < 3; gone++)
        {
            Loop.Iterate(mayBlock: true);
            Assert.Equal(string.Join(' ', new[] { "0", "1", "2" }[gone..]), TakeTrace());
            sources[gone].Remove();
        }

        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_hang_up_that_came_before_anybody_watched_is_told() // iouring_pollhup
    {
        (int reader, int writer) = Pipe();
        Close(writer);
        Loop.AddFd(reader, FdEvents.Readable, (source, ready) =>
        {
            Trace.Add(ready.ToString());
            source.Remove();
        });
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("HangUp", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Whoever_is_called_first_may_take_all_others_away_though_their_events_are_there() // watcher_cross_stop
    {
        const int Count = 96;
        List<FdSource> sources = [];
        for (int index = 0; index < Count; index++)
        {
            (int first, int second) = SocketPair();
            Kernel.Send(second, "x"u8);
            sources.Add(Loop.AddFd(first, FdEvents.Readable | FdEvents.Writable, (_, _) =>
            {
                Trace.Add("called");
                sources.ForEach(source => source.Remove());
            }));
        }

        Loop.Iterate(mayBlock: true);
        Assert.Equal("called", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Theory]
    [InlineData(40)] // longer than 32 bits of milliseconds, in days: 49.7; and what poll(2) can be told: 24.8
    [InlineData(60)]
    [InlineData(100_000)]
    public void A_far_deadline_ends_no_wait_early_and_is_no_error(int days) // weeks-overflow, far-future-ready-time
    {
        TimerSource far = Loop.AddTimer(Note, name: "far");
        far.ArmAfter(TimeSpan.FromDays(days));
        int fd = EventFd(0);
        Loop.AddFd(fd, FdEvents.Readable, Note, name: "fd");
        Result started = Kernel.StartThread("waker", () => Signal(fd));
        Assert.True(started.IsOk);
        TurnUntil(() => Trace.Count > 0);
        Assert.Equal("fd", TakeTrace());
        Assert.True(far.IsArmed);
    }

    /// <summary>One end that sends so much, in pieces, and reads to the end what the other one sends.</summary>
    private sealed class Flow
    {
        private readonly UvPollTests test;
        private readonly byte[] octets = new byte[3000];
        private readonly FdSource source;
        private bool sawEnd;

        public Flow(UvPollTests test, int fd, bool sends)
        {
            this.test = test;
            Goal = sends ? Total : 0;
            FdEvents interest = sends ? FdEvents.Readable | FdEvents.Writable : FdEvents.Readable;
            source = test.Loop.AddFd(fd, interest, Go);
            if (!sends)
            {
                test.Kernel.Shutdown(fd, 1);
            }
        }

        public int Sent { get; private set; }

        public int Received { get; private set; }

        public bool IsOver => Sent == Goal && sawEnd;

        private int Goal { get; }

        private void Go(FdSource self, FdEvents ready)
        {
            if ((ready & FdEvents.Writable) != 0 && Sent < Goal)
            {
                Sent += test.Kernel.Send(self.Fd, octets.AsSpan(0, Math.Min(octets.Length, Goal - Sent))).Int;
                if (Sent == Goal)
                {
                    test.Kernel.Shutdown(self.Fd, 1);
                    source.Interest = FdEvents.Readable;
                }
            }

            if ((ready & FdEvents.Readable) != 0)
            {
                Result read = test.Kernel.Read(self.Fd, octets);
                Received += read.Int;
                sawEnd = read is { IsOk: true, Value: 0 };
                if (sawEnd)
                {
                    source.Interest = Sent < Goal ? FdEvents.Writable : FdEvents.None;
                }
            }
        }
    }
}

public sealed class EpollUvPollTests() : UvPollTests(WaitingBy.Epoll);

public sealed class PollUvPollTests() : UvPollTests(WaitingBy.Poll);

public sealed class SelectUvPollTests() : UvPollTests(WaitingBy.Select);

public sealed class IoUringUvPollTests() : UvPollTests(WaitingBy.IoUring);
