using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Actors.Routers;

/// <summary>The part of an IPv6 router that advertises (RFC 4861, section 6.2), as good or bad as its settings say.</summary>
internal sealed class RouterAdvertiser
{
    private const byte HopLimit = 255;
    private static readonly TimeSpan DelayBetween = TimeSpan.FromSeconds(3); // MIN_DELAY_BETWEEN_RAS
    private static readonly TimeSpan AnswerDelayMax = TimeSpan.FromMilliseconds(500); // MAX_RA_DELAY_TIME
    private static readonly IpAddress AllNodes = IpAddress.FromV6(((UInt128)0xFF02 << 112) + 1);

    private readonly ActorHost host;
    private readonly ActorContext context;
    private RouterSettings? writtenFor;
    private byte[] written = [];
    private Alarm? nextAlarm;
    private Instant sentAt = Instant.Zero - TimeSpan.FromDays(1);

    public RouterAdvertiser(ActorHost host, RouterSettings settings)
    {
        this.host = host;
        Settings = settings;
        Name = host.Name + " ra";
        context = host.Context.Fork(Name);
        host.IsRouter = true;
        host.AddTap(TakeSolicitation);
    }

    /// <summary>Its link-local address, which hosts know it by.</summary>
    public IpAddress Address => host.LinkLocal;

    public string Name { get; }

    /// <summary>How it behaves; an exchange counts from the next advertisement on.</summary>
    public RouterSettings Settings { get; set; }

    public long Sent { get; private set; }

    public long SolicitationsHeard { get; private set; }

    private Instant Now => context.Clock.Now;

    /// <summary>Begins to advertise: the first few come quickly (section 6.2.4).</summary>
    public void Start() => Arm(context.Choices.Between(TimeSpan.Zero, TimeSpan.FromSeconds(16)));

    /// <summary>Advertises now, whatever the timers say.</summary>
    public void AdvertiseNow() => Advertise(Settings);

    /// <summary>Stops being a router and says so (section 6.2.5).</summary>
    /// <param name="withPrefixes">Takes its prefixes back too.</param>
    public void Goodbye(bool withPrefixes)
    {
        Advertise(Settings with { LifetimeSeconds = 0, Prefixes = withPrefixes ? Ended(Settings.Prefixes) : Settings.Prefixes });
        Settings = Settings with { IsSilent = true };
        nextAlarm?.Cancel();
    }

    /// <summary>Starts again after <see cref="Goodbye"/> or silence.</summary>
    public void Return()
    {
        Settings = Settings with { IsSilent = false };
        Start();
    }

    /// <summary>Another prefix takes the place of all: the old ones are advertised as no longer preferred, once.</summary>
    public void ChangePrefix(AdvertisedPrefix next)
    {
        RouterSettings settings = Settings with { Prefixes = [next] };
        Advertise(settings with { Prefixes = [next, .. Ended(Settings.Prefixes)] });
        Settings = settings;
    }

    private static List<AdvertisedPrefix> Ended(IReadOnlyList<AdvertisedPrefix> prefixes)
    {
        List<AdvertisedPrefix> ended = [];
        foreach (AdvertisedPrefix prefix in prefixes)
        {
            // A host keeps it for two hours all the same (RFC 4862, section 5.5.3 (e)).
            ended.Add(prefix with { PreferredSeconds = 0, ValidSeconds = 0 });
        }

        return ended;
    }

    private void Arm(TimeSpan span)
    {
        nextAlarm?.Cancel();
        nextAlarm = context.Clock.Set(Now + span, Run);
    }

    private void Run()
    {
        RouterSettings settings = Settings;
        if (!settings.IsSilent)
        {
            Advertise(settings);
        }

        if (settings.IntervalMax > TimeSpan.Zero)
        {
            Arm(context.Choices.Between(settings.IntervalMin, settings.IntervalMax));
        }
    }

    private bool TakeSolicitation(in EthernetFrame frame)
    {
        if (frame.EtherType != EtherTypes.Ipv6 || !IpDatagram.TryParse(frame.Payload, out IpDatagram packet, out _)
            || packet.Protocol != EtherTypes.IcmpV6 || packet.HopLimit != HopLimit
            || !IcmpMessage.TryParse(packet, out IcmpMessage message, out _)
            || message.Type != IcmpMessage.RouterSolicitation || message.Code != 0)
        {
            return false;
        }

        SolicitationsHeard++;
        if (Settings.AnswersSolicitations && !Settings.IsSilent)
        {
            // All answers are multicasts; they wait for one another (section 6.2.6).
            TimeSpan delay = context.Choices.Between(TimeSpan.Zero, AnswerDelayMax);
            Instant at = Instant.Max(Now + delay, sentAt + DelayBetween);
            if (nextAlarm is not { IsSet: true } || nextAlarm.At > at)
            {
                Arm(at - Now);
            }
        }

        return true;
    }

    private void Advertise(RouterSettings settings)
    {
        bool isLie = settings.Lie != RouterLie.None
            && (settings.LiePerMillion >= 1_000_000 || context.Choices.Mishap(settings.LiePerMillion));
        RouterLie lie = isLie ? settings.Lie : RouterLie.None;
        ReadOnlySpan<byte> body = lie == RouterLie.None && ReferenceEquals(settings, writtenFor)
            ? written
            : AdvertisementWriter.Write(settings, host.HardwareAddress, lie, context.Choices);
        if (lie == RouterLie.None && !ReferenceEquals(settings, writtenFor))
        {
            written = body.ToArray(); // A quiet router says the same for days.
            writtenFor = settings;
        }

        IpAddress source = lie == RouterLie.GlobalSource ? GlobalSource(settings) : host.LinkLocal;
        byte hopLimit = lie == RouterLie.WrongHopLimit ? (byte)64 : HopLimit;
        byte code = lie == RouterLie.WrongCode ? (byte)1 : (byte)0;
        Span<byte> packet = host.Ip.MakeIcmp(source, AllNodes, IcmpMessage.RouterAdvertisement, code, body, hopLimit);
        if (lie == RouterLie.WrongChecksum)
        {
            packet[IpDatagram.HeaderSizeV6 + 2] ^= 0x10;
        }

        sentAt = Now;
        Sent++;
        host.SendFrame(EthernetFrame.GroupOf(AllNodes), EtherTypes.Ipv6, packet);
    }

    private IpAddress GlobalSource(RouterSettings settings) => settings.Prefixes.Count > 0
        ? IpAddress.FromV6(settings.Prefixes[0].Prefix.Network.Address.ToBits() + 1)
        : IpAddress.Parse("2001:db8::1");
}
