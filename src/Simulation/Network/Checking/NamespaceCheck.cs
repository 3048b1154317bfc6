using System;
using Spindle.Simulation.Network.Packets.Checking;
using Spindle.Simulation.Network.Routers.Checking;
using Spindle.Simulation.Network.Settings.Checking;
using Spindle.Simulation.Network.Tunnels.Checking;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Plays random sequences on the model and on the running kernel, each in a network namespace of its own, until they
/// differ or enough were played. Needs root or a user namespace.</summary>
public sealed class NamespaceCheck
{
    /// <summary>What is played.</summary>
    public CheckSubject Subject { get; init; }

    /// <summary>The number of the first sequence: equal seeds play equal sequences.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many sequences.</summary>
    public long Sequences { get; init; } = 100;

    /// <summary>How many are played at once: most of a sequence's time the running kernel is waited for.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Whether a difference is made short, which takes a minute or two.</summary>
    public bool Shrinks { get; init; } = true;

    /// <summary>Plays; <paramref name="progress"/> is told after each round.</summary>
    /// <exception cref="NamespaceCheckException">No network namespace is to be had here.</exception>
    public NamespaceSummary Run(Action<NamespaceSummary>? progress = null) => Subject switch
    {
        CheckSubject.Netlink => new NamespaceHarness<NetlinkStep>(this, NetlinkGenerator.Make, NetlinkComparison.Play).Run(progress),
        CheckSubject.Packets => OfSides<PacketSide>(PacketGenerator.Make).Run(progress),
        CheckSubject.Tunnels => OfSides<TunnelSide>(TunnelGenerator.Make).Run(progress),
        CheckSubject.Settings => OfSides<SettingSide>(SettingGenerator.Make).Run(progress),
        CheckSubject.Routers => OfSides<RouterSide>(RouterGenerator.Make).Run(progress),
    };

    private NamespaceHarness<SideStep<TSide>> OfSides<TSide>(Func<ulong, System.Collections.Generic.List<SideStep<TSide>>> make)
        where TSide : ICheckSide<TSide> => new(this, make, SideComparison.Play);
}
