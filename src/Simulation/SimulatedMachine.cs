using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Time;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation;

/// <summary>What all processes of a simulated kernel share: its rules, its clocks, and the calls that a wake made runnable.</summary>
internal sealed class SimulatedMachine
{
    private NetworkStack? network;
    private InternetStack? internet;

    public SimulatedMachine(KernelRules? rules = null, Mutation mutation = Mutation.None)
    {
        Rules = rules ?? KernelRules.Latest;
        Mutation = mutation;
    }

    public KernelRules Rules { get; }

    /// <summary>The one rule that this machine breaks, so that a check can prove it would see that; none in ordinary use.</summary>
    public Mutation Mutation { get; }

    /// <summary>Time since boot. It starts at an hour, so that there is a past.</summary>
    public VirtualClock Monotonic { get; } = new(Instant.FromSeconds(3600));

    /// <summary>Calls that were woken and have not run yet, in the order of their wakes.</summary>
    public Queue<BlockedCall> Runnable { get; } = new();

    /// <summary>How many files each user's epolls watch, and how many they may.</summary>
    public WatchQuota Watches { get; } = new();

    /// <summary>What the wall clock says when the machine has just been born: a Monday in 2026.</summary>
    public long RealtimeOffset { get; set; } = 1_782_000_000_000_000_000;

    /// <summary>Netlink sockets that receive the group of user messages, the latest first.</summary>
    public List<NetlinkSocket> NetlinkGroup { get; } = [];

    /// <summary>Addresses of unix sockets.</summary>
    public UnixNames UnixNames { get; } = new();

    /// <summary>Links, addresses and routes; made when first asked for.</summary>
    public NetworkStack Network
    {
        get
        {
            if (network is null)
            {
                network = new NetworkStack(this);
                internet = new InternetStack(network);
            }

            return network;
        }
    }

    /// <summary>What the machine does with packets; made with its network.</summary>
    public InternetStack Internet
    {
        get
        {
            _ = Network;
            return internet!;
        }
    }

    public bool Breaks(Mutation mutation) => Mutation == mutation;

    /// <summary>Lets every woken call run until all sleep or are done.</summary>
    public void Settle()
    {
        while (Runnable.TryDequeue(out BlockedCall? call))
        {
            call.Run();
        }
    }

    /// <summary>Lets time pass: alarms go off, and what they wake runs.</summary>
    public void AdvanceTo(Instant target)
    {
        Settle();
        while (Monotonic.NextAt <= target && !Monotonic.NextAt.IsNever)
        {
            Monotonic.AdvanceTo(Monotonic.NextAt);
            Settle();
        }

        Monotonic.AdvanceTo(target);
    }
}
