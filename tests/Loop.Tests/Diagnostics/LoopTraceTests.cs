using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Spindle.Kernels;
using Spindle.Loop.Diagnostics;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Diagnostics;

public sealed class LoopTraceTests : LoopTest
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"spindle-trace-{Guid.NewGuid():N}.json");

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        File.Delete(path);
    }

    [Fact]
    public void A_trace_holds_turns_waits_and_dispatches_one_within_the_other()
    {
        using LoopTrace trace = new(Loop, name: "main \"loop\"");
        Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) => Drain(source.Fd), name: "door");
        TimerSource timer = Loop.AddTimer((_, _) => { }, name: "clock");
        timer.ArmAt(Kernel.Now(ClockId.Monotonic) - TimeSpan.FromMilliseconds(3));
        Loop.Iterate(mayBlock: true);
        Assert.Equal(Result.Ok(4), trace.Write(path));

        List<JsonElement> events = ReadEvents();
        Assert.Equal("main \"loop\"", events[0].GetProperty("args").GetProperty("name").GetString());
        Assert.Equal(["thread_name", "wait", "clock", "door", "turn"], events.ConvertAll(NameOf));
        (decimal from, decimal to) = SpanOf(events[4]);
        decimal before = from;
        for (int index = 1; index < 4; index++)
        {
            (decimal began, decimal ended) = SpanOf(events[index]);
            Assert.True(before <= began && began <= ended && ended <= to, events[index].ToString());
            before = ended;
        }

        Assert.Equal(1, events[1].GetProperty("args").GetProperty("ready").GetInt32());
        Assert.True(events[2].GetProperty("args").GetProperty("late_us").GetDouble() >= 3000);
        Assert.Equal(Environment.ProcessId, events[4].GetProperty("pid").GetInt32());
    }

    [Fact]
    public void Names_are_escaped()
    {
        string name = "a\"b\\c\nd\u0001 é \U0001F600 \ud800 </x>";
        using LoopTrace trace = new(Loop);
        Loop.AddIdle(_ => false, name: name);
        Loop.Iterate(mayBlock: false);
        Assert.True(trace.Write(path).IsOk);
        Assert.Contains(name.Replace('\ud800', '\ufffd'), ReadEvents().ConvertAll(NameOf));
    }

    [Fact]
    public void Only_the_last_turns_are_kept_and_only_so_many_spans()
    {
        using LoopTrace byTurns = new(Loop, turns: 3);
        using LoopTrace bySpans = new(Loop, turns: 1000, spansMax: 5);
        for (int turn = 0; turn < 10; turn++)
        {
            Loop.AddIdle(_ => false, name: $"idle {turn}");
            Loop.Iterate(mayBlock: false);
        }

        Assert.True(byTurns.Write(path).IsOk);
        List<string> names = ReadEvents().ConvertAll(NameOf);
        Assert.Equal(3, names.FindAll(name => name == "turn").Count);
        Assert.Equal("turn", names[^1]);
        Assert.Contains("idle 7", names);
        Assert.DoesNotContain("idle 6", names);
        Assert.Equal(Result.Ok(5), bySpans.Write(path));
        Assert.Equal(6, ReadEvents().Count);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        using LoopTrace trace = new(Loop, turns: 50);
        int fd = EventFd(0);
        Loop.AddFd(fd, FdEvents.Readable, (source, _) => Drain(source.Fd), name: "door");
        void Turn()
        {
            Signal(fd);
            Loop.Iterate(mayBlock: true);
        }

        for (int turn = 0; turn < 100; turn++)
        {
            Turn();
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int turn = 0; turn < 1000; turn++)
            {
                Turn();
            }
        }));
    }

    [Fact]
    public void A_trace_begun_in_a_callback_is_whole_from_the_next_turn_on()
    {
        LoopTrace? trace = null;
        Loop.AddIdle(_ => { trace = new LoopTrace(Loop); return false; }, name: "maker");
        Loop.Iterate(mayBlock: false);
        Loop.AddIdle(_ => false, name: "next");
        Loop.Iterate(mayBlock: false);
        Assert.True(trace!.Write(path).IsOk);
        Assert.Equal(["thread_name", "wait", "next", "turn"], ReadEvents().ConvertAll(NameOf));
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_said()
    {
        using LoopTrace trace = new(Loop);
        Assert.Equal(Errno.ENOENT, trace.Write("/nonexistent/trace").Error);
        using WorkerPool pool = new(Loop, new WorkerLimits());
        Assert.Equal(
            Errno.ENOENT, LoopTraceStream.Open(Loop, pool, "/nonexistent/trace", out LoopTraceStream? stream).Error);
        Assert.Null(stream);
    }

    [Fact]
    public void A_stream_writes_every_turn_by_a_worker()
    {
        using WorkerPool pool = new(Loop, new WorkerLimits { Maximum = 1 });
        Assert.True(LoopTraceStream.Open(Loop, pool, path, out LoopTraceStream? stream, spansMax: 64).IsOk);
        const int Turns = 500;
        for (int turn = 0; turn < Turns; turn++)
        {
            string name = $"idle {turn}";
            Loop.AddIdle(_ => false, name: name);
            Loop.Iterate(mayBlock: false);
            if (turn % 20 == 19)
            {
                stream!.Flush();
                TurnUntil(() => pool.IsIdle);
            }
        }

        Result? result = null;
        stream!.Close(done => result = done);
        stream.Close();
        stream.Dispose();
        TurnUntil(() => result is not null);
        Assert.Equal(Result.Ok(), result);
        Assert.Equal(0, stream.Dropped);
        List<string> names = ReadEvents().ConvertAll(NameOf);
        for (int turn = 0; turn < Turns; turn++)
        {
            Assert.Contains($"idle {turn}", names);
        }

        Assert.Null(Loop.Observer);
    }

    [Fact]
    public void A_stream_whose_worker_is_held_up_drops_and_counts()
    {
        using System.Threading.ManualResetEventSlim gate = new();
        using WorkerPool pool = new(Loop, new WorkerLimits { Maximum = 1 });
        pool.Start(() => gate.Wait(), _ => { });
        Assert.True(LoopTraceStream.Open(Loop, pool, path, out LoopTraceStream? stream, spansMax: 10).IsOk);
        for (int turn = 0; turn < 100; turn++)
        {
            Loop.Iterate(mayBlock: false);
        }

        // Two buffers of ten found room.
        Assert.Equal(200 - 20, stream!.Dropped);
        gate.Set();
        TurnUntil(() => pool.IsIdle);
        Result? result = null;
        stream.Close(done => result = done);
        TurnUntil(() => result is not null);
        Assert.True(ReadEvents().Count > 20);
    }

    [Fact]
    public void A_stream_of_a_stopped_pool_is_closed_all_the_same()
    {
        WorkerPool pool = new(Loop, new WorkerLimits { Maximum = 1 });
        Assert.True(LoopTraceStream.Open(Loop, pool, path, out LoopTraceStream? stream, spansMax: 10).IsOk);
        pool.Dispose();
        for (int turn = 0; turn < 20; turn++)
        {
            Loop.Iterate(mayBlock: false);
        }

        Result? result = null;
        stream!.Close(done => result = done);
        Assert.Equal(Errno.ESHUTDOWN, result!.Value.Error);
        Assert.True(stream.Dropped > 0);
    }

    private static string NameOf(JsonElement span) => span.GetProperty("name").GetString()!;

    private static (decimal Began, decimal Ended) SpanOf(JsonElement span)
    {
        decimal began = span.GetProperty("ts").GetDecimal();
        return (began, began + span.GetProperty("dur").GetDecimal());
    }

    private List<JsonElement> ReadEvents()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        List<JsonElement> events = [];
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            events.Add(element.Clone());
        }

        return events;
    }
}
