using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class CleanPageTests : IDisposable
{
    private readonly VirtualKernel kernel = new();
    private readonly EventLoop loop;
    private readonly Instant start;

    public CleanPageTests()
    {
        loop = new EventLoop(kernel, new EventLoopOptions { ReleasesCleanPages = true });
        start = loop.Now;
    }

    [Fact]
    public void A_loop_that_has_nothing_to_do_gives_back_its_code_once_and_is_not_woken_again()
    {
        RunUntil(start + TimeSpan.FromHours(1));
        Assert.Equal([start + TimeSpan.FromMilliseconds(100)], kernel.Releases);
        Assert.Equal([.. kernel.Releases, start + TimeSpan.FromHours(1)], kernel.WakeUps);
    }

    [Fact]
    public void The_time_counts_from_the_first_turn()
    {
        kernel.Advance(TimeSpan.FromSeconds(10));
        RunUntil(start + TimeSpan.FromSeconds(11));
        Assert.Equal([start + TimeSpan.FromSeconds(10.1)], kernel.Releases);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void A_busy_loop_is_looked_at_once_in_many_turns_and_soon_after_it_was_busy(int milliseconds)
    {
        int turns = 0;
        TimerSource busy = loop.AddTimer((_, _) => turns++);
        busy.ArmEvery(TimeSpan.FromMilliseconds(milliseconds));
        RunUntil(start + TimeSpan.FromMinutes(2));
        Assert.Empty(kernel.Releases);
        Assert.InRange(kernel.WakeUps.Count, turns, turns + (turns / 100) + 10);
        busy.Disarm();
        RunUntil(start + TimeSpan.FromMinutes(4));
        Assert.Single(kernel.Releases);

        // The time of some turns: a look that finds work's end, and one that finds nothing.
        Assert.True(kernel.Releases[0] <= start + TimeSpan.FromMinutes(2) + TimeSpan.FromMilliseconds(500 + (1536 * milliseconds)));
    }

    [Fact]
    public void A_loop_that_has_worked_since_does_so_again_and_in_the_long_run_once_in_a_minute()
    {
        TimerSource work = loop.AddTimer((_, _) => { });
        work.ArmEvery(TimeSpan.FromSeconds(10));
        RunUntil(start + TimeSpan.FromHours(1));
        List<TimeSpan> gaps = [];
        for (int index = 1; index < kernel.Releases.Count; index++)
        {
            gaps.Add(kernel.Releases[index] - kernel.Releases[index - 1]);
        }

        Assert.InRange(gaps.Count, 60 + 20, 60 + 30);
        Assert.All(gaps[1..30], gap => Assert.Equal(TimeSpan.FromSeconds(10), gap));
        Assert.All(gaps[40..], gap => Assert.InRange(gap, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1.5)));
        Assert.True(kernel.WakeUps.Count < 360 + (2 * gaps.Count) + 10);
    }

    [Fact]
    public void In_a_plain_turn_nothing_is_paid_for_it()
    {
        RunUntil(start + TimeSpan.FromSeconds(10));
        Assert.Single(kernel.Releases);

        // Between two releases turns go the short way.
        Assert.True(loop.Turns.Features is LoopFeatures.None or LoopFeatures.Phases);
        loop.Post(() => { });
        loop.Iterate(mayBlock: true);
        loop.Iterate(mayBlock: false);
        Assert.Equal(LoopFeatures.None, loop.Turns.Features);
    }

    [Fact]
    public void A_busy_loop_reads_no_clock_for_it_and_waits_without_an_end()
    {
        int fd = kernel.EventFd(1).Int;
        int calls = 0;
        loop.AddFd(fd, FdEvents.Readable, (_, _) => calls++);
        loop.Iterate(mayBlock: true);
        Assert.Null(loop.Turns.PrepareWait());
        int before = kernel.ClockReads;
        for (int turn = 0; turn < 10; turn++)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.Equal(11, calls);
        Assert.Equal(before, kernel.ClockReads);
        Assert.Equal(LoopFeatures.None, loop.Turns.Features);
        kernel.Close(fd);
    }

    [Fact]
    public void Its_timerfd_goes_with_the_loop()
    {
        loop.Iterate(mayBlock: false);
        Assert.Equal(1, kernel.TimerFds);
        loop.Dispose();
        Assert.Equal(0, kernel.TimerFds);
    }

    [Fact]
    public void Where_the_kernel_has_no_more_watches_the_memory_is_kept_and_the_loop_goes_on()
    {
        kernel.WatchError = Errno.ENOSPC;
        RunUntil(start + TimeSpan.FromHours(1));
        Assert.Empty(kernel.Releases);
        Assert.Equal(0, kernel.TimerFds);
    }

    [Fact]
    public void Nobody_does_so_unasked()
    {
        using EventLoop other = new(kernel);
        Assert.False(other.HasPending());
        Assert.False(CleanPageRelease.IsDefault);
    }

    public void Dispose() => loop.Dispose();

    private void RunUntil(Instant at)
    {
        TimerSource end = loop.AddTimer((_, _) => loop.Quit());
        end.ArmAt(at);
        loop.Run();
        end.Remove();
    }
}
