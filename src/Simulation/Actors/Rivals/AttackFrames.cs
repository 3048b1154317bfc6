using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors.Rivals;

/// <summary>Frames of the protocols that a client listens to, right in form, with anything in their fields.</summary>
internal static class AttackFrames
{
    /// <summary>One of them.</summary>
    public static byte[] Draw(Choices choices, MacAddress source, MacAddress destination) => choices.NextBelow(5) switch
    {
        0 => Arp(choices, source, destination),
        1 => DhcpReply(choices, source, destination),
        2 => Advertisement(choices, source, destination),
        3 => Datagram(choices, source, destination),
        _ => Segment(choices, source, destination),
    };

    private static byte[] Arp(Choices choices, MacAddress source, MacAddress destination)
    {
        byte[] frame = new byte[60];
        EthernetFrame.WriteHeader(frame, destination, source, EtherTypes.Arp);
        ushort operation = choices.Pick<ushort>([ArpMessage.Request, ArpMessage.Reply]);
        new ArpMessage(operation, source, AnyV4(choices), destination, AnyV4(choices)).Write(frame.AsSpan(EthernetFrame.HeaderSize));
        return frame;
    }

    private static byte[] DhcpReply(Choices choices, MacAddress source, MacAddress destination)
    {
        BootReply reply = new()
        {
            TransactionId = (uint)choices.NextUInt64(),
            YourAddress = AnyV4(choices),
            ClientHardware = destination,
        };
        reply.Add(DhcpOptions.MessageType, (byte)choices.Between(1, 9));
        int count = choices.Between(0, 30);
        for (int i = 0; i < count; i++)
        {
            byte[] value = new byte[choices.Pick<int>([0, 1, 4, 4, 4, 8, 30, 255])];
            choices.Fill(value);
            reply.Add((byte)choices.Between(1, 254), value);
        }

        byte[] octets = reply.ToArray();
        return Udp(source, destination, AnyV4(choices), IpAddress.BroadcastV4, 67, 68, octets.AsSpan(0, Math.Min(octets.Length, 1472)));
    }

    private static byte[] Advertisement(Choices choices, MacAddress source, MacAddress destination)
    {
        RouterSettings settings = new()
        {
            LifetimeSeconds = (ushort)choices.NextBelow(65_536),
            IsManaged = choices.Chance(500_000),
            HasOtherConfiguration = choices.Chance(500_000),
            Prefixes = [new(new(AnyV6(choices), (byte)choices.NextBelow(256)), (uint)choices.NextUInt64(), (uint)choices.NextUInt64())],
            DnsServers = [AnyV6(choices)],
            DnsSeconds = (uint)choices.NextUInt64(),
            Mtu = (uint)choices.NextUInt64(),
        };
        RouterLie lie = (RouterLie)choices.Between(0, (int)RouterLie.UnknownOptions);
        byte[] body = AdvertisementWriter.Write(settings, source, lie, choices);
        byte[] frame = new byte[EthernetFrame.HeaderSize + IpDatagram.HeaderSizeV6 + IcmpMessage.HeaderSize + body.Length];
        EthernetFrame.WriteHeader(frame, destination, source, EtherTypes.Ipv6);
        Span<byte> packet = frame.AsSpan(EthernetFrame.HeaderSize);
        IpAddress from = Hosts.ActorHost.LinkLocalOf(source);
        IpAddress to = IpAddress.FromV6(((UInt128)0xFF02 << 112) + 1);
        body.CopyTo(packet[(IpDatagram.HeaderSizeV6 + IcmpMessage.HeaderSize)..]);
        IcmpMessage.WriteHeader(packet[IpDatagram.HeaderSizeV6..], IcmpMessage.RouterAdvertisement, 0, from, to);
        IpDatagram.WriteHeader(packet, from, to, EtherTypes.IcmpV6, 255, body.Length + IcmpMessage.HeaderSize);
        return frame;
    }

    private static byte[] Datagram(Choices choices, MacAddress source, MacAddress destination)
    {
        byte[] payload = new byte[choices.Between(0, 600)];
        choices.Fill(payload);
        ushort from = choices.Pick<ushort>([53, 67, 123, 5353, 547]);
        ushort to = (ushort)choices.NextBelow(65_536);
        return Udp(source, destination, AnyV4(choices), AnyV4(choices), from, to, payload);
    }

    private static byte[] Segment(Choices choices, MacAddress source, MacAddress destination)
    {
        byte[] payload = new byte[choices.Between(0, 100)];
        choices.Fill(payload);
        TcpSegment segment = new()
        {
            SourcePort = choices.Pick<ushort>([80, 53, 443]),
            DestinationPort = (ushort)choices.NextBelow(65_536),
            Sequence = (uint)choices.NextUInt64(),
            Acknowledgement = (uint)choices.NextUInt64(),
            Flags = (TcpFlags)choices.NextBelow(32),
            Window = (ushort)choices.NextBelow(65_536),
            Payload = payload,
        };
        byte[] frame = new byte[EthernetFrame.HeaderSize + IpDatagram.HeaderSizeV4 + segment.Size];
        Span<byte> packet = frame.AsSpan(EthernetFrame.HeaderSize);
        IpAddress from = AnyV4(choices);
        IpAddress to = AnyV4(choices);
        EthernetFrame.WriteHeader(frame, destination, source, EtherTypes.Ipv4);
        segment.Write(packet[IpDatagram.HeaderSizeV4..], from, to);
        IpDatagram.WriteHeader(packet, from, to, EtherTypes.Tcp, 64, segment.Size);
        return frame;
    }

    private static byte[] Udp(
        MacAddress source, MacAddress destination, IpAddress from, IpAddress to, ushort fromPort, ushort toPort, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[EthernetFrame.HeaderSize + IpDatagram.HeaderSizeV4 + UdpMessage.HeaderSize + payload.Length];
        Span<byte> packet = frame.AsSpan(EthernetFrame.HeaderSize);
        Span<byte> datagram = packet[IpDatagram.HeaderSizeV4..];
        EthernetFrame.WriteHeader(frame, destination, source, EtherTypes.Ipv4);
        payload.CopyTo(datagram[UdpMessage.HeaderSize..]);
        UdpMessage.WriteHeader(datagram, from, to, fromPort, toPort);
        IpDatagram.WriteHeader(packet, from, to, EtherTypes.Udp, 64, datagram.Length);
        return frame;
    }

    private static IpAddress AnyV4(Choices choices) => choices.NextBelow(4) switch
    {
        0 => IpAddress.FromV4((uint)choices.NextUInt64()),
        1 => IpAddress.FromV4(choices.Pick<uint>([0, 0xFFFF_FFFF, 0x7F00_0001, 0xE000_0001])),
        2 => IpAddress.FromV4(0xA9FE_0000 | choices.NextBelow(65_536)),
        _ => IpAddress.FromV4(0xC0A8_0000 | choices.NextBelow(65_536)),
    };

    private static IpAddress AnyV6(Choices choices) => choices.NextBelow(4) switch
    {
        0 => IpAddress.FromV6(new UInt128(choices.NextUInt64(), choices.NextUInt64())),
        1 => IpAddress.FromV6(((UInt128)0xFE80 << 112) + choices.NextUInt64()),
        2 => IpAddress.FromV6(((UInt128)0xFF02 << 112) + choices.NextBelow(3)),
        _ => IpAddress.FromV6(((UInt128)0x2001_0DB8 << 96) + choices.NextUInt64()),
    };
}
