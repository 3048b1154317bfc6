using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Packets;

namespace Spindle.Simulation.Network.Internet;

/// <summary>IPv6 of a host (RFC 8200): extension headers are read over, none but fragments is ever written.</summary>
internal sealed class Ipv6Layer(InternetStack stack)
{
    private const int FragmentHeaderSize = 8;
    private const int HeadersMax = 8;

    private readonly FragmentStore fragments = new(stack.Clock, stack.Counters, TimeSpan.FromSeconds(60));
    private uint lastIdentification;

    /// <summary>Takes a packet from a link.</summary>
    public void Receive(SimulatedLink link, PacketKind kind, ReadOnlySpan<byte> octets)
    {
        if (!Ipv6Header.TryRead(octets, out Ipv6Header header))
        {
            stack.Counters.HeaderErrors++;
            link.Counters.ReceiveErrors++;
            return;
        }

        if (kind == PacketKind.OtherHost || !IsFor(link, header.Destination))
        {
            stack.Counters.NotForUs++;
            return;
        }

        if (header.Source.IsMulticast || header.Source.IsLoopback || header.Destination.IsLoopback)
        {
            stack.Counters.Martians++;
            return;
        }

        int length = Ipv6Header.Size + header.PayloadLength;
        IpPacket packet = new(header.Source, header.Destination, header.NextHeader, octets[Ipv6Header.Size..length].ToArray())
        {
            Link = link,
            HopLimit = header.HopLimit,
            TrafficClass = header.TrafficClass,
            IsForMany = header.Destination.IsMulticast,
            CameToMany = kind != PacketKind.Host,
            Original = octets[..length].ToArray(),
        };
        if (TrySkipExtensions(ref packet))
        {
            stack.Deliver(packet);
        }
    }

    /// <summary>Sends a packet along a route that was found for it.</summary>
    public Result Send(in RouteChoice route, IpPacket packet)
    {
        if (packet.Payload.Length > ushort.MaxValue)
        {
            return Result.Fail(Errno.EMSGSIZE);
        }

        if (route.Type == RouteType.Local)
        {
            packet.Freed?.Invoke();
            stack.DeliverLocally(route, packet);
            return Result.Ok();
        }

        int mtu = stack.MtuOf(route, packet.Destination);
        if (Ipv6Header.Size + packet.Payload.Length <= mtu)
        {
            Transmit(route, packet, packet.Protocol, packet.Octets);
        }
        else if (packet.DontFragment)
        {
            return Result.Fail(Errno.EMSGSIZE);
        }
        else
        {
            SendFragments(route, packet, mtu);
        }

        if (packet.Destination.IsMulticast)
        {
            stack.LoopBack(route, packet);
        }

        return Result.Ok();
    }

    /// <summary>Sends to the hardware address itself: neighbour discovery asks nobody where it goes.</summary>
    public static void SendDirectly(SimulatedLink link, MacAddress to, IpPacket packet)
    {
        byte[] frame = LinkHeader.Frame(link, to, LinkHeader.Ipv6, Ipv6Header.Size + packet.Payload.Length);
        Fill(frame.AsSpan(LinkHeader.SizeOf(link)), packet, packet.Protocol, packet.Octets);
        link.Transmit(frame);
    }

    /// <summary>A packet of the machine's own as octets, for those who see it on the loopback.</summary>
    public static byte[] Write(IpPacket packet)
    {
        byte[] octets = new byte[Ipv6Header.Size + packet.Payload.Length];
        Fill(octets, packet, packet.Protocol, packet.Octets);
        return octets;
    }

    /// <summary>33:33 and the group's last four octets (RFC 2464, section 7).</summary>
    public static MacAddress MulticastMac(IpAddress group)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        octets[0] = octets[1] = 0x33;
        BinaryPrimitives.WriteUInt32BigEndian(octets[2..], (uint)group.ToBits());
        return MacAddress.Read(octets);
    }

    private static void Fill(Span<byte> octets, IpPacket packet, byte nextHeader, ReadOnlySpan<byte> payload)
    {
        new Ipv6Header(packet.Source, packet.Destination, nextHeader)
        {
            HopLimit = packet.HopLimit,
            TrafficClass = packet.TrafficClass,
        }.Write(octets, payload.Length);
        payload.CopyTo(octets[Ipv6Header.Size..]);
    }

    private void SendFragments(in RouteChoice route, IpPacket packet, int mtu)
    {
        int step = (mtu - Ipv6Header.Size - FragmentHeaderSize) & ~7;
        uint id = ++lastIdentification;
        for (int offset = 0; offset < packet.Payload.Length; offset += step)
        {
            int count = Math.Min(step, packet.Payload.Length - offset);
            byte[] piece = new byte[FragmentHeaderSize + count];
            piece[0] = packet.Protocol;
            int more = offset + count < packet.Payload.Length ? 1 : 0;
            BinaryPrimitives.WriteUInt16BigEndian(piece.AsSpan(2), (ushort)(offset | more));
            BinaryPrimitives.WriteUInt32BigEndian(piece.AsSpan(4), id);
            packet.Octets.Slice(offset, count).CopyTo(piece.AsSpan(FragmentHeaderSize));
            Transmit(route, packet, IpProtocol.Fragment, piece);
            stack.Network.Wires.Settle();
        }
    }

    private void Transmit(in RouteChoice route, IpPacket packet, byte nextHeader, ReadOnlySpan<byte> payload)
    {
        SimulatedLink link = route.Link;
        bool isGroup = packet.Destination.IsMulticast;
        MacAddress to = isGroup ? MulticastMac(packet.Destination) : default;
        byte[] frame = LinkHeader.Frame(link, to, LinkHeader.Ipv6, Ipv6Header.Size + payload.Length);
        Fill(frame.AsSpan(LinkHeader.SizeOf(link)), packet, nextHeader, payload);
        if (isGroup || (link.Flags & (LinkFlags.NoArp | LinkFlags.Loopback)) != 0)
        {
            packet.Freed?.Invoke();
            link.Transmit(frame);
        }
        else
        {
            stack.Neighbors(link, IpFamily.V6).Send(route.NextHop(packet.Destination), frame, packet.Source, packet.Freed);
        }
    }

    private bool IsFor(SimulatedLink link, IpAddress destination) =>
        destination.IsMulticast ? stack.Groups.IsMember(link, destination) : stack.Network.IsLocal(destination, link);

    private bool TrySkipExtensions(ref IpPacket packet)
    {
        for (int count = 0; count < HeadersMax; count++)
        {
            ReadOnlySpan<byte> octets = packet.Octets;
            switch (packet.Protocol)
            {
                case IpProtocol.HopByHop or IpProtocol.DestinationOptions or IpProtocol.Routing:
                    int length = octets.Length < 2 ? int.MaxValue : (octets[1] + 1) * 8;
                    if (length > octets.Length)
                    {
                        stack.Counters.HeaderErrors++;
                        return false;
                    }

                    packet = packet with { Protocol = octets[0], Payload = packet.Payload[length..] };
                    break;
                case IpProtocol.Fragment:
                    if (!TryReassemble(ref packet))
                    {
                        return false;
                    }

                    break;
                case IpProtocol.NoNext:
                    return false;
                default:
                    return true;
            }
        }

        stack.Counters.HeaderErrors++;
        return false;
    }

    private bool TryReassemble(ref IpPacket packet)
    {
        ReadOnlySpan<byte> octets = packet.Octets;
        if (octets.Length < FragmentHeaderSize)
        {
            stack.Counters.HeaderErrors++;
            return false;
        }

        int place = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        uint id = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);
        if (!fragments.TryComplete(packet.Source, packet.Destination, id, octets[0], place & ~7, (place & 1) != 0,
            octets[FragmentHeaderSize..], out byte[] whole))
        {
            return false;
        }

        packet = packet with { Protocol = octets[0], Payload = whole };
        return true;
    }
}
