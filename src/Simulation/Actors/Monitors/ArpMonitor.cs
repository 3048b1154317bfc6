using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Holds a device's ARP packets against RFC 826, RFC 5227 and RFC 3927.</summary>
internal sealed class ArpMonitor(LinkMonitor link)
{
    private const int Probes = 3; // PROBE_NUM
    private const int AddressesMax = 4096;
    private static readonly TimeSpan ProbeMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefendInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<IpAddress, Claim> claims = [];
    private readonly RateGauge series = new(20, TimeSpan.FromSeconds(60));

    private sealed class Claim
    {
        public int Probes;
        public int ProbesOfSeries;
        public Instant ProbedAt = Instant.Zero - TimeSpan.FromDays(1);
        public readonly RateGauge Announcements = new(3, DefendInterval);
        public bool IsSaid;
    }

    public void Restarted()
    {
        series.Reset();
        foreach (Claim claim in claims.Values)
        {
            claim.ProbesOfSeries = 0;
            claim.ProbedAt = Instant.Zero - TimeSpan.FromDays(1);
            claim.Announcements.Reset();
        }
    }

    public void Sent(in EthernetFrame frame)
    {
        if (!ArpMessage.TryRead(frame.Payload, out ArpMessage message))
        {
            link.Violate("ARP packets are well formed (RFC 826)", Convert.ToHexString(frame.Payload));
            return;
        }

        if (message.SenderHardware != frame.Source)
        {
            link.Violate("an ARP packet's sender is the frame's (RFC 5227, section 2.1.1)", message.SenderHardware.ToString());
        }

        if (message.IsProbe)
        {
            SentProbe(frame, message);
        }
        else
        {
            link.CheckSource(message.Sender);
            bool isToAll = message.Operation == ArpMessage.Request && frame.Destination == MacAddress.Broadcast;
            if (message.IsAnnouncement && isToAll && ClaimOn(message.Sender).Announcements.Exceeds(link.Now))
            {
                link.Violate("an address is announced twice and defended once in ten seconds (RFC 5227, sections 2.3 and 2.4)", message.Sender.ToString());
            }
        }
    }

    public void Received(in EthernetFrame frame)
    {
        if (ArpMessage.TryRead(frame.Payload, out ArpMessage message) && message.SenderHardware != link.HardwareAddress)
        {
            Contest(message.Sender);
            Contest(message.IsProbe ? message.Target : default);
        }
    }

    /// <summary>True if the device has asked often enough whose an address is.</summary>
    public bool HasProbed(IpAddress address) => claims.TryGetValue(address, out Claim? claim) && claim.Probes >= Probes;

    /// <summary>A link-local address is in use: it must have been probed for (RFC 3927, section 2.2).</summary>
    public void CheckLinkLocal(IpAddress address)
    {
        Claim claim = ClaimOn(address);
        if (claim.Probes < Probes && !claim.IsSaid)
        {
            claim.IsSaid = true;
            link.Violate("a link-local address is probed for three times before it is used (RFC 3927, section 2.2.1)", $"{address}, {claim.Probes} probes");
        }
    }

    private void SentProbe(in EthernetFrame frame, in ArpMessage message)
    {
        if (frame.Destination != MacAddress.Broadcast || !message.TargetHardware.IsZero)
        {
            link.Violate("a probe goes to all, its target hardware address zero (RFC 5227, section 2.1.1)", message.ToString());
        }

        Claim claim = ClaimOn(message.Target);
        if (link.Now - claim.ProbedAt < ProbeMin - Tolerance)
        {
            link.Violate("probes are at least a second apart (RFC 5227, PROBE_MIN)", $"{message.Target} after {link.Now - claim.ProbedAt}");
        }

        bool isNewSeries = claim.ProbesOfSeries == 0 || claim.ProbesOfSeries >= Probes || link.Now - claim.ProbedAt > TimeSpan.FromSeconds(3);
        if (isNewSeries && series.Exceeds(link.Now))
        {
            link.Violate("after ten conflicts addresses are tried once a minute (RFC 5227, MAX_CONFLICTS)", message.Target.ToString());
        }

        claim.ProbesOfSeries = isNewSeries ? 1 : claim.ProbesOfSeries + 1;
        claim.ProbedAt = link.Now;
        claim.Probes++;
        claim.Announcements.Reset(); // What comes now is a new claim.
    }

    /// <summary>Somebody else wants it too: a new series of probes may begin at any time.</summary>
    private void Contest(IpAddress address)
    {
        if (!address.IsUnspecified && claims.TryGetValue(address, out Claim? claim))
        {
            claim.ProbesOfSeries = 0;
            claim.ProbedAt = Instant.Zero - TimeSpan.FromDays(1);
        }
    }

    private Claim ClaimOn(IpAddress address)
    {
        if (!claims.TryGetValue(address, out Claim? claim))
        {
            if (claims.Count >= AddressesMax)
            {
                claims.Clear();
            }

            claims.Add(address, claim = new());
        }

        return claim;
    }
}
