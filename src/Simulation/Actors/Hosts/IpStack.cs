using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>Both versions of IP with ICMP echo, UDP and TCP, for one actor; what carries the packets is below.</summary>
internal sealed class IpStack
{
    private const byte HopLimit = 64;

    private readonly byte[] buffer = new byte[65_600];
    private readonly HashSet<IpAddress> addresses = [];
    private readonly Dictionary<ushort, UdpHandler> udp = [];
    private readonly IPacketOutput output;

    public IpStack(ActorContext context, string name, IPacketOutput output)
    {
        Context = context;
        Name = name;
        this.output = output;
        Tcp = new TcpTable(this);
    }

    public ActorContext Context { get; }

    public string Name { get; }

    /// <summary>The connections and listeners.</summary>
    public TcpTable Tcp { get; }

    /// <summary>Takes packets for whatever address as its own: a portal, or all hosts of an Internet.</summary>
    public bool IsEverybody { get; set; }

    /// <summary>Tells senders of UDP to a port where nobody is (ICMP port unreachable).</summary>
    public bool SaysUnreachable { get; set; } = true;

    /// <summary>Answers pings.</summary>
    public bool AnswersEcho { get; set; } = true;

    /// <summary>Packets that were none.</summary>
    public long Malformed { get; private set; }

    public IReadOnlyCollection<IpAddress> Addresses => addresses;

    public void AddAddress(IpAddress address) => addresses.Add(address);

    public void RemoveAddress(IpAddress address) => addresses.Remove(address);

    public bool Has(IpAddress address) => addresses.Contains(address);

    public void BindUdp(ushort port, UdpHandler handler) => udp[port] = handler;

    public void UnbindUdp(ushort port) => udp.Remove(port);

    /// <summary>True if a packet for this address is for us.</summary>
    public bool IsForUs(IpAddress destination) => IsEverybody || destination.IsMulticast
        || destination == IpAddress.BroadcastV4 || addresses.Contains(destination);

    /// <summary>True for an address that we may answer from: no group, no broadcast address.</summary>
    private bool IsHost(IpAddress address) =>
        Has(address) || (IsEverybody && !address.IsMulticast && address != IpAddress.BroadcastV4);

    /// <summary>Takes a packet that is for us.</summary>
    public void Receive(in IpDatagram packet)
    {
        if (packet.IsFragment)
        {
            Malformed++;
            return;
        }

        switch (packet.Protocol)
        {
            case EtherTypes.Udp:
                ReceiveUdp(packet);
                break;
            case EtherTypes.Tcp when IsHost(packet.Destination):
                ReceiveTcp(packet);
                break;
            case EtherTypes.Icmp when packet.Source.IsV4:
            case EtherTypes.IcmpV6 when packet.Source.IsV6:
                ReceiveIcmp(packet);
                break;
        }
    }

    public void SendUdp(IpAddress source, ushort sourcePort, IpAddress destination, ushort destinationPort, ReadOnlySpan<byte> payload) =>
        output.Send(MakeUdp(source, sourcePort, destination, destinationPort, payload), destination);

    /// <summary>A datagram with its headers; overwritten by the next packet.</summary>
    public Span<byte> MakeUdp(
        IpAddress source, ushort sourcePort, IpAddress destination, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        Span<byte> datagram = Room(source, UdpMessage.HeaderSize + payload.Length, out Span<byte> packet);
        payload.CopyTo(datagram[UdpMessage.HeaderSize..]);
        UdpMessage.WriteHeader(datagram, source, destination, sourcePort, destinationPort);
        IpDatagram.WriteHeader(packet, source, destination, EtherTypes.Udp, HopLimit, datagram.Length);
        return packet;
    }

    public void SendTcp(IpAddress source, IpAddress destination, in TcpSegment segment)
    {
        Span<byte> octets = Room(source, segment.Size, out Span<byte> packet);
        segment.Write(octets, source, destination);
        IpDatagram.WriteHeader(packet, source, destination, EtherTypes.Tcp, HopLimit, octets.Length);
        output.Send(packet, destination);
    }

    public void SendIcmp(
        IpAddress source, IpAddress destination, byte type, byte code, ReadOnlySpan<byte> body, byte hopLimit = HopLimit) =>
        output.Send(MakeIcmp(source, destination, type, code, body, hopLimit), destination);

    /// <summary>A message with its headers; overwritten by the next packet.</summary>
    public Span<byte> MakeIcmp(
        IpAddress source, IpAddress destination, byte type, byte code, ReadOnlySpan<byte> body, byte hopLimit)
    {
        Span<byte> octets = Room(source, IcmpMessage.HeaderSize + body.Length, out Span<byte> packet);
        body.CopyTo(octets[IcmpMessage.HeaderSize..]);
        IcmpMessage.WriteHeader(octets, type, code, source, destination);
        byte protocol = source.IsV4 ? EtherTypes.Icmp : EtherTypes.IcmpV6;
        IpDatagram.WriteHeader(packet, source, destination, protocol, hopLimit, octets.Length);
        return packet;
    }

    /// <summary>Tells the sender of a packet that it did not get there.</summary>
    public void SendError(IpAddress from, in IpDatagram about, ReadOnlySpan<byte> aboutOctets, byte typeV4, byte typeV6, byte code)
    {
        if (about.Destination.IsMulticast || about.Destination == IpAddress.BroadcastV4 || about.Source.IsUnspecified)
        {
            return;
        }

        // Four unused octets, then as much of the packet as is asked for (RFC 792; RFC 4443, section 2.4 (c)).
        ReadOnlySpan<byte> quoted = aboutOctets[..Math.Min(aboutOctets.Length, about.Source.IsV4 ? 28 : 1232)];
        Span<byte> body = stackalloc byte[4 + quoted.Length];
        body[..4].Clear();
        quoted.CopyTo(body[4..]);
        SendIcmp(from, about.Source, about.Source.IsV4 ? typeV4 : typeV6, code, body);
    }

    private Span<byte> Room(IpAddress source, int payloadSize, out Span<byte> packet)
    {
        int headerSize = IpDatagram.HeaderSizeOf(source.Family);
        packet = buffer.AsSpan(0, headerSize + payloadSize);
        return packet[headerSize..];
    }

    private void ReceiveUdp(in IpDatagram packet)
    {
        if (!UdpMessage.TryParse(packet, out UdpMessage message, out _))
        {
            Malformed++;
        }
        else if (udp.TryGetValue(message.DestinationPort, out UdpHandler? handler))
        {
            handler(new()
            {
                Source = packet.Source,
                Destination = packet.Destination,
                SourcePort = message.SourcePort,
                DestinationPort = message.DestinationPort,
                Payload = message.Payload,
            });
        }
        else if (SaysUnreachable && Has(packet.Destination))
        {
            SendPortUnreachable(packet);
        }
    }

    private void SendPortUnreachable(in IpDatagram packet)
    {
        // The header as it came is not kept; what matters to the receiver is addresses, protocol and ports.
        Span<byte> quoted = stackalloc byte[IpDatagram.HeaderSizeOf(packet.Source.Family) + UdpMessage.HeaderSize];
        int headerSize = quoted.Length - UdpMessage.HeaderSize;
        IpDatagram.WriteHeader(
            quoted, packet.Source, packet.Destination, packet.Protocol, packet.HopLimit, packet.Payload.Length);
        packet.Payload[..UdpMessage.HeaderSize].CopyTo(quoted[headerSize..]);
        byte code = packet.Source.IsV4 ? (byte)3 : (byte)4;
        SendError(packet.Destination, packet, quoted, IcmpMessage.UnreachableV4, IcmpMessage.UnreachableV6, code);
    }

    private void ReceiveTcp(in IpDatagram packet)
    {
        if (TcpSegment.TryParse(packet, out TcpSegment segment, out _))
        {
            Tcp.Receive(packet.Destination, packet.Source, segment);
        }
        else
        {
            Malformed++;
        }
    }

    private void ReceiveIcmp(in IpDatagram packet)
    {
        if (!IcmpMessage.TryParse(packet, out IcmpMessage message, out _))
        {
            Malformed++;
            return;
        }

        bool isV4 = packet.Source.IsV4;
        bool isEcho = message.Type == (isV4 ? IcmpMessage.EchoRequestV4 : IcmpMessage.EchoRequestV6);
        if (isEcho && AnswersEcho && IsHost(packet.Destination))
        {
            byte type = isV4 ? IcmpMessage.EchoReplyV4 : IcmpMessage.EchoReplyV6;
            SendIcmp(packet.Destination, packet.Source, type, 0, message.Body);
        }
    }
}
