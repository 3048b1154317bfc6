using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Network.Routing;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>What a machine does with packets: from its links to its sockets and back. Which links, addresses and routes there
/// are is <see cref="NetworkStack"/>'s affair.</summary>
internal sealed class InternetStack
{
    private readonly PathMtus pathMtus;
    private readonly OutputRoutes routes;
    private readonly RouterAdvertisements routers;
    private bool isOff;

    public InternetStack(NetworkStack network)
    {
        Network = network;
        Groups = new GroupMemberships(network);
        pathMtus = new PathMtus(Clock);
        routes = new OutputRoutes(network);
        V4 = new Ipv4Layer(this);
        V6 = new Ipv6Layer(this);
        Arp = new ArpLayer(this);
        IcmpV4 = new IcmpV4(this);
        IcmpV6 = new IcmpV6(this);
        Raw = new RawPorts();
        Udp = new UdpPorts(this);
        Tcp = new TcpPorts(this);
        foreach (SimulatedLink link in network.Links)
        {
            Attach(link);
        }

        network.LinkAdded += Attach;
        network.LinkUp += Taps.LinkUp;
        network.LinkDown += LinkDown;
        network.LinkRemoved += LinkDown;
        network.Machine.PoweredOff += () => isOff = true;
        network.Neighbors.Solicit = Solicit;
        network.Neighbors.FrameLost = (link, frame) => NeighborFailed(link, frame);
        network.Neighbors.NeighborFailed = () => Counters.NeighborFailures++;
        network.DetectionProbe += IcmpV6.Neighbors.Probe;
        routers = new RouterAdvertisements(this, IcmpV6.Neighbors);
    }

    public NetworkStack Network { get; }

    public VirtualClock Clock => Network.Machine.Monotonic;

    public InternetCounters Counters { get; } = new();

    public PacketTaps Taps { get; } = new();

    public GroupMemberships Groups { get; }

    public ArpLayer Arp { get; }

    public Ipv4Layer V4 { get; }

    public Ipv6Layer V6 { get; }

    public IcmpV4 IcmpV4 { get; }

    public IcmpV6 IcmpV6 { get; }

    public RawPorts Raw { get; }

    public UdpPorts Udp { get; }

    public TcpPorts Tcp { get; }

    /// <summary>The neighbours of a family on a link.</summary>
    public NeighborTable Neighbors(SimulatedLink link, IpFamily family) => Network.Neighbors.Of(link, family);

    /// <summary>The way to a destination; what is the machine's own goes over the loopback.</summary>
    public bool TryRoute(in RouteQuery query, out RouteChoice route, out Errno error) => routes.TryFind(query, out route, out error);

    /// <summary>Finds a way and sends; a source that is unspecified is chosen, where the checksum does not depend on it.</summary>
    public Result Send(IpPacket packet)
    {
        RouteQuery query = new(packet.Destination) { Source = packet.Source.IsUnspecified ? null : packet.Source };
        return TryRoute(query, out RouteChoice route, out Errno error) ? Send(route, packet) : Result.Fail(error);
    }

    /// <summary>Sends along a route.</summary>
    public Result Send(in RouteChoice route, IpPacket packet) => packet.IsV4 ? V4.Send(route, packet) : V6.Send(route, packet);

    /// <summary>A whole packet for this machine goes to its sockets.</summary>
    public void Deliver(IpPacket packet)
    {
        if (packet.Protocol == IpProtocol.IcmpV6 && !packet.IsV4)
        {
            IcmpV6.Receive(packet);
            return;
        }

        bool isHeard = Raw.Deliver(packet);
        switch (packet.Protocol)
        {
            case IpProtocol.Icmp when packet.IsV4:
                IcmpV4.Receive(packet);
                break;
            case IpProtocol.Udp:
                Udp.Receive(packet);
                break;
            case IpProtocol.Tcp:
                Tcp.Receive(packet);
                break;
            default:
                Counters.UnknownProtocols += isHeard ? 0 : 1;
                if (!isHeard)
                {
                    RefuseProtocol(packet);
                }

                break;
        }
    }

    /// <summary>A packet of the machine to itself: packet sockets see it twice on the loopback, once in each direction; to others it
    /// comes from the link that has the address.</summary>
    public void DeliverLocally(in RouteChoice route, IpPacket packet)
    {
        byte[]? octets = ShowOnLoopback(packet);
        Route? own = route.Type != RouteType.Local ? null
            : Network.Routes(packet.IsV4 ? Family.V4 : Family.V6).Find(Route.LocalTable, new RouteQuery(packet.Destination));
        Deliver(packet with { Link = route.Arrival ?? own?.Link ?? Network.Loopback, CameByLoopback = true, Original = octets ?? Written(packet) });
    }

    /// <summary>Shows a packet of the machine to itself to the packet sockets; null if there are none.</summary>
    public byte[]? ShowOnLoopback(IpPacket packet)
    {
        if (!Taps.IsAnybodyThere)
        {
            return null;
        }

        byte[] octets = Written(packet);
        byte[] frame = LinkHeader.Frame(Network.Loopback, default, packet.IsV4 ? LinkHeader.Ipv4 : LinkHeader.Ipv6, octets.Length);
        octets.CopyTo(frame, LinkHeader.EthernetSize);
        Taps.Sent(Network.Loopback, frame);
        Taps.Received(Network.Loopback, frame);
        return octets;
    }

    /// <summary>A packet for many that was sent: sockets of this machine hear it too, where they would from others.</summary>
    public void LoopBack(in RouteChoice route, IpPacket packet)
    {
        bool isMartian = packet.Source is { IsV6: true, IsLoopback: true } && route.Link != Network.Loopback;
        if (packet.LoopsBack && !isMartian && (!packet.Destination.IsMulticast || Groups.IsMember(route.Link, packet.Destination)))
        {
            Deliver(packet with { Link = route.Link, IsForMany = true, Original = Written(packet) });
        }
    }

    /// <summary>The most octets a packet on this route may have.</summary>
    public int MtuOf(in RouteChoice route, IpAddress destination)
    {
        int mtu = (int)Math.Min(destination.IsV6 ? route.Link.Ipv6Mtu : route.Link.Mtu, route.Mtu == 0 ? int.MaxValue : route.Mtu);
        return Math.Min(mtu, pathMtus.Find(destination));
    }

    /// <summary>An address of the link to ask neighbours with: one of the target's network, or any.</summary>
    public IpAddress FirstAddress(SimulatedLink link, IpAddress target)
    {
        IpAddress found = target.IsV4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
        foreach (InterfaceAddress address in Network.Addresses(link, target.Family))
        {
            if (address.IsUsable && (address.Network.Contains(target) || found.IsUnspecified))
            {
                found = address.Local;
                if (address.Network.Contains(target))
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>A neighbour does not answer: who sent the packet in this frame is told that the host cannot be reached.</summary>
    public void NeighborFailed(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        const byte HostUnreachable = 1;
        const byte AddressUnreachable = 3;
        ReadOnlySpan<byte> octets = frame[LinkHeader.SizeOf(link)..];
        if (LinkHeader.ProtocolOf(link, frame) == LinkHeader.Ipv4)
        {
            IcmpV4.Tell(octets, Network.Loopback, IcmpError.UnreachableV4(HostUnreachable, 0));
        }
        else
        {
            IcmpV6.Tell(octets, link, IcmpError.UnreachableV6(AddressUnreachable));
        }
    }

    /// <summary>An error about a packet of ours, which came by a link: sockets that are confined to another do not hear of it.</summary>
    public void TellSocket(
        byte protocol, IpAddress source, IpAddress destination, ReadOnlySpan<byte> payload, SimulatedLink? link, in IcmpError error)
    {
        bool isOurs = protocol switch
        {
            IpProtocol.Udp => Udp.Fail(source, destination, payload, link, error),
            IpProtocol.Tcp => Tcp.Fail(source, destination, payload, error),
            _ => false,
        };

        // Who makes up an error about a packet that nobody has sent changes nothing.
        if (isOurs && error.Error == Errno.EMSGSIZE)
        {
            pathMtus.Learn(destination, error.Mtu);
        }
    }

    private static byte[] Written(IpPacket packet) => packet.IsV4 ? Ipv4Layer.Write(packet) : Ipv6Layer.Write(packet);

    private void RefuseProtocol(IpPacket packet)
    {
        if (packet.IsV4)
        {
            IcmpV4.SendError(packet, IcmpV4.Unreachable, IcmpV4.ProtocolUnreachable);
        }
        else
        {
            const uint NextHeaderOffset = 6;
            IcmpV6.SendError(packet, IcmpV6.ParameterProblem, IcmpV6.UnknownNextHeader, NextHeaderOffset);
        }
    }

    private void Attach(SimulatedLink link)
    {
        link.Received += Received;
        link.Sent += Taps.Sent;
    }

    private void Solicit(SimulatedLink link, IpAddress target, IpAddress source, MacAddress? known)
    {
        if (target.IsV4)
        {
            Arp.Solicit(link, target, source, known);
        }
        else
        {
            IcmpV6.Neighbors.Solicit(link, target, source, known);
        }
    }

    private void LinkDown(SimulatedLink link)
    {
        Network.Neighbors.Forget(link, butPermanent: link.IsUp && link.IsPresent);
        if (!link.IsUp || !link.IsPresent)
        {
            Taps.LinkDown(link);
        }
    }

    private void Received(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        SimulatedMachine machine = Network.Machine;
        if (machine.IsSuspended || isOff)
        {
            return;
        }

        PacketKind kind = PacketTaps.KindOf(link, frame);
        if (link.Kind == LinkKind.Loopback)
        {
            Taps.Received(link, frame); // Sent by a packet socket: the machine's own packets do not come this way.
            return;
        }

        if (kind == PacketKind.OtherHost && link.Kind == LinkKind.Ethernet && link.Promiscuity == 0)
        {
            return; // The adapter itself drops it.
        }

        Taps.Received(link, frame);
        int header = LinkHeader.SizeOf(link);
        if (link.Master is { Kind: LinkKind.Bridge } || frame.Length < header)
        {
            return;
        }

        ReadOnlySpan<byte> octets = frame[header..];
        switch (LinkHeader.ProtocolOf(link, frame))
        {
            case LinkHeader.Ipv4:
                V4.Receive(link, kind, octets);
                break;
            case LinkHeader.Ipv6:
                V6.Receive(link, kind, octets);
                break;
            case LinkHeader.Arp:
                Arp.Receive(link, kind, octets);
                break;
        }
    }
}
