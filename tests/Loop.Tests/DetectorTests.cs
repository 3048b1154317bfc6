using System;
using System.IO;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class DetectorTests : LoopTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void A_callback_that_holds_the_loop_is_named_behind_it()
    {
        using StallDetector detector = Loop.DetectStalls(Limit, (source, held) =>
        {
            Assert.True(held > Limit);
            Trace.Add(source.Name);
        });
        Loop.AddIdle(_ => { Hold(Limit); return false; }, name: "slow");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("slow", TakeTrace());
        Assert.Equal(1, detector.Count);
        Assert.Throws<InvalidOperationException>(() => Loop.DetectStalls(Limit, (_, _) => { }));
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
        using StallDetector detector = Loop.DetectStalls(Limit, (source, _) => Trace.Add(source.Name));
        Loop.AddIdle(_ => { Hold(Limit); throw new FormatException(); }, name: "slow");
        Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: true));
        Assert.Equal("slow", TakeTrace());
    }

    [Fact]
    public void A_callback_that_runs_the_loop_does_not_hold_it()
    {
        TimeSpan limit = TimeSpan.FromHours(1);
        using StallDetector detector = Loop.DetectStalls(limit, (source, _) => Trace.Add(source.Name));
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
        using ManualResetEventSlim reported = new();
        int reports = 0;
        string name = "";
        using StallDetector detector = Loop.DetectStalls(Limit, (_, _) => Trace.Add("ended"), (source, held) =>
        {
            Assert.True(held > Limit);
            name = source.Name;
            Interlocked.Increment(ref reports);
            reported.Set();
        });
        for (int round = 1; round <= 3; round++)
        {
            reported.Reset();
            Loop.AddIdle(_ => { reported.Wait(); return false; }, name: $"stuck{round}");
            Loop.Iterate(mayBlock: true);
            Assert.Equal($"stuck{round}", name);
            Assert.Equal(round, reports);
            Loop.AddIdle(_ => false, name: "quick");
            Loop.Iterate(mayBlock: true);
        }

        Assert.Equal("ended ended ended", TakeTrace());
    }

    [Fact]
    public void Idle_work_that_spins_gets_one_notice()
    {
        using SpinDetector detector = Loop.DetectSpin(50, (source, calls) => Trace.Add($"{source.Name}:{calls}"));
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
        using SpinDetector detector = Loop.DetectSpin(50, (source, calls) => Trace.Add(source.Name));
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
