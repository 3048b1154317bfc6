using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;
using Spindle.Loop.Diagnostics;

namespace Spindle.Loop.Tests.Diagnostics;

public sealed class LoopMetricsTests : LoopTest
{
    [Fact]
    public void A_listener_hears_turns_waits_dispatches_and_late_timers()
    {
        using LoopMetrics metrics = new(Loop, "main");
        Dictionary<string, List<double>> heard = [];
        List<string> sources = [];
        using MeterListener listener = Listen(heard, sources);
        Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) => Drain(source.Fd), name: "door");
        TimerSource timer = Loop.AddTimer((_, _) => { }, name: "clock");
        timer.ArmAt(Kernel.Now(Kernels.ClockId.Monotonic) - TimeSpan.FromSeconds(2));
        Loop.Iterate(mayBlock: true);
        Loop.Iterate(mayBlock: false);
        Assert.Equal([1, 1], heard["spindle.loop.turns"]);
        Assert.Equal([1, 0], heard["spindle.loop.ready"]);
        Assert.Equal(2, heard["spindle.loop.wait.duration"].Count);
        Assert.All(heard["spindle.loop.wait.duration"], seconds => Assert.True(seconds >= 0));
        Assert.Equal(["clock", "door"], sources);
        Assert.True(Assert.Single(heard["spindle.loop.timer.lateness"]) >= 2);
    }

    [Fact]
    public void While_nobody_listens_no_clock_is_read_and_nothing_is_allocated()
    {
        using LoopMetrics metrics = new(Loop);
        Assert.False(Loop.Observer!.WantsTurn());
        int fd = EventFd(0);
        Loop.AddFd(fd, FdEvents.Readable, (source, _) => Drain(source.Fd), name: "door");
        Assert.Equal(0, AllocatedInTurns(fd));
    }

    [Fact]
    public void Two_meters_and_two_traces_look_at_one_loop_and_leave_in_any_order()
    {
        LoopMetrics first = new(Loop, "first");
        LoopTrace trace = new(Loop);
        LoopMetrics second = new(Loop, "second");
        LoopTrace other = new(Loop);
        Dictionary<string, List<double>> heard = [];
        using MeterListener listener = Listen(heard, []);
        Loop.Iterate(mayBlock: false);
        Assert.Equal(2, heard["spindle.loop.turns"].Count);
        first.Dispose();
        first.Dispose();
        other.Dispose();
        Loop.Iterate(mayBlock: false);
        Assert.Equal(3, heard["spindle.loop.turns"].Count);
        second.Dispose();
        trace.Dispose();
        Assert.Null(Loop.Observer);
    }

    private long AllocatedInTurns(int fd)
    {
        for (int turn = 0; turn < 100; turn++)
        {
            Signal(fd);
            Loop.Iterate(mayBlock: true);
        }

        return Allocations.Least(() =>
        {
            for (int turn = 0; turn < 1000; turn++)
            {
                Signal(fd);
                Loop.Iterate(mayBlock: true);
            }
        });
    }

    /// <summary>Listens to what this very thread measures: other tests run meanwhile.</summary>
    private static MeterListener Listen(Dictionary<string, List<double>> heard, List<string> sources)
    {
        int home = Environment.CurrentManagedThreadId;
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == LoopMetrics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (Environment.CurrentManagedThreadId != home)
            {
                return;
            }

            if (!heard.TryGetValue(instrument.Name, out List<double>? values))
            {
                heard[instrument.Name] = values = [];
            }

            values.Add(value);
            if (tags.Length > 0)
            {
                Assert.Equal("source", tags[0].Key);
                sources.Add((string)tags[0].Value!);
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        listener.Start();
        return listener;
    }
}
