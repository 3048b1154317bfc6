using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Packets;

namespace Spindle.Simulation.Network.Internet;

/// <summary>IPv4 of a host (RFC 791, RFC 1122): no forwarding.</summary>
internal sealed class Ipv4Layer(InternetStack stack)
{
    private readonly FragmentStore fragments = new(stack.Clock, stack.Counters, TimeSpan.FromSeconds(30));
    private ushort lastIdentification;

    /// <summary>Takes a packet from a link.</summary>
    public void Receive(SimulatedLink link, PacketKind kind, ReadOnlySpan<byte> octets)
    {
        if (!Ipv4Header.TryRead(octets, out Ipv4Header header))
        {
            stack.Counters.HeaderErrors++;
            link.Counters.ReceiveErrors++;
            return;
        }

        if (kind == PacketKind.OtherHost || !IsFor(link, header.Destination, out bool isForMany))
        {
            stack.Counters.NotForUs++;
            return;
        }

        if (IsMartian(link, header))
        {
            stack.Counters.Martians++;
            return;
        }

        ReadOnlySpan<byte> payload = octets[header.HeaderLength..header.TotalLength];
        byte[] whole;
        if (!header.IsFragment)
        {
            whole = payload.ToArray();
        }
        else if (!fragments.TryComplete(header.Source, header.Destination, header.Identification, header.Protocol,
            header.FragmentOffset, header.MoreFragments, payload, out whole))
        {
            return;
        }

        stack.Deliver(new IpPacket(header.Source, header.Destination, header.Protocol, whole)
        {
            Link = link,
            HopLimit = header.TimeToLive,
            TrafficClass = header.TypeOfService,
            IsForMany = isForMany,
            CameToMany = kind != PacketKind.Host,
            Original = octets[..header.TotalLength].ToArray(),
        });
    }

    /// <summary>Sends a packet along a route that was found for it.</summary>
    /// <returns>EMSGSIZE if it is too long and may not be cut.</returns>
    public Result Send(in RouteChoice route, IpPacket packet)
    {
        int length = packet.Payload.Length;
        if (length + Ipv4Header.Size > ushort.MaxValue)
        {
            return Result.Fail(Errno.EMSGSIZE);
        }

        // What is sent over the loopback comes back from there, whomever it is for.
        if (route.Type == RouteType.Local || (route.Type == RouteType.Unicast && route.Link == stack.Network.Loopback))
        {
            packet.Freed?.Invoke();
            stack.DeliverLocally(route, packet);
            return Result.Ok();
        }

        int mtu = stack.MtuOf(route, packet.Destination);
        if (Ipv4Header.Size + length <= mtu)
        {
            bool isWhole = packet.DontFragment || packet.PrefersWhole;
            ushort id = isWhole ? (ushort)0 : ++lastIdentification;
            Transmit(route, packet, HeaderOf(packet) with { Identification = id, DontFragment = isWhole }, packet.Octets);
        }
        else if (packet.DontFragment)
        {
            return Result.Fail(Errno.EMSGSIZE);
        }
        else
        {
            SendFragments(route, packet, mtu);
        }

        if (route.Type is RouteType.Multicast or RouteType.Broadcast)
        {
            stack.LoopBack(route, packet);
        }

        return Result.Ok();
    }

    /// <summary>A packet of the machine's own as octets, for those who see it on the loopback.</summary>
    public static byte[] Write(IpPacket packet)
    {
        byte[] octets = new byte[Ipv4Header.Size + packet.Payload.Length];
        (HeaderOf(packet) with { DontFragment = packet.DontFragment || packet.PrefersWhole }).Write(octets, packet.Payload.Length);
        packet.Octets.CopyTo(octets.AsSpan(Ipv4Header.Size));
        return octets;
    }

    private static Ipv4Header HeaderOf(IpPacket packet) => new(packet.Source, packet.Destination, packet.Protocol)
    {
        TypeOfService = packet.TrafficClass,
        TimeToLive = packet.HopLimit,
    };

    private void SendFragments(in RouteChoice route, IpPacket packet, int mtu)
    {
        int step = Math.Max((mtu - Ipv4Header.Size) & ~7, 8);
        ushort id = ++lastIdentification;
        for (int offset = 0; offset < packet.Payload.Length; offset += step)
        {
            int count = Math.Min(step, packet.Payload.Length - offset);
            Ipv4Header header = HeaderOf(packet) with
            {
                Identification = id,
                FragmentOffset = offset,
                MoreFragments = offset + count < packet.Payload.Length,
            };
            Transmit(route, packet, header, packet.Octets.Slice(offset, count));
            stack.Network.Wires.Settle();
        }
    }

    private void Transmit(in RouteChoice route, IpPacket packet, in Ipv4Header header, ReadOnlySpan<byte> payload)
    {
        SimulatedLink link = route.Link;
        IpAddress destination = packet.Destination;
        bool isBroadcast = route.Type == RouteType.Broadcast || IsBroadcast(route.NextHop(destination));
        MacAddress to = link == stack.Network.Loopback ? default : isBroadcast ? MacAddress.Broadcast : destination.IsMulticast ? MulticastMac(destination) : default;
        byte[] frame = LinkHeader.Frame(link, to, LinkHeader.Ipv4, Ipv4Header.Size + payload.Length);
        Span<byte> octets = frame.AsSpan(LinkHeader.SizeOf(link));
        header.Write(octets, payload.Length);
        payload.CopyTo(octets[Ipv4Header.Size..]);
        if (to.IsZero && (link.Flags & (LinkFlags.NoArp | LinkFlags.Loopback)) == 0)
        {
            stack.Neighbors(link, IpFamily.V4).Send(route.NextHop(destination), frame, packet.Source, packet.Freed);
        }
        else
        {
            packet.Freed?.Invoke();
            link.Transmit(frame);
        }
    }

    // A neighbour whose address is a link's broadcast one is everybody, whichever way leads there.
    private bool IsBroadcast(IpAddress nextHop)
    {
        foreach (InterfaceAddress address in stack.Network.Addresses(family: IpFamily.V4))
        {
            if (address.Broadcast == nextHop && !nextHop.IsUnspecified)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsFor(SimulatedLink link, IpAddress destination, out bool isForMany)
    {
        isForMany = true;
        if (destination == IpAddress.BroadcastV4 || destination.IsMulticast)
        {
            return !destination.IsMulticast || stack.Groups.IsMember(link, destination);
        }

        foreach (InterfaceAddress address in stack.Network.Addresses(link, IpFamily.V4))
        {
            if (!address.Broadcast.IsUnspecified && address.Broadcast == destination
                || address.PrefixLength < 31 && (address.Network.Broadcast == destination || address.Network.Address == destination))
            {
                return address.Local != destination || !(isForMany = false);
            }
        }

        isForMany = false;
        return stack.Network.IsLocal(destination) && !destination.IsLoopback;
    }

    // From ourselves, from a group, from nobody at all (but for DHCP's broadcasts), or from the loopback's network.
    private bool IsMartian(SimulatedLink link, in Ipv4Header header)
    {
        IpAddress source = header.Source;
        return source.IsMulticast || source == IpAddress.BroadcastV4 || source.IsLoopback
            || (source.IsUnspecified && header.Destination != IpAddress.BroadcastV4 && !header.Destination.IsMulticast)
            || stack.Network.IsLocal(source);
    }

    private static MacAddress MulticastMac(IpAddress group)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        BinaryPrimitives.WriteUInt16BigEndian(octets, 0x0100);
        BinaryPrimitives.WriteUInt32BigEndian(octets[2..], 0x5E00_0000 | (group.ToV4() & 0x7F_FFFF));
        return MacAddress.Read(octets);
    }
}
