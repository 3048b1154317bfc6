using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Network;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Sits at one device of the simulated machine and holds everything it sends against the RFCs; what is wrong becomes a
/// violation.</summary>
/// <remarks>
/// Its codecs are the actors', not the product's. It hears what the device hears, so it knows which leases the daemon may know
/// of. Whoever runs the world tells it when the daemon starts anew, and which addresses the user configured by hand.
/// </remarks>
internal sealed class LinkMonitor
{
    private const int FrameMax = 1514;
    private readonly HashSet<IpAddress> configured = [];
    private readonly RateGauge storm = new(1000, TimeSpan.FromSeconds(1));

    /// <param name="context">The world.</param>
    /// <param name="name">The device's.</param>
    /// <param name="hardwareAddress">The device's.</param>
    public LinkMonitor(ActorContext context, string name, MacAddress hardwareAddress)
    {
        Context = context;
        Name = name;
        HardwareAddress = hardwareAddress;
        Arp = new ArpMonitor(this);
        Dhcp = new DhcpClientMonitor(this);
        Neighbors = new NeighborMonitor(this);
        Dns = new DnsMonitor(this);
        Http = new HttpMonitor(this);
    }

    public ActorContext Context { get; }

    public string Name { get; }

    public MacAddress HardwareAddress { get; set; }

    public ArpMonitor Arp { get; }

    public DhcpClientMonitor Dhcp { get; }

    public NeighborMonitor Neighbors { get; }

    public DnsMonitor Dns { get; }

    public HttpMonitor Http { get; }

    /// <summary>False while nobody can take an address off the machine: the daemon is dead, or its calls fail.</summary>
    public Func<bool> ChecksAddresses { get; set; } = static () => true;

    /// <summary>True while the machine hears nothing: it is off, or asleep.</summary>
    public Func<bool> IsDeaf { get; init; } = static () => false;

    /// <summary>The monitors of all devices of the machine: Linux answers on each for the addresses of all (weak host model,
    /// RFC 1122, section 3.3.4.2).</summary>
    public IReadOnlyList<LinkMonitor> Siblings { get; set; } = [];

    /// <summary>Frames that went by.</summary>
    public long Frames { get; private set; }

    internal Instant Now => Context.Clock.Now;

    /// <summary>The cable to give to the device.</summary>
    public ICable Watch(ICable cable) => new MonitoredCable(cable, this);

    /// <summary>The station to plug into the segment.</summary>
    public IStation Watch(IStation station) => new MonitoredStation(station, this);

    /// <summary>The user gave the device an address by hand.</summary>
    public void AddConfigured(IpAddress address) => configured.Add(address);

    public void RemoveConfigured(IpAddress address) => configured.Remove(address);

    /// <summary>The daemon started anew, the user began something anew, or the line changed: what is rare may come again.</summary>
    public void Restarted()
    {
        storm.Reset();
        Arp.Restarted();
        Dhcp.Restarted();
        Neighbors.Restarted();
        Dns.Restarted();
    }

    /// <summary>The daemon ended, in whatever way.</summary>
    public void Died() => Dhcp.Grants.Died(Now);

    /// <summary>The device sends a frame.</summary>
    public void Sent(ReadOnlySpan<byte> octets)
    {
        Frames++;
        Context.Trace.Octets(Name, "sends", octets);
        if (storm.Exceeds(Now))
        {
            Violate("no storms: at most 1000 frames a second", "");
        }

        if (!EthernetFrame.TryParse(octets, out EthernetFrame frame) || octets.Length > FrameMax)
        {
            Violate("frames have 14 to 1514 octets", $"{octets.Length} octets");
            return;
        }

        if (frame.Source != HardwareAddress)
        {
            Violate("frames come from the device's own address", frame.Source.ToString());
        }

        switch (frame.EtherType)
        {
            case EtherTypes.Arp:
                Arp.Sent(frame);
                break;
            case EtherTypes.Ipv4 or EtherTypes.Ipv6:
                SentPacket(frame);
                break;
        }
    }

    /// <summary>A frame came to the device.</summary>
    public void Received(ReadOnlySpan<byte> octets)
    {
        if (IsDeaf() || !EthernetFrame.TryParse(octets, out EthernetFrame frame)
            || (frame.Destination != HardwareAddress && !frame.Destination.IsGroup))
        {
            return;
        }

        if (frame.EtherType == EtherTypes.Arp)
        {
            Arp.Received(frame);
        }
        else if (frame.EtherType == EtherTypes.Ipv4 && IpDatagram.TryParse(frame.Payload, out IpDatagram packet, out _)
            && packet.Protocol == EtherTypes.Udp && UdpMessage.TryParse(packet, out UdpMessage message, out _)
            && message.DestinationPort == 68)
        {
            Dhcp.Received(message.Payload, isElsewhere: false);
            foreach (LinkMonitor sibling in Siblings)
            {
                if (sibling != this)
                {
                    sibling.Dhcp.Received(message.Payload, isElsewhere: true);
                }
            }
        }
    }

    internal void Violate(string rule, string detail) => Context.Violations.Add(Name, rule, detail);

    /// <summary>An IPv4 address is used as one's own: somebody must have given it.</summary>
    internal void CheckSource(IpAddress source)
    {
        if (source.IsUnspecified || IsExplained(source) || !ChecksAddresses())
        {
            return;
        }

        foreach (LinkMonitor sibling in Siblings)
        {
            if (sibling.IsExplained(source))
            {
                return;
            }
        }

        if (source.IsLinkLocal)
        {
            Arp.CheckLinkLocal(source);
        }
        else
        {
            Violate("an address is used only while its lease lasts (RFC 2131, section 4.4.5)", Dhcp.Grants.Describe(source));
        }
    }

    private bool IsExplained(IpAddress source) =>
        configured.Contains(source) || Dhcp.Grants.IsGranted(source, Now) || (source.IsLinkLocal && Arp.HasProbed(source));

    private void SentPacket(in EthernetFrame frame)
    {
        if (!IpDatagram.TryParse(frame.Payload, out IpDatagram packet, out string problem))
        {
            Violate("IP packets are well formed", problem);
            return;
        }

        if (packet.HopLimit == 0 || packet.Source.IsMulticast || packet.Source == IpAddress.BroadcastV4)
        {
            Violate("IP packets have a hop limit and come from one host", $"{packet.Source}, limit {packet.HopLimit}");
        }

        if (packet.Source.IsV4)
        {
            CheckSource(packet.Source);
        }

        switch (packet.Protocol)
        {
            case EtherTypes.Udp when !packet.IsFragment:
                SentDatagram(frame, packet);
                break;
            case EtherTypes.Tcp when !packet.IsFragment:
                SentSegment(packet);
                break;
            case EtherTypes.Icmp when packet.Source.IsV4:
            case EtherTypes.IcmpV6 when packet.Source.IsV6:
                SentControl(packet);
                break;
        }
    }

    private void SentDatagram(in EthernetFrame frame, in IpDatagram packet)
    {
        if (!UdpMessage.TryParse(packet, out UdpMessage message, out string problem))
        {
            Violate("UDP datagrams are well formed", problem);
        }
        else if (message.DestinationPort == 67)
        {
            Dhcp.Sent(frame, packet, message);
        }
        else if (message.DestinationPort == 53)
        {
            Dns.Sent(packet, message);
        }
    }

    private void SentSegment(in IpDatagram packet)
    {
        if (!TcpSegment.TryParse(packet, out TcpSegment segment, out string problem))
        {
            Violate("TCP segments are well formed", problem);
        }
        else if (segment.DestinationPort == 80)
        {
            Http.Sent(packet, segment);
        }
    }

    private void SentControl(in IpDatagram packet)
    {
        if (!IcmpMessage.TryParse(packet, out IcmpMessage message, out string problem))
        {
            Violate("ICMP messages are well formed", problem);
        }
        else if (packet.Source.IsV6)
        {
            Neighbors.Sent(packet, message);
        }
    }
}
