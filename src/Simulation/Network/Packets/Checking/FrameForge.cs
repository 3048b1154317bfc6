using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>Frames by hand, for the far end of the pair.</summary>
internal static class FrameForge
{
    /// <summary>An Ethernet frame.</summary>
    public static byte[] Ethernet(MacAddress to, MacAddress from, ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[LinkHeader.EthernetSize + payload.Length];
        to.Write(frame);
        from.Write(frame.AsSpan(MacAddress.Size));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        payload.CopyTo(frame.AsSpan(LinkHeader.EthernetSize));
        return frame;
    }

    /// <summary>An ARP packet.</summary>
    public static byte[] Arp(ushort operation, MacAddress sender, IpAddress senderIp, MacAddress target, IpAddress targetIp)
    {
        byte[] octets = new byte[28];
        octets[1] = 1;
        octets[2] = 8;
        octets[4] = 6;
        octets[5] = 4;
        octets[7] = (byte)operation;
        sender.Write(octets.AsSpan(8));
        senderIp.Write(octets.AsSpan(14));
        target.Write(octets.AsSpan(18));
        targetIp.Write(octets.AsSpan(24));
        return octets;
    }

    /// <summary>A packet of either version.</summary>
    public static byte[] Ip(IpAddress source, IpAddress destination, byte protocol, ReadOnlySpan<byte> payload, ushort fragment = 0, byte hops = 61)
    {
        byte[] octets = new byte[(source.IsV4 ? Ipv4Header.Size : Ipv6Header.Size) + payload.Length];
        payload.CopyTo(octets.AsSpan(octets.Length - payload.Length));
        if (source.IsV6)
        {
            octets[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(4), (ushort)payload.Length);
            octets[6] = protocol;
            octets[7] = hops;
            source.Write(octets.AsSpan(8));
            destination.Write(octets.AsSpan(24));
            return octets;
        }

        octets[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), (ushort)octets.Length);
        octets[5] = 7; // the identification
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(6), fragment);
        octets[8] = hops;
        octets[9] = protocol;
        source.Write(octets.AsSpan(12));
        destination.Write(octets.AsSpan(16));
        int sum = 0;
        for (int at = 0; at < Ipv4Header.Size; at += 2)
        {
            sum += octets[at] << 8 | octets[at + 1];
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(10), (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        return octets;
    }

    /// <summary>A datagram; <paramref name="error"/> is added to its checksum.</summary>
    public static byte[] Udp(IpAddress source, IpAddress destination, ushort from, ushort to, ReadOnlySpan<byte> data, ushort error = 0)
    {
        byte[] octets = new byte[8 + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, from);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), to);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(4), (ushort)octets.Length);
        data.CopyTo(octets.AsSpan(8));
        return Sum(source, destination, IpProtocol.Udp, octets, 6, error);
    }

    /// <summary>A segment that wants a connection.</summary>
    public static byte[] Syn(IpAddress source, IpAddress destination, ushort from, ushort to)
    {
        byte[] octets = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(octets, from);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), to);
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(4), 1000);
        octets[12] = 0x50;
        octets[13] = 2;
        octets[14] = 0x10;
        return Sum(source, destination, IpProtocol.Tcp, octets, 16, 0);
    }

    /// <summary>An ICMP message.</summary>
    public static byte[] Icmp(byte type, byte code, ReadOnlySpan<byte> rest)
    {
        byte[] octets = new byte[4 + rest.Length];
        octets[0] = type;
        octets[1] = code;
        rest.CopyTo(octets.AsSpan(4));
        uint sum = Words(0, octets);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), Folded(sum));
        return octets;
    }

    /// <summary>An ICMPv6 message.</summary>
    public static byte[] IcmpV6(IpAddress source, IpAddress destination, byte type, byte code, ReadOnlySpan<byte> rest, ushort error = 0)
    {
        byte[] octets = new byte[4 + rest.Length];
        octets[0] = type;
        octets[1] = code;
        rest.CopyTo(octets.AsSpan(4));
        return Sum(source, destination, IpProtocol.IcmpV6, octets, 2, error);
    }

    private static byte[] Sum(IpAddress source, IpAddress destination, byte protocol, byte[] octets, int offset, ushort error)
    {
        Span<byte> addresses = stackalloc byte[32];
        source.Write(addresses);
        destination.Write(addresses[source.Size..]);
        uint sum = Words((uint)(octets.Length + protocol), addresses[..(2 * source.Size)]);
        ushort found = Folded(Words(sum, octets));
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(offset), (ushort)(found + error));
        return octets;
    }

    private static uint Words(uint sum, ReadOnlySpan<byte> octets)
    {
        for (int at = 0; at < octets.Length; at++)
        {
            sum += (uint)octets[at] << ((at & 1) == 0 ? 8 : 0);
        }

        return sum;
    }

    private static ushort Folded(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }
}
