using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Network;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>Sees a frame that arrived, before the host's own stack does; true keeps it from the stack.</summary>
internal delegate bool FrameTap(in EthernetFrame frame);

/// <summary>A host of somebody else's on a segment: one plug, ARP, neighbour discovery, and an <see cref="IpStack"/>.</summary>
internal sealed class ActorHost : IStation, IPacketOutput
{
    private readonly byte[] frameBuffer = new byte[65_700];
    private readonly List<FrameTap> taps = [];
    private readonly List<IpPrefix> prefixes = [];
    private readonly NeighborCache neighbors;
    private ICable? cable;

    /// <param name="context">The world.</param>
    /// <param name="name">For the trace and violations.</param>
    /// <param name="hardwareAddress">Its address on the segment; the IPv6 link-local address is made from it.</param>
    public ActorHost(ActorContext context, string name, MacAddress hardwareAddress)
    {
        Context = context;
        Name = name;
        HardwareAddress = hardwareAddress;
        neighbors = new NeighborCache(this);
        Ip = new IpStack(context, name, this);
        LinkLocal = LinkLocalOf(hardwareAddress);
        AddAddress(new(LinkLocal, 64));
    }

    public ActorContext Context { get; }

    public string Name { get; }

    public MacAddress HardwareAddress { get; }

    public IpStack Ip { get; }

    /// <summary>fe80:: with the interface identifier of RFC 4291, appendix A.</summary>
    public IpAddress LinkLocal { get; }

    /// <summary>Its addresses, each with the network that is on the link.</summary>
    public IReadOnlyList<IpPrefix> Prefixes => prefixes;

    /// <summary>Where packets for elsewhere go; null sends them nowhere.</summary>
    public IpAddress? GatewayV4 { get; set; }

    /// <summary>Where packets for elsewhere go; null sends them nowhere.</summary>
    public IpAddress? GatewayV6 { get; set; }

    /// <summary>Answers ARP requests and neighbour solicitations for its addresses.</summary>
    public bool AnswersNeighbors { get; set; } = true;

    /// <summary>Takes what goes through this host to elsewhere; null for a host that does not forward.</summary>
    public Action<ReadOnlySpan<byte>>? Forward { get; set; }

    /// <summary>Joins ff02::2 and says so in neighbour advertisements.</summary>
    public bool IsRouter { get; set; }

    /// <summary>Dead: hears and says nothing, as without power.</summary>
    public bool IsOff { get; set; }

    public bool HasCarrier { get; private set; }

    public long FramesSent { get; private set; }

    public long FramesReceived { get; private set; }

    /// <summary>The cable that this host's plug sits in; call once, with what plugging the host in gave.</summary>
    public void Attach(ICable to)
    {
        cable = to;
        HasCarrier = to.HasCarrier;
    }

    public void AddTap(FrameTap tap) => taps.Add(tap);

    public void AddAddress(IpPrefix address)
    {
        if (!prefixes.Contains(address))
        {
            prefixes.Add(address);
            Ip.AddAddress(address.Address);
        }
    }

    public void RemoveAddress(IpPrefix address)
    {
        prefixes.Remove(address);
        Ip.RemoveAddress(address.Address);
    }

    /// <inheritdoc/>
    public void CarrierChanged(bool isUp)
    {
        HasCarrier = isUp;
        if (!isUp)
        {
            neighbors.Forget();
        }
    }

    /// <inheritdoc/>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        if (IsOff || !EthernetFrame.TryParse(frame, out EthernetFrame parsed) || parsed.Source == HardwareAddress)
        {
            return;
        }

        FramesReceived++;
        foreach (FrameTap tap in taps)
        {
            if (tap(parsed))
            {
                return;
            }
        }

        if (parsed.Destination != HardwareAddress && !parsed.Destination.IsGroup)
        {
            return;
        }

        switch (parsed.EtherType)
        {
            case EtherTypes.Arp when ArpMessage.TryRead(parsed.Payload, out ArpMessage arp):
                neighbors.Receive(arp);
                break;
            case EtherTypes.Ipv4 or EtherTypes.Ipv6:
                ReceivePacket(parsed);
                break;
        }
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packet, IpAddress destination)
    {
        ushort type = destination.IsV4 ? EtherTypes.Ipv4 : EtherTypes.Ipv6;
        if (destination == IpAddress.BroadcastV4)
        {
            SendFrame(MacAddress.Broadcast, type, packet);
        }
        else if (destination.IsMulticast)
        {
            SendFrame(EthernetFrame.GroupOf(destination), type, packet);
        }
        else if (NextHopOf(destination) is { } hop)
        {
            neighbors.Send(hop, packet);
        }
    }

    /// <summary>Sends a frame from this host's own address.</summary>
    public void SendFrame(MacAddress destination, ushort etherType, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = frameBuffer.AsSpan(0, EthernetFrame.HeaderSize + payload.Length);
        EthernetFrame.WriteHeader(frame, destination, HardwareAddress, etherType);
        payload.CopyTo(frame[EthernetFrame.HeaderSize..]);
        SendRaw(frame);
    }

    /// <summary>Sends a frame as it is, whoever it claims to be from.</summary>
    public void SendRaw(ReadOnlySpan<byte> frame)
    {
        if (!IsOff && cable is not null)
        {
            FramesSent++;
            Context.Trace.Octets(Name, "sends", frame);
            cable.Send(frame);
        }
    }

    public void SendArp(MacAddress destination, in ArpMessage message)
    {
        Span<byte> octets = stackalloc byte[ArpMessage.Size];
        message.Write(octets);
        SendFrame(destination, EtherTypes.Arp, octets);
    }

    /// <summary>The first address that a peer could answer to; null if there is none of that family.</summary>
    public IpAddress? SourceFor(IpAddress destination)
    {
        IpAddress? found = null;
        foreach (IpPrefix prefix in prefixes)
        {
            if (prefix.Contains(destination))
            {
                return prefix.Address;
            }

            found ??= prefix.Family == destination.Family && !prefix.Address.IsLinkLocal ? prefix.Address : null;
        }

        return found;
    }

    public static IpAddress LinkLocalOf(MacAddress address)
    {
        Span<byte> octets = stackalloc byte[6];
        address.Write(octets);
        ulong high = (ulong)(octets[0] ^ 2) << 16 | (uint)octets[1] << 8 | octets[2];
        ulong low = (ulong)octets[3] << 16 | (uint)octets[4] << 8 | octets[5];
        return IpAddress.FromV6(((UInt128)0xFE80 << 112) | (high << 40 | 0xFFFEUL << 24 | low));
    }

    private void ReceivePacket(in EthernetFrame frame)
    {
        if (!IpDatagram.TryParse(frame.Payload, out IpDatagram packet, out _))
        {
            return;
        }

        if (packet.Protocol == EtherTypes.IcmpV6 && neighbors.TryReceive(packet))
        {
            return;
        }

        if (Ip.IsForUs(packet.Destination) || IsOurBroadcast(packet.Destination))
        {
            Ip.Receive(packet);
        }
        else if (Forward is not null && !packet.Destination.IsLinkLocal && !frame.Destination.IsGroup)
        {
            Forward(frame.Payload[..packet.Size]);
        }
    }

    private bool IsOurBroadcast(IpAddress address)
    {
        foreach (IpPrefix prefix in prefixes)
        {
            if (prefix.Family == IpFamily.V4 && prefix.Broadcast == address)
            {
                return true;
            }
        }

        return false;
    }

    private IpAddress? NextHopOf(IpAddress destination)
    {
        foreach (IpPrefix prefix in prefixes)
        {
            if (prefix.Contains(destination))
            {
                return destination;
            }
        }

        return destination.IsLinkLocal ? destination : destination.IsV4 ? GatewayV4 : GatewayV6;
    }
}
