using System;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Fuzz.Targets;

/// <summary>UDP datagrams with their IPv4 header, as a packet socket hands them over.</summary>
public static class UdpDatagramFuzz
{
    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new("udp-datagram", [Datagram(0), Datagram(300)], Run);

    private static void Run(byte[] input)
    {
        bool isFilled = UdpDatagram.TryParse(input, false, out UdpDatagram filled, out _);
        bool isUnfilled = UdpDatagram.TryParse(input, true, out UdpDatagram unfilled, out _);
        if (isFilled && (!isUnfilled || !filled.Payload.SequenceEqual(unfilled.Payload)))
        {
            throw new InvalidOperationException("A good checksum made it worse.");
        }

        if (!isUnfilled)
        {
            return;
        }

        byte[] written = new byte[UdpDatagram.HeadersSize + unfilled.Payload.Length];
        unfilled.Payload.CopyTo(written.AsSpan(UdpDatagram.HeadersSize));
        UdpDatagram.WriteHeaders(
            written, unfilled.Source, unfilled.Destination, unfilled.SourcePort, unfilled.DestinationPort);
        if (!UdpDatagram.TryParse(written, false, out UdpDatagram again, out UdpDatagramError error)
            || again.Source != unfilled.Source || again.Destination != unfilled.Destination
            || again.SourcePort != unfilled.SourcePort || again.DestinationPort != unfilled.DestinationPort
            || !again.Payload.SequenceEqual(unfilled.Payload))
        {
            throw new InvalidOperationException($"What was written is not what was read: {error}.");
        }
    }

    private static byte[] Datagram(int payload)
    {
        byte[] octets = new byte[UdpDatagram.HeadersSize + payload];
        UdpDatagram.WriteHeaders(octets, IpAddress.FromV4(192, 0, 2, 1), IpAddress.BroadcastV4, 67, 68);
        return octets;
    }
}
