using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Spindle.Programs.Net.Tests;

public sealed class NetRunTests
{
    private static NetOptions Short(ulong seed) => new() { Seed = seed, Span = TimeSpan.FromHours(3), Links = 2, Faults = 12 };

    [Fact]
    public void Two_runs_of_one_seed_are_the_same_to_the_last_octet()
    {
        List<string> first = [], second = [];
        ulong hash = NetRun.Run(Short(7) with { Trace = first.Add }).Hash;
        Assert.Equal(hash, NetRun.Run(Short(7) with { Trace = second.Add }).Hash);
        Assert.Equal(first, second);
        Assert.NotEqual(hash, NetRun.Run(Short(8)).Hash);
    }

    [Fact]
    public void A_quiet_home_network_is_online_and_stays_so()
    {
        List<string> trace = [];
        NetResult result = NetRun.Run(new NetOptions { IsQuiet = true, Span = TimeSpan.FromDays(2), Trace = trace.Add });
        Assert.Empty(result.Violations);
        Assert.Single(trace, static line => line.Contains("Ready -> Online", StringComparison.Ordinal));
        Assert.DoesNotContain(trace, static line => line.Contains("Online -> ", StringComparison.Ordinal));
        Assert.Equal(1, result.Lives);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_goes_wrong_no_promise_is_broken(ulong seed)
    {
        NetResult result = NetRun.Run(Short(seed));
        Assert.True(result.Violations.Count == 0, $"seed {seed}: {string.Join('\n', result.Violations)}\n{string.Join('\n', result.Faults)}");
    }

    [Theory] // Seed, links, faults: each was a world that broke a promise of its own
    [InlineData(3000038, 2, 100)] // was off, or its daemon down, when the user put everything back
    [InlineData(3000067, 2, 100)] // a power cut that was to come amid some work came in the calm
    [InlineData(3000168, 2, 100)] // kept to a router that never answers
    [InlineData(3000221, 2, 100)] // the user's last word came a moment before an attempt's end
    [InlineData(3000193, 2, 150)] // a watch that was not to be had ended the program
    [InlineData(14640, 3, 10)] // a renewal waited for a hardware address, and the first rebinding overtook it
    [InlineData(57236, 3, 10)] // the same address came back with another mask, and without its routes
    [InlineData(58752, 3, 10)] // the addresses of an attack ended between two counts
    [InlineData(6000079, 3, 10)] // its power failed while it slept: nobody was there from then on
    [InlineData(6100044, 3, 150)] // the same
    [InlineData(76080, 3, 10)] // an attacker had announced all addresses as on the link, for a day and for 92 years
    public void A_world_that_was_wrong_is_right(ulong seed, int links, int faults)
    {
        NetResult result = NetRun.Run(new NetOptions { Seed = seed, Links = links, Faults = faults });
        Assert.True(result.Violations.Count == 0, string.Join('\n', result.Violations));
    }

    [Fact]
    public void Networks_are_divided_for_a_while_in_one_direction_and_in_both()
    {
        List<string> trace = [];
        for (ulong seed = 1; seed <= 6; seed++)
        {
            NetRun.Run(Short(seed) with { Trace = trace.Add, Faults = 40, Span = TimeSpan.FromHours(1) });
        }

        Assert.Contains(trace, static line => line.EndsWith("do not hear one another", StringComparison.Ordinal));
        Assert.Contains(trace, static line => line.Contains(" do not hear ", StringComparison.Ordinal) && !line.EndsWith("one another", StringComparison.Ordinal));
        Assert.Equal(
            trace.Count(static line => line.EndsWith("is divided begins", StringComparison.Ordinal)),
            trace.Count(static line => line.EndsWith("is divided ends", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_event_that_is_left_out_does_not_happen_and_the_others_do()
    {
        NetResult whole = NetRun.Run(Short(9));
        ulong left = whole.Happened[0];
        NetResult rest = NetRun.Run(Short(9) with { LeftOut = new HashSet<ulong> { left } });
        Assert.DoesNotContain(left, rest.Happened);
        Assert.Equal(whole.Faults.Count - 1, rest.Faults.Count);
        Assert.Empty(rest.Faults.Except(whole.Faults));
    }

    [Fact]
    public void A_daemon_that_is_asked_to_end_does_so_in_order_and_is_not_killed_by_the_signal()
    {
        NetWorld world = new(Short(7));
        SimulatedBus bus = new(() => world.Machine.Monotonic.Now, static _ => { });
        DaemonLife life = new(world.Machine, bus, world.Context.Trace, isDebug: false);
        life.Turn();
        life.Ask();
        for (int turn = 0; turn < 1000 && !life.IsOver; turn++)
        {
            life.Turn();
        }

        Assert.True(life.IsOver);
        Assert.True(life.Kernel.IsAlive);
        life.End();
    }

    [Fact]
    public void Nothing_of_a_world_is_left_when_its_run_is_over()
    {
        WeakReference trace = RunWithTrace();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(trace.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunWithTrace()
    {
        List<string> lines = [];
        NetRun.Run(Short(7) with { Trace = lines.Add });
        return new WeakReference(lines);
    }
}
