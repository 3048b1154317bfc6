using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Holds a device's neighbour discovery against RFC 4861, RFC 4862 and RFC 7559.</summary>
internal sealed class NeighborMonitor(LinkMonitor link)
{
    private static readonly IpAddress AllRouters = IpAddress.FromV6(((UInt128)0xFF02 << 112) + 2);

    // The kernel's at 0, 4, 12, 28 and 60 seconds, and the daemon's: three in eight seconds, ten seconds' pause, and three again if the router
    // that has answered is over (its lifetime may be a second) and the first two get lost.
    private readonly RateGauge solicitations = new(16, TimeSpan.FromSeconds(60));

    public long Solicitations { get; private set; }

    public void Restarted() => solicitations.Reset();

    public void Sent(in IpDatagram packet, in IcmpMessage message)
    {
        if (message.Type is < IcmpMessage.RouterSolicitation or > IcmpMessage.NeighborAdvertisement)
        {
            return;
        }

        if (packet.HopLimit != 255 || message.Code != 0)
        {
            link.Violate("neighbour discovery has hop limit 255 and code 0 (RFC 4861, section 6.1)", $"type {message.Type}, limit {packet.HopLimit}");
        }

        switch (message.Type)
        {
            case IcmpMessage.RouterSolicitation:
                SentSolicitation(packet, message);
                break;
            case IcmpMessage.RouterAdvertisement:
                link.Violate("a host sends no router advertisements (RFC 4861, section 6.2.1)", "");
                break;
            default:
                SentNeighbor(packet, message);
                break;
        }
    }

    private void SentSolicitation(in IpDatagram packet, in IcmpMessage message)
    {
        Solicitations++;
        bool isWhole = message.Body.Length >= 4
            & NeighborOptionReader.TryFindLinkLayer(message.Body.Length >= 4 ? message.Body[4..] : default, NeighborMessage.SourceLinkLayer, out MacAddress source);
        string wrong = !isWhole ? "form"
            : packet.Destination != AllRouters ? "destination"
            : packet.Source.IsUnspecified && !source.IsZero ? "source link-layer address from ::"
            : !source.IsZero && source != link.HardwareAddress ? "somebody else's link-layer address"
            : message.Body[..4].ContainsAnyExcept((byte)0) ? "reserved octets"
            : "";
        if (wrong.Length > 0)
        {
            link.Violate("router solicitations are as in RFC 4861, section 4.1", $"{wrong}: {packet.Source} to {packet.Destination}, option {source}");
        }

        if (solicitations.Exceeds(link.Now))
        {
            link.Violate("routers are solicited three times, and ever less often then (RFC 4861, section 6.3.7; RFC 7559)", "");
        }
    }

    private void SentNeighbor(in IpDatagram packet, in IcmpMessage icmp)
    {
        if (!NeighborMessage.TryRead(icmp.Type, icmp.Body, out NeighborMessage message))
        {
            link.Violate("neighbour messages are well formed (RFC 4861, sections 4.3 and 4.4)", Convert.ToHexString(icmp.Body));
            return;
        }

        bool isSolicitation = icmp.Type == IcmpMessage.NeighborSolicitation;
        bool isProbe = isSolicitation && packet.Source.IsUnspecified;
        string wrong = message.Target.IsMulticast || message.Target.IsV4 ? "target"
            : isProbe && !message.LinkLayer.IsZero ? "link-layer address from ::"
            : isProbe && packet.Destination != NeighborMessage.SolicitedGroupOf(message.Target) ? "a probe's destination"
            : isSolicitation && packet.Destination.IsMulticast && !isProbe && message.LinkLayer.IsZero ? "multicast without link-layer address"
            : !isSolicitation && packet.Destination.IsMulticast && message.IsSolicited ? "multicast with S"
            : "";
        if (wrong.Length > 0)
        {
            link.Violate("neighbour messages are as in RFC 4861, sections 4.3 and 4.4", wrong);
        }
    }
}
