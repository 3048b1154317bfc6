using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Loop.Tests;

public sealed class ObserverTests : LoopTest
{
    [Fact]
    public void An_observer_sees_the_turn_from_its_beginning_to_its_end()
    {
        Recorder recorder = new(Trace);
        Loop.Observer = recorder;
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "fd");
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        timer.ArmAt(Kernel.Now(Kernels.ClockId.Monotonic));
        Loop.Iterate(mayBlock: true);
        Assert.Equal("turn waited:1 due:timer (timer timer ) (fd fd ) end", TakeTrace());
        Assert.True(recorder.Lateness >= TimeSpan.Zero);

        Loop.Observer = null;
        timer.ArmAfter(TimeSpan.Zero);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("timer", TakeTrace());
    }

    [Fact]
    public void A_callback_that_throws_ends_its_dispatch_and_its_turn_for_the_observer_too()
    {
        Loop.Observer = new Recorder(Trace);
        Loop.AddIdle(_ => throw new FormatException(), name: "idle");
        Assert.ThrowsAny<Exception>(() => Loop.Iterate(mayBlock: true));
        Assert.Equal("turn waited:0 (idle ) end", TakeTrace());
    }

    private sealed class Recorder(List<string> trace) : LoopObserver
    {
        public TimeSpan Lateness { get; private set; } = TimeSpan.MinValue;

        public override void TurnBegan(long turn, Instant at) => trace.Add("turn");

        public override void Waited(int ready, Instant from, Instant to)
        {
            Assert.True(from <= to);
            trace.Add($"waited:{ready}");
        }

        public override void TimerDue(TimerSource timer, TimeSpan lateness)
        {
            Lateness = lateness;
            trace.Add($"due:{timer.Name}");
        }

        public override void DispatchBegan(Source source, Instant at) => trace.Add($"({source.Name}");

        public override void DispatchEnded(Source source, Instant at) => trace.Add(")");

        public override void TurnEnded(Instant at) => trace.Add("end");
    }
}
