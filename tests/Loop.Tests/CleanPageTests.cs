using System;
using Spindle.Basics;

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
    public void A_loop_that_is_quiet_gives_back_its_code_once_and_is_not_woken_again()
    {
        RunUntil(start + TimeSpan.FromHours(1));
        Assert.Equal([start + TimeSpan.FromMilliseconds(200)], kernel.Releases);
        Assert.Equal([.. kernel.Releases, start + TimeSpan.FromHours(1)], kernel.WakeUps);
    }

    [Fact]
    public void The_time_counts_from_the_first_turn()
    {
        kernel.Advance(TimeSpan.FromSeconds(10));
        RunUntil(start + TimeSpan.FromSeconds(11));
        Assert.Equal([start + TimeSpan.FromSeconds(10.2)], kernel.Releases);
    }

    [Fact]
    public void A_busy_loop_is_looked_at_ever_less_often_until_it_is_quiet()
    {
        TimerSource busy = loop.AddTimer((_, _) => { });
        busy.ArmEvery(TimeSpan.FromMilliseconds(50));
        RunUntil(start + TimeSpan.FromMinutes(10));
        Assert.Empty(kernel.Releases);
        busy.Disarm();
        RunUntil(start + TimeSpan.FromMinutes(13));
        Assert.Single(kernel.Releases);
        Assert.True(kernel.Releases[0] <= start + TimeSpan.FromMinutes(12));
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
