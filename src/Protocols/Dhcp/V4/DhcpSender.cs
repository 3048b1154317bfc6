using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What a client sends, with the exchange it belongs to, and when it is sent again.</summary>
internal sealed class DhcpSender(DhcpClientConfiguration configuration, DhcpMessageBuilder builder, ulong seed)
{
    private const int DoublingsMax = 12;
    private static readonly TimeSpan ExtendDelayMin = TimeSpan.FromSeconds(60); // RFC 2131, section 4.4.5.

    private PseudoRandom random = new(seed);
    private DhcpMessageBuilder.Exchange exchange;
    private Instant beganAt;
    private bool isOfferBroadcast;

    /// <summary>Ties replies to what was sent last.</summary>
    public uint TransactionId => exchange.TransactionId;

    /// <summary>When the last message was sent.</summary>
    public Instant SentAt { get; private set; }

    /// <summary>How often the message of this state was sent before.</summary>
    public int Attempt { get; set; }

    /// <summary>From here on the seconds of the messages count.</summary>
    public void Begin(Instant now) => beganAt = now;

    /// <summary>What follows is a new exchange.</summary>
    public void NewExchange(Instant now) => exchange = new(random.NextUInt32(), SecondsAt(now), false);

    /// <summary>The offer that came last is taken: its request asks for replies of the same kind.</summary>
    public void TakeOffer() => isOfferBroadcast = exchange.IsBroadcastWanted;

    public DhcpOutput Discover(IpAddress wished, Instant now)
    {
        Stamp(now, Attempt % 2 == 1);
        return Broadcast(builder.Discover(exchange, wished));
    }

    public DhcpOutput Request(IpAddress wished, IpAddress offerer, Instant now)
    {
        // The seconds stay those of the DISCOVER (section 3.1, step 3: MUST).
        SentAt = now;
        exchange = exchange with { IsBroadcastWanted = isOfferBroadcast ^ (Attempt % 2 == 1) };
        return Broadcast(builder.RequestNamed(exchange, wished, offerer));
    }

    public DhcpOutput Reboot(IpAddress wished, Instant now)
    {
        Stamp(now, Attempt % 2 == 1);
        return Broadcast(builder.RequestNamed(exchange, wished, default));
    }

    public DhcpOutput Renew(DhcpLease lease, Instant now)
    {
        Stamp(now, false);
        return Unicast(builder.RequestExtension(exchange, lease.Address.Address), lease, false);
    }

    public DhcpOutput Rebind(DhcpLease lease, Instant now)
    {
        Stamp(now, false);
        return Broadcast(builder.RequestExtension(exchange, lease.Address.Address));
    }

    public DhcpOutput Decline(DhcpLease lease, Instant now)
    {
        NewExchange(now);
        return Broadcast(builder.Decline(exchange, lease.Address.Address, lease.ServerIdentifier));
    }

    public DhcpOutput Release(DhcpLease lease, Instant now)
    {
        NewExchange(now);
        DhcpMessage message = builder.Release(exchange, lease.Address.Address, lease.ServerIdentifier);
        return Unicast(message, lease, true);
    }

    /// <summary>How long to wait for an answer before the message is sent again: doubled each time, with jitter.</summary>
    public TimeSpan RetransmitDelay() => Jittered(TimeSpan.FromTicks(Math.Min(
        configuration.RetransmitDelayMax.Ticks,
        Math.Max(configuration.RetransmitDelayMin.Ticks, TimeSpan.TicksPerMillisecond)
            << Math.Min(Attempt, DoublingsMax))));

    /// <summary>Half of what remains until the next phase, but not more often than is polite; never within it.</summary>
    public static Instant ExtendAgainAt(DhcpLease lease, Instant now, Instant nextPhaseAt)
    {
        TimeSpan half = (nextPhaseAt - now) / 2;
        TimeSpan least = lease.LeaseTime / 16;
        least = least < ExtendDelayMin ? least : ExtendDelayMin;
        Instant again = now + (half > least ? half : least);
        return again < nextPhaseAt ? again : Instant.Never;
    }

    /// <summary>An eighth more or less, so that clients that began together do not stay together.</summary>
    public TimeSpan Jittered(TimeSpan span) => random.NextBetween(span * 7 / 8, span * 9 / 8);

    private static DhcpOutput Broadcast(DhcpMessage message) =>
        new() { Kind = DhcpOutputKind.SendBroadcast, Message = message };

    private static DhcpOutput Unicast(DhcpMessage message, DhcpLease lease, bool isLast) => new()
    {
        Kind = DhcpOutputKind.SendUnicast,
        Message = message,
        Source = lease.Address.Address,
        Destination = lease.ServerIdentifier,
        DestinationHardwareAddress = lease.ServerHardwareAddress,
        IsLast = isLast,
    };

    private void Stamp(Instant now, bool isBroadcastWanted)
    {
        SentAt = now;
        exchange = exchange with { Seconds = SecondsAt(now), IsBroadcastWanted = isBroadcastWanted };
    }

    private ushort SecondsAt(Instant now) =>
        (ushort)Math.Clamp((long)(now - beganAt).TotalSeconds, 0, ushort.MaxValue);
}
