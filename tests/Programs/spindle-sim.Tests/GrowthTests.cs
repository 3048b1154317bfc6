using System;

namespace Spindle.Programs.Net.Tests;

/// <summary>What grows is seen to grow: a world in which somebody plants a leak breaks the promise, the same one without it does
/// not.</summary>
[Collection(nameof(GrowthTests))]
public sealed class GrowthTests
{
    private const int TurnsBetween = 2;

    // Memory is measured of seeds that eight divides.
    private static NetOptions Calm => new() { Seed = 8, Span = TimeSpan.FromDays(3), Links = 2, Faults = 0, MeasuresMemory = true };

    [Fact]
    public void A_world_without_a_leak_breaks_no_promise() => Assert.Empty(NetRun.Run(Calm).Violations);

    [Fact]
    public void A_descriptor_that_is_never_closed_is_seen() =>
        AssertSeen("descriptors", static life => life.Kernel.EventFd(0));

    [Fact]
    public void A_source_of_the_loop_that_is_never_removed_is_seen() =>
        AssertSeen(" sources after ", static life => life.Loop.AddTimer(static (_, _) => { }));

    [Fact]
    public void Memory_that_is_never_let_go_is_seen() =>
        AssertSeen(" octets more after ", static life => life.Planted.Add(new byte[64 << 10]));

    private static void AssertSeen(string what, Action<DaemonLife> plant)
    {
        NetResult result = NetRun.Run(Calm with
        {
            Plant = life =>
            {
                if (life.Turns % TurnsBetween == 0)
                {
                    plant(life);
                }
            },
        });
        Assert.Contains(result.Violations, text => text.Contains("no growth", StringComparison.Ordinal) && text.Contains(what, StringComparison.Ordinal));
    }
}

/// <summary>Memory is measured of the whole process: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(GrowthTests), DisableParallelization = true)]
public sealed class GrowthCollection;
