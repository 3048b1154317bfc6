using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Time;
using Spindle.Simulation.Waiting;
using Spindle.Simulation.World;

namespace Spindle.Simulation;

/// <summary>A machine that runs a simulated kernel: what its processes share, and what happens to the machine itself, from suspend to power cut.</summary>
/// <remarks>
/// A process's end leaves the machine as it is: files, links, addresses and routes stay. A power cut leaves the disk alone, with what had
/// reached it. Everything here may be called between two calls of a process, or while one waits (by an alarm of the world's clock).
/// </remarks>
public sealed class SimulatedMachine
{
    private NetworkStack? network;
    private InternetStack? internet;

    private static readonly Instant Birth = Instant.FromSeconds(3600); // so that there is a past
    private static readonly Instant BootTakes = Instant.FromSeconds(5);

    private readonly List<SimulatedProcess> processes = [];
    private readonly MachineClocks clocks;
    private MachineFiles? files;

    /// <summary>A machine that has been up for an hour.</summary>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="rules">The version of Linux; null for the latest.</param>
    public SimulatedMachine(ulong seed = 1, KernelRules? rules = null)
        : this(new Choices(seed), new VirtualClock(Birth), rules)
    {
    }

    /// <summary>A machine among others of a world.</summary>
    /// <param name="choices">Where what is random comes from.</param>
    /// <param name="world">The world's clock, which no suspend stops.</param>
    /// <param name="rules">The version of Linux; null for the latest.</param>
    internal SimulatedMachine(Choices choices, VirtualClock world, KernelRules? rules = null)
    {
        Choices = choices;
        Rules = rules ?? KernelRules.Latest;
        clocks = new MachineClocks(world);
    }

    /// <summary>A machine for scripts.</summary>
    internal SimulatedMachine(KernelRules? rules, Mutation mutation)
        : this(new Choices(1), new VirtualClock(Birth), rules)
    {
        Mutation = mutation;
    }

    /// <summary>False from a power cut to the next boot.</summary>
    public bool IsOn { get; private set; } = true;

    /// <summary>True while it is suspended: its network hears and says nothing.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>How often it was booted again.</summary>
    public int Boots { get; private set; }

    /// <summary>Octets that are free on the disk: once they are used, writes fail with ENOSPC.</summary>
    public long FreeDiskSpace
    {
        get => Disk.Capacity - Disk.Used;
        set => Disk.Capacity = Disk.Used + value;
    }

    /// <summary>Wall-clock time, nanoseconds since 1970.</summary>
    public Instant WallClock => new(clocks.RealtimeNow);

    internal KernelRules Rules { get; }

    /// <summary>The one rule that this machine breaks, so that a check can prove it would see that; none in ordinary use.</summary>
    internal Mutation Mutation { get; }

    internal Choices Choices { get; }

    /// <summary>The clock of the world around the machine: it goes on while the machine is suspended, or off.</summary>
    internal VirtualClock World => clocks.World;

    /// <summary>Time since boot, without suspend: alarms of the kernel's own are set on it, and are gone with a power cut.</summary>
    internal VirtualClock Monotonic => clocks.Monotonic;

    internal MachineClocks Clocks => clocks;

    /// <summary>From the monotonic to the wall clock.</summary>
    internal long RealtimeOffset => clocks.RealtimeOffset;

    /// <summary>What the wall clock says, nanoseconds since 1970.</summary>
    internal long RealtimeNow => clocks.RealtimeNow;

    /// <summary>Calls that were woken and have not run yet, in the order of their wakes.</summary>
    internal Queue<BlockedCall> Runnable { get; } = new();

    /// <summary>How many files each user's epolls watch, and how many they may.</summary>
    internal WatchQuota Watches { get; private set; } = new();

    /// <summary>Netlink sockets that receive the group of user messages, the latest first.</summary>
    internal List<NetlinkSocket> NetlinkGroup { get; } = [];

    /// <summary>Addresses of unix sockets.</summary>
    internal UnixNames UnixNames { get; private set; } = new();


    /// <summary>Lets every woken call run until all sleep or are done.</summary>
    internal void Settle()
    {
        while (Runnable.TryDequeue(out BlockedCall? call))
        {
            call.Run();
        }
    }

    /// <summary>When something happens next by itself, in the machine or around it; never if nothing does.</summary>
    internal Instant NextAt => clocks.NextAt;

    /// <summary>Lets time pass: alarms go off, and what they wake runs.</summary>
    /// <param name="target">Until when, on the monotonic clock.</param>
    internal void AdvanceTo(Instant target)
    {
        Settle();
        while (IsOn && clocks.NextAt <= target && !clocks.NextAt.IsNever)
        {
            clocks.MoveTo(clocks.NextAt);
            Settle();
        }

        if (IsOn)
        {
            clocks.MoveTo(target);
        }
    }
}
