using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
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
    private static readonly Instant Birth = Instant.FromSeconds(3600); // so that there is a past
    private static readonly Instant BootTakes = Instant.FromSeconds(5);

    private readonly List<SimulatedProcess> processes = [];
    private readonly MachineClocks clocks;
    private MachineFiles? files;
    private NetworkStack? network;
    private InternetStack? internet;
    private bool hasBegunNetwork;

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
        UnixNames = new UnixNames(this);
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
    internal UnixNames UnixNames { get; private set; }

    /// <summary>Links, addresses and routes; made when first asked for.</summary>
    internal NetworkStack Network
    {
        get
        {
            if (network is null)
            {
                network = new NetworkStack(this) { Draw = Choices.Fork("network").NextBelow };
                internet = new InternetStack(network);
            }

            return network;
        }
    }

    /// <summary>What the machine does with packets; made with its network.</summary>
    internal InternetStack Internet
    {
        get
        {
            _ = Network;
            return internet!;
        }
    }

    /// <summary>Shows a text in a file of <c>/proc</c> or <c>/sys</c> that the machine has none of by itself; until it boots anew.</summary>
    public void Show(string path, string text) => Files.Generate(path, new GeneratedContent { Read = () => text });

    /// <summary>Disk, /proc, /run and the like; made when first asked for.</summary>
    internal MemoryFileSystem Files => (files ??= new MachineFiles(this)).Tree;

    /// <summary>Children of its processes, by their ids.</summary>
    internal Dictionary<int, SimulatedChild> Children { get; } = [];

    internal string HostName { get; set; } = "simulated";

    internal string DomainName { get; set; } = "(none)";

    private Volume Disk => Files.Root.Volume;

    private int LastProcessId { get; set; } = 99;

    private ulong LastFileNumber { get; set; } = 1;

    /// <summary>Starts a process, as root, without any child of it: its code is whoever calls the kernel.</summary>
    /// <exception cref="InvalidOperationException">The machine is off.</exception>
    public SimulatedKernel StartProcess() => new(this);

    /// <summary>Makes a symbolic link, which no process of ours ever does.</summary>
    public Result MakeLink(string path, string target) => Files.MakeLink(path, target);

    /// <summary>Lets time pass, as if all processes slept; what is due happens, each at its instant. Also while the machine is off.</summary>
    public void Advance(TimeSpan span)
    {
        if (IsOn)
        {
            AdvanceTo(Monotonic.Now + span);
        }
        else
        {
            World.AdvanceTo(World.Now + span);
        }
    }

    /// <summary>The machine sleeps: the world's time goes on, and so do its boot clock and wall clock; its monotonic clock stands still.
    /// If its power fails meanwhile, it is off at once, and that is the end of its sleep.</summary>
    public void Suspend(TimeSpan span)
    {
        Suspending?.Invoke();
        IsSuspended = true;
        Instant end = World.Now + span;
        Instant from = World.Now;
        while (IsOn && World.NextAt <= end)
        {
            World.AdvanceTo(World.NextAt);
        }

        IsSuspended = false;
        if (IsOn)
        {
            World.AdvanceTo(end);
            clocks.Slept(World.Now - from);
            Resumed?.Invoke();
            Settle();
        }
    }

    /// <summary>Somebody sets the wall clock. Timers of it that should be told are (<c>TFD_TIMER_CANCEL_ON_SET</c>).</summary>
    /// <param name="by">How much later it is at once; negative for earlier.</param>
    public void StepWallClock(TimeSpan by)
    {
        clocks.Step(by);
        Settle();
    }

    /// <summary>The power fails. All processes are gone without having noticed, and so is what had not reached the disk, or some of it:
    /// as the choices say.</summary>
    public void PowerCut()
    {
        IsOn = false;
        foreach (SimulatedProcess process in processes)
        {
            process.Vanish();
        }

        processes.Clear();
        Files.Root.Volume.Disk!.Cut(Choices.Fork("disk"));
        PoweredOff?.Invoke();
    }

    /// <summary>The machine is switched on again: the disk as the power cut has left it, everything else fresh.</summary>
    /// <param name="keepsTime">False: its wall clock has no battery, and begins anew in 1970.</param>
    /// <exception cref="InvalidOperationException">It is on.</exception>
    public void Boot(bool keepsTime = true)
    {
        if (IsOn)
        {
            throw new InvalidOperationException("The machine runs already.");
        }

        IsOn = true;
        Boots++;
        clocks.Boot(BootTakes, keepsTime);
        Runnable.Clear();
        (network, internet, hasBegunNetwork) = (null, null, false);
        NetlinkGroup.Clear();
        Children.Clear();
        Watches = new WatchQuota();
        UnixNames = new UnixNames(this);
        files = new MachineFiles(this, files!);
        (HostName, DomainName) = ("localhost", "(none)");
        LastProcessId = 99;
        Booted?.Invoke();
    }

    /// <summary>Before the machine is suspended.</summary>
    internal event Action? Suspending;

    /// <summary>After the machine has woken up again, its clocks being right.</summary>
    internal event Action? Resumed;

    /// <summary>The kernel's state is to be thrown away.</summary>
    internal event Action? PoweredOff;

    /// <summary>The kernel is fresh.</summary>
    internal event Action? Booted;

    /// <summary>A name on the file system stands for another file now; null: for none.</summary>
    internal event Action<string, MemoryNode?>? NameChanged;

    /// <summary>A file or folder was synced.</summary>
    internal event Action<MemoryNode>? Synced;

    /// <summary>A process sleeps, nothing is left to do at this instant, and time is about to pass.</summary>
    internal event Action? FallsAsleep;

    internal void ChangeName(string path, MemoryNode? node) => NameChanged?.Invoke(path, node);

    internal Result Sync(MemoryNode node)
    {
        Result result = MemoryFileSystem.Sync(node);
        Synced?.Invoke(node);
        return result;
    }

    internal void FallAsleep() => FallsAsleep?.Invoke();

    /// <summary>Switches the loopback on, as whatever starts first on a machine does; once a boot.</summary>
    internal void BeginNetwork()
    {
        if (!hasBegunNetwork)
        {
            hasBegunNetwork = true;
            Network.Control.SetUp(Network.Loopback, true);
        }
    }

    internal bool Breaks(Mutation mutation) => Mutation == mutation;

    internal int NextProcessId() => ++LastProcessId;

    internal ulong NextFileNumber() => ++LastFileNumber;

    internal void Join(SimulatedProcess process) => processes.Add(process);

    internal void Leave(SimulatedProcess process) => processes.Remove(process);

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

    /// <summary>Lets time pass: alarms go off, but nobody whom they or others have woken gets to run.</summary>
    internal void PassBeforeAnybodyRuns(Instant target)
    {
        while (clocks.NextAt <= target && !clocks.NextAt.IsNever)
        {
            clocks.MoveTo(clocks.NextAt);
        }

        clocks.MoveTo(target);
    }

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
