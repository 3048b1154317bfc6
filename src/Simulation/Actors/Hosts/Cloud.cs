using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>The rest of the Internet as one router sees it: hosts by address, at a distance, behind a line that may fail.</summary>
/// <remarks>Each router has its own, so that two networks with the same private addresses do not meet.</remarks>
internal sealed class Cloud : IPacketOutput
{
    private readonly ActorContext context;
    private readonly Dictionary<IpAddress, IpStack> hosts = [];
    private readonly ActorHost router;

    /// <param name="context">The world.</param>
    /// <param name="router">The host that forwards to here and back; it becomes a router by this.</param>
    public Cloud(ActorContext context, ActorHost router)
    {
        this.context = context;
        this.router = router;
        router.IsRouter = true;
        router.Forward = Carry;
    }

    /// <summary>One way, at least.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>One way, how much more at most.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>Packets that vanish, each way.</summary>
    public uint LossPerMillion { get; set; }

    /// <summary>False: the line to the provider is down.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>With the line down, tells senders so (ICMP unreachable) instead of nothing.</summary>
    public bool SaysUnreachable { get; set; }

    /// <summary>Looks at what comes from the link first: true, and it goes no further (a portal keeps it).</summary>
    public FrameGate? Gate { get; set; }

    /// <summary>Packets for addresses where nobody is.</summary>
    public long Unreached { get; private set; }

    /// <summary>A host at these addresses; hosts that exist already may be given more.</summary>
    public IpStack AddHost(string name, params ReadOnlySpan<IpAddress> addresses)
    {
        IpStack host = new(context.Fork(name), name, this);
        foreach (IpAddress address in addresses)
        {
            AddAddress(host, address);
        }

        return host;
    }

    public void AddAddress(IpStack host, IpAddress address)
    {
        host.AddAddress(address);
        hosts[address] = host;
    }

    /// <summary>From a host of ours back to the link.</summary>
    public void Send(ReadOnlySpan<byte> packet, IpAddress destination) =>
        Delay(packet, copy =>
        {
            if (IsUp && IpDatagram.TryHop(copy))
            {
                router.Send(copy, destination);
            }
        });

    /// <summary>From the link to a host of ours.</summary>
    private void Carry(ReadOnlySpan<byte> packet)
    {
        if (!IpDatagram.TryParse(packet, out IpDatagram parsed, out _) || Gate?.Invoke(parsed) == true)
        {
            return;
        }

        if (!IsUp || parsed.HopLimit <= 1)
        {
            if (SaysUnreachable && router.SourceFor(parsed.Source) is { } source)
            {
                router.Ip.SendError(source, parsed, packet, IcmpMessage.UnreachableV4, IcmpMessage.UnreachableV6, 0);
            }

            return;
        }

        if (!hosts.TryGetValue(parsed.Destination, out IpStack? host))
        {
            Unreached++;
            return;
        }

        Delay(packet, copy =>
        {
            if (IsUp && IpDatagram.TryParse(copy, out IpDatagram arrived, out _))
            {
                host.Receive(arrived);
            }
        });
    }

    private void Delay(ReadOnlySpan<byte> packet, Action<byte[]> then)
    {
        if (LossPerMillion != 0 && context.Choices.Mishap(LossPerMillion))
        {
            return;
        }

        byte[] copy = packet.ToArray();
        TimeSpan more = Jitter > TimeSpan.Zero ? context.Choices.Between(TimeSpan.Zero, Jitter) : TimeSpan.Zero;
        VirtualClock clock = context.Clock;
        clock.Set(clock.Now + Latency + more, () => then(copy));
    }
}

/// <summary>Looks at a packet on its way out; true keeps it.</summary>
internal delegate bool FrameGate(in IpDatagram packet);
