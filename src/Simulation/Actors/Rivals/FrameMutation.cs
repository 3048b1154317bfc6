using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors.Rivals;

/// <summary>Changes a frame in the ways that find faults in parsers, and mends its checksums.</summary>
internal static class FrameMutation
{
    private static ReadOnlySpan<byte> Interesting => [0, 1, 2, 4, 7, 8, 63, 64, 127, 128, 192, 254, 255];

    /// <summary>The frame with one to four changes; the header of the line stays.</summary>
    public static byte[] Mutate(byte[] frame, Choices choices)
    {
        int changes = choices.Between(1, 4);
        for (int i = 0; i < changes && frame.Length > EthernetFrame.HeaderSize; i++)
        {
            frame = Change(frame, choices);
        }

        return frame;
    }

    /// <summary>Makes lengths and checksums right again, as far as the frame is still one.</summary>
    public static void Mend(Span<byte> frame)
    {
        ushort type = (ushort)(frame[12] << 8 | frame[13]);
        Span<byte> packet = frame[EthernetFrame.HeaderSize..];
        if (type == EtherTypes.Ipv4 && packet.Length >= IpDatagram.HeaderSizeV4)
        {
            MendV4(packet);
        }
        else if (type == EtherTypes.Ipv6 && packet.Length >= IpDatagram.HeaderSizeV6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - IpDatagram.HeaderSizeV6));
            IpAddress.TryRead(packet.Slice(8, 16), out IpAddress source);
            IpAddress.TryRead(packet.Slice(24, 16), out IpAddress destination);
            MendTransport(packet[IpDatagram.HeaderSizeV6..], packet[6], source, destination);
        }
    }

    private static byte[] Change(byte[] frame, Choices choices)
    {
        int body = frame.Length - EthernetFrame.HeaderSize;
        int at = EthernetFrame.HeaderSize + (int)choices.NextBelow((uint)body);
        switch (choices.NextBelow(8))
        {
            case 0:
                return frame[..at];
            case 1:
                byte[] longer = new byte[Math.Min(1514, frame.Length + choices.Between(1, 300))];
                frame.AsSpan(0, Math.Min(frame.Length, longer.Length)).CopyTo(longer);
                return longer;
            case 2:
                frame[at] = (byte)choices.NextBelow(256);
                return frame;
            case 3:
                frame[at] = Interesting[(int)choices.NextBelow((uint)Interesting.Length)];
                return frame;
            case 4:
                frame[at] = (byte)(frame[at] + choices.Between(-2, 2));
                return frame;
            case 5:
                int count = Math.Min(frame.Length - at, choices.Between(1, 16));
                choices.Fill(frame.AsSpan(at, count));
                return frame;
            case 6: // A piece once more.
                int from = EthernetFrame.HeaderSize + (int)choices.NextBelow((uint)body);
                int length = Math.Min(frame.Length - Math.Max(at, from), choices.Between(1, 32));
                frame.AsSpan(from, length).CopyTo(frame.AsSpan(at));
                return frame;
            default:
                frame[at] ^= (byte)(1 << choices.Between(0, 7));
                return frame;
        }
    }

    private static void MendV4(Span<byte> packet)
    {
        int headerSize = (packet[0] & 15) * 4;
        if (headerSize < IpDatagram.HeaderSizeV4 || headerSize > packet.Length)
        {
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[10] = 0;
        packet[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], OnesComplement.Fold(OnesComplement.Sum(packet[..headerSize])));
        IpAddress.TryRead(packet.Slice(12, 4), out IpAddress source);
        IpAddress.TryRead(packet.Slice(16, 4), out IpAddress destination);
        MendTransport(packet[headerSize..], packet[9], source, destination);
    }

    private static void MendTransport(Span<byte> octets, byte protocol, IpAddress source, IpAddress destination)
    {
        int offset = protocol switch
        {
            EtherTypes.Udp => 6,
            EtherTypes.Tcp => 16,
            EtherTypes.Icmp or EtherTypes.IcmpV6 => 2,
            _ => int.MaxValue - 2,
        };
        if (offset + 2 > octets.Length || (protocol == EtherTypes.Udp && octets.Length < UdpMessage.HeaderSize))
        {
            return;
        }

        if (protocol == EtherTypes.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets[4..], (ushort)octets.Length);
        }

        octets[offset] = 0;
        octets[offset + 1] = 0;
        ulong pseudo = protocol == EtherTypes.Icmp
            ? 0
            : OnesComplement.PseudoHeader(source, destination, protocol, octets.Length);
        BinaryPrimitives.WriteUInt16BigEndian(octets[offset..], OnesComplement.Fold(pseudo + OnesComplement.Sum(octets)));
    }
}
