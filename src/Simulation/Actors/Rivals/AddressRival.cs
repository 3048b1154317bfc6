using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Actors.Rivals;

/// <summary>How a rival goes about an address that is not only its own.</summary>
internal enum RivalHabit
{
    /// <summary>Does nothing.</summary>
    Quiet,

    /// <summary>Has the address and answers for it, probes too: a host configured by hand.</summary>
    Owner,

    /// <summary>Has it, and says so again whenever somebody announces it (RFC 5227, section 2.4).</summary>
    Defender,

    /// <summary>Announces each address that somebody else announces, as a badly configured host does.</summary>
    Claimer,

    /// <summary>Probes for the address that somebody else probes for, at the same time.</summary>
    Prober,

    /// <summary>Answers every probe of whatever address: nobody gets one.</summary>
    Miser,

    /// <summary>Tells everybody that the gateway is here.</summary>
    Spoofer,
}

/// <summary>A host that claims IPv4 addresses which others use (RFC 5227 from its bad side).</summary>
internal sealed class AddressRival
{
    private static readonly TimeSpan DefenceInterval = TimeSpan.FromSeconds(10);

    private readonly ActorHost host;
    private readonly ActorContext context;
    private Alarm? spoofAlarm;
    private Instant defendedAt = Instant.Zero - TimeSpan.FromDays(1);

    public AddressRival(ActorHost host)
    {
        this.host = host;
        host.AnswersNeighbors = false;
        context = host.Context.Fork(host.Name + " rival");
        host.AddTap(Look);
    }

    public RivalHabit Habit { get; set; }

    /// <summary>The address it has, or the gateway's that it claims; the default value is none.</summary>
    public IpAddress Address { get; set; }

    /// <summary>Of frames that it looks at, so many are acted upon.</summary>
    public uint ActPerMillion { get; set; } = 1_000_000;

    /// <summary>Between two claims of a <see cref="RivalHabit.Spoofer"/>.</summary>
    public TimeSpan SpoofInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What it sent.</summary>
    public long Claims { get; private set; }

    /// <summary>A spoofer begins.</summary>
    public void StartSpoofing()
    {
        spoofAlarm?.Cancel();
        Habit = RivalHabit.Spoofer;
        Spoof();
    }

    /// <summary>Does nothing from now on.</summary>
    public void Stop()
    {
        spoofAlarm?.Cancel();
        Habit = RivalHabit.Quiet;
    }

    /// <summary>Says that an address is this host's.</summary>
    public void Announce(IpAddress address) =>
        Send(MacAddress.Broadcast, new(ArpMessage.Request, host.HardwareAddress, address, default, address));

    private void Spoof()
    {
        if (Habit == RivalHabit.Spoofer)
        {
            Send(MacAddress.Broadcast, new(ArpMessage.Reply, host.HardwareAddress, Address, MacAddress.Broadcast, Address));
            spoofAlarm = context.Clock.Set(context.Clock.Now + SpoofInterval, Spoof);
        }
    }

    private bool Look(in EthernetFrame frame)
    {
        if (Habit != RivalHabit.Quiet && frame.EtherType == EtherTypes.Arp
            && ArpMessage.TryRead(frame.Payload, out ArpMessage message) && message.SenderHardware != host.HardwareAddress
            && (ActPerMillion >= 1_000_000 || context.Choices.Mishap(ActPerMillion)))
        {
            Act(message);
        }

        return false;
    }

    private void Act(ArpMessage message)
    {
        bool isOurs = message.Target == Address && !Address.IsUnspecified;
        switch (Habit)
        {
            case RivalHabit.Owner or RivalHabit.Defender when isOurs && message.Operation == ArpMessage.Request && !message.IsAnnouncement:
            case RivalHabit.Miser when message.IsProbe:
                Send(message.SenderHardware, new(
                    ArpMessage.Reply, host.HardwareAddress, message.Target, message.SenderHardware, message.Sender));
                break;
            case RivalHabit.Defender when message.Sender == Address && context.Clock.Now >= defendedAt + DefenceInterval:
                defendedAt = context.Clock.Now;
                Announce(Address);
                break;
            case RivalHabit.Claimer when message.IsAnnouncement:
                Announce(message.Sender);
                break;
            case RivalHabit.Prober when message.IsProbe:
                Send(MacAddress.Broadcast, new(ArpMessage.Request, host.HardwareAddress, default, default, message.Target));
                break;
        }
    }

    private void Send(MacAddress destination, ArpMessage message)
    {
        Claims++;
        TimeSpan delay = context.Choices.Between(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(5));
        context.Clock.Set(context.Clock.Now + delay, () => host.SendArp(destination, message));
    }
}
