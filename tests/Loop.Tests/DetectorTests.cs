using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class DetectorTests : LoopTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void A_callback_that_holds_the_loop_is_named_behind_it()
    {
        using StallDetector detector = new StallDetector(Loop, Limit, (source, held) =>
        {
            Assert.True(held > Limit);
            Trace.Add(source.Name);
        });
        Loop.AddIdle(_ => { Hold(Limit); return false; }, name: "slow");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("slow", TakeTrace());
        Assert.Equal(1, detector.Count);
        Assert.Throws<InvalidOperationException>(() => new StallDetector(Loop, Limit, (_, _) => { }));
        detector.Dispose();
        detector.Dispose();
        Loop.AddIdle(_ => { Hold(Limit); return false; });
        Loop.Iterate(mayBlock: true);
        Assert.Empty(Trace);
        Assert.Equal(LoopFeatures.None, Loop.Turns.Features);
    }

    [Fact]
    public void A_callback_that_throws_is_measured_too()
    {
        using StallDetector detector = new StallDetector(Loop, Limit, (source, _) => Trace.Add(source.Name));
        Loop.AddIdle(_ => { Hold(Limit); throw new FormatException(); }, name: "slow");
        Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: true));
        Assert.Equal("slow", TakeTrace());
    }

    [Fact]
    public void A_callback_that_runs_the_loop_does_not_hold_it()
    {
        TimeSpan limit = TimeSpan.FromHours(1);
        using StallDetector detector = new StallDetector(Loop, limit, (source, _) => Trace.Add(source.Name));
        TimerSource wake = Loop.AddTimer((_, _) => Loop.Quit());
        Loop.AddIdle(_ =>
        {
            wake.ArmAfter(TimeSpan.FromMilliseconds(2));
            Loop.Run();
            return false;
        }, name: "outer");
        Loop.Iterate(mayBlock: true);
        Assert.Equal(0, detector.Count);
    }

    [Fact]
    public void The_watchdog_names_the_source_while_it_is_still_stuck_and_once()
    {
        // On a busy machine "quick" may be held up as well: what counts is said of the stuck ones.
        ConcurrentQueue<string> stuck = new();
        using StallDetector detector = new StallDetector(Loop, Limit, (source, _) => Trace.Add(source.Name), (source, held) =>
        {
            Assert.True(held > Limit);
            stuck.Enqueue(source.Name);
        });
        for (int round = 1; round <= 3; round++)
        {
            string name = $"stuck{round}";
            Loop.AddIdle(
                _ =>
                {
                    SpinWait.SpinUntil(() => stuck.Contains(name));
                    return false;
                },
                name: name);
            Loop.Iterate(mayBlock: true);
            Loop.AddIdle(_ => false, name: "quick");
            Loop.Iterate(mayBlock: true);
        }

        string[] expected = ["stuck1", "stuck2", "stuck3"];
        Assert.Equal(expected, stuck.Where(static name => name != "quick"));
        Assert.Equal(expected, Trace.Where(static name => name != "quick"));
    }

    [Fact]
    public void Idle_work_that_spins_gets_one_notice()
    {
        using SpinDetector detector = new SpinDetector(Loop, 50, (source, calls) => Trace.Add($"{source.Name}:{calls}"));
        Loop.AddIdle(_ => true, name: "spinner");
        string path = Path.GetTempFileName();
        int file = Own(Kernel.Open(path, FileFlags.Read));
        File.Delete(path);
        Loop.AddFd(file, FdEvents.Readable, (_, _) => { }, Priority.DefaultIdle, name: "file");
        ToldSource custom = new(Loop, [], Priority.DefaultIdle, "custom") { IsPrepared = true };
        custom.Attach();
        for (int turn = 0; turn < 200; turn++)
        {
            Loop.Iterate(mayBlock: true);
        }

        Assert.Equal("spinner:50 file:50 custom:50", TakeTrace());
    }

    [Fact]
    public void Idle_work_between_events_does_not_spin()
    {
        using SpinDetector detector = new SpinDetector(Loop, 50, (source, calls) => Trace.Add(source.Name));
        Loop.AddIdle(_ => true, name: "worker");
        for (int turn = 0; turn < 200; turn++)
        {
            if (turn % 30 == 0)
            {
                Loop.Post(() => { });
            }

            Loop.Iterate(mayBlock: true);
        }

        Assert.Empty(Trace);
    }

    private void Hold(TimeSpan span)
    {
        Basics.Instant until = Kernel.Now(ClockId.Monotonic) + span;
        while (Kernel.Now(ClockId.Monotonic) <= until)
        {
        }
    }
}
