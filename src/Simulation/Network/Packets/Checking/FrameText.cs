using System;
using System.Buffers.Binary;
using System.Globalization;
using Spindle.Basics;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>A frame in words: all that is no accident. Left out are identifications, flow labels, checksums, and
/// which port of the ephemeral ones it was.</summary>
internal static class FrameText
{
    private const ushort EphemeralFirst = 32_768;

    /// <summary>A frame with its Ethernet header.</summary>
    public static string OfFrame(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < LinkHeader.EthernetSize)
        {
            return "short " + Convert.ToHexString(frame);
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        string head = $"{MacAddress.Read(frame[6..]).ToIdent()}>{MacAddress.Read(frame).ToIdent()} ";
        return head + OfPacket(type, frame[LinkHeader.EthernetSize..]);
    }

    /// <summary>What is behind the link's header.</summary>
    public static string OfPacket(ushort type, ReadOnlySpan<byte> octets) => type switch
    {
        LinkHeader.Ipv4 when octets.Length >= Ipv4Header.Size => OfIpv4(octets),
        LinkHeader.Ipv6 when octets.Length >= Ipv6Header.Size => OfIpv6(octets),
        LinkHeader.Arp => "arp " + Convert.ToHexString(octets),
        LinkHeader.Ipv4 => "cut " + Convert.ToHexString(Without(octets, 4, 2)),
        LinkHeader.Ipv6 => "cut " + Convert.ToHexString(Without(octets, 1, 3)),
        _ => Invariant($"{type:x4} {Convert.ToHexString(octets)}"),
    };

    private static byte[] Without(ReadOnlySpan<byte> octets, int at, int count)
    {
        byte[] copy = octets.ToArray();
        copy.AsSpan(Math.Min(at, copy.Length), Math.Clamp(copy.Length - at, 0, count)).Clear();
        copy.AsSpan(Math.Min(10, copy.Length), Math.Clamp(copy.Length - 10, 0, 2)).Clear(); // IPv4's checksum; the source in IPv6
        return copy;
    }

    /// <summary>A port; those that the kernel chooses are all alike.</summary>
    public static string Port(ushort port) => port >= EphemeralFirst ? "any" : port.ToString(CultureInfo.InvariantCulture);

    private static string OfIpv4(ReadOnlySpan<byte> octets)
    {
        int header = (octets[0] & 15) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(octets[6..]);
        IpAddress.TryRead(octets.Slice(12, 4), out IpAddress source);
        IpAddress.TryRead(octets.Slice(16, 4), out IpAddress destination);
        bool isWhole = header <= octets.Length && total <= octets.Length && total >= header;
        ReadOnlySpan<byte> payload = isWhole ? octets[header..total] : octets[Math.Min(header, octets.Length)..];
        string head = Invariant($"ip {source}>{destination} len {total} tos {octets[1]:x} frag {fragment:x} ttl {octets[8]} ");
        return head + ((fragment & 0x1FFF) != 0 ? Hash(payload) : OfTransport(octets[9], payload));
    }

    private static string OfIpv6(ReadOnlySpan<byte> octets)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        IpAddress.TryRead(octets.Slice(8, 16), out IpAddress source);
        IpAddress.TryRead(octets.Slice(24, 16), out IpAddress destination);
        ReadOnlySpan<byte> payload = octets[Ipv6Header.Size..];
        return Invariant($"ip6 {source}>{destination} len {length} hops {octets[7]} ") + OfTransport(octets[6], payload[..Math.Min(length, payload.Length)]);
    }

    /// <summary>What is behind the network's header.</summary>
    public static string OfTransport(byte protocol, ReadOnlySpan<byte> octets)
    {
        switch (protocol)
        {
            case IpProtocol.Udp when octets.Length >= UdpPorts.HeaderSize:
                string ports = $"{Port(BinaryPrimitives.ReadUInt16BigEndian(octets))}>{Port(BinaryPrimitives.ReadUInt16BigEndian(octets[2..]))}";
                return Invariant($"udp {ports} {BinaryPrimitives.ReadUInt16BigEndian(octets[4..])} {Hash(octets[8..])}");
            case IpProtocol.Icmp when octets.Length >= 8:
                string quoted = octets[0] is 3 or 11 ? OfPacket(LinkHeader.Ipv4, octets[8..]) : Convert.ToHexString(octets[4..]);
                return Invariant($"icmp {octets[0]}/{octets[1]} {quoted}");
            case IpProtocol.IcmpV6 when octets.Length >= 8:
                string told = octets[0] < 128 ? OfPacket(LinkHeader.Ipv6, octets[8..]) : Convert.ToHexString(octets[4..]);
                return Invariant($"icmp6 {octets[0]}/{octets[1]} {told}");
            case IpProtocol.Tcp when octets.Length >= TcpSegment.HeaderSize:
                return Invariant($"tcp {Port(BinaryPrimitives.ReadUInt16BigEndian(octets))}>{Port(BinaryPrimitives.ReadUInt16BigEndian(octets[2..]))} flags {octets[13]:x} ack {BinaryPrimitives.ReadUInt32BigEndian(octets[8..])}");
            case IpProtocol.Fragment when octets.Length >= 8: // whose identification is random
                bool isFirst = octets[2] == 0 && (octets[3] & 0xF8) == 0;
                return Invariant($"piece {Convert.ToHexString(octets[..4])} ") + (isFirst ? OfTransport(octets[0], octets[8..]) : Hash(octets[8..]));
            default:
                return Invariant($"proto {protocol} {Hash(octets)}");
        }
    }

    private static string Hash(ReadOnlySpan<byte> octets)
    {
        const int ShownMax = 24;
        if (octets.Length <= ShownMax)
        {
            return "[" + Convert.ToHexString(octets) + "]";
        }

        ulong hash = 14_695_981_039_346_656_037; // FNV-1a
        foreach (byte octet in octets)
        {
            hash = (hash ^ octet) * 1_099_511_628_211;
        }

        return Invariant($"[{octets.Length}:{hash:x16}]");
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
