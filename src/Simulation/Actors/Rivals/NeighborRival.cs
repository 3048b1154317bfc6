using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Rivals;

/// <summary>How a rival disturbs duplicate address detection (RFC 4862, section 5.4).</summary>
internal enum NeighborHabit
{
    Quiet,

    /// <summary>Says that it has the address which another tries.</summary>
    AnswersProbes,

    /// <summary>Tries the same address at the same time.</summary>
    ProbesToo,
}

/// <summary>A host that has, or tries, the IPv6 addresses of others.</summary>
internal sealed class NeighborRival
{
    private const byte HopLimit = 255;
    private static readonly IpAddress AllNodes = IpAddress.FromV6(((UInt128)0xFF02 << 112) + 1);

    private readonly ActorHost host;
    private readonly ActorContext context;

    public NeighborRival(ActorHost host)
    {
        this.host = host;
        context = host.Context.Fork(host.Name + " rival");
        host.AddTap(Look);
    }

    public NeighborHabit Habit { get; set; }

    /// <summary>Of probes, so many are acted upon.</summary>
    public uint ActPerMillion { get; set; } = 1_000_000;

    /// <summary>Leaves link-local addresses alone.</summary>
    public bool SparesLinkLocal { get; set; }

    public long Conflicts { get; private set; }

    private bool Look(in EthernetFrame frame)
    {
        if (Habit == NeighborHabit.Quiet || frame.EtherType != EtherTypes.Ipv6
            || !IpDatagram.TryParse(frame.Payload, out IpDatagram packet, out _)
            || packet.Protocol != EtherTypes.IcmpV6 || !packet.Source.IsUnspecified
            || !IcmpMessage.TryParse(packet, out IcmpMessage message, out _)
            || message.Type != IcmpMessage.NeighborSolicitation
            || !NeighborMessage.TryRead(message.Type, message.Body, out NeighborMessage probe)
            || (SparesLinkLocal && probe.Target.IsLinkLocal)
            || (ActPerMillion < 1_000_000 && !context.Choices.Mishap(ActPerMillion)))
        {
            return false;
        }

        Conflicts++;
        IpAddress target = probe.Target;
        TimeSpan delay = context.Choices.Between(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(20));
        bool isAnswer = Habit == NeighborHabit.AnswersProbes;
        context.Clock.Set(context.Clock.Now + delay, () => Disturb(target, isAnswer));
        return false;
    }

    private void Disturb(IpAddress target, bool isAnswer)
    {
        Span<byte> body = stackalloc byte[28];
        if (isAnswer)
        {
            NeighborMessage claim = new(target, host.HardwareAddress, IsOverride: true);
            claim.Write(IcmpMessage.NeighborAdvertisement, body);
            host.Ip.SendIcmp(target, AllNodes, IcmpMessage.NeighborAdvertisement, 0, body[..claim.Size], HopLimit);
        }
        else
        {
            NeighborMessage probe = new(target, default);
            probe.Write(IcmpMessage.NeighborSolicitation, body);
            host.Ip.SendIcmp(IpAddress.AnyV6, NeighborMessage.SolicitedGroupOf(target),
                IcmpMessage.NeighborSolicitation, 0, body[..probe.Size], HopLimit);
        }
    }
}
