using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>ICMP (RFC 792): answers echo requests, and tells sockets what became of their packets.</summary>
internal sealed class IcmpV4(InternetStack stack)
{
    public const byte Unreachable = 3;
    public const byte ProtocolUnreachable = 2;
    public const byte PortUnreachable = 3;

    private const byte EchoReply = 0;
    private const byte Echo = 8;
    private const byte TimeExceeded = 11;
    private const byte ParameterProblem = 12;
    private const int HeaderSize = 8;
    private const int ErrorSizeMax = 576 - Ipv4Header.Size; // RFC 1812, section 4.3.2.3

    public void Receive(IpPacket packet)
    {
        ReadOnlySpan<byte> octets = packet.Octets;
        if (octets.Length < HeaderSize || InternetChecksum.Finish(InternetChecksum.Add(0, octets)) != 0)
        {
            stack.Counters.IcmpErrors++;
            return;
        }

        SimulatedLink? device = packet.CameByLoopback ? stack.Network.Loopback : packet.Link;
        switch (octets[0])
        {
            case Echo when !packet.IsForMany: // icmp_echo_ignore_broadcasts
                Answer(packet);
                break;
            case Unreachable:
                int mtu = BinaryPrimitives.ReadUInt16BigEndian(octets[6..]);
                Tell(octets[HeaderSize..], device, IcmpError.UnreachableV4(octets[1], mtu));
                break;
            case TimeExceeded:
                Tell(octets[HeaderSize..], device, IcmpError.TimeExceeded);
                break;
            case ParameterProblem:
                Tell(octets[HeaderSize..], device, IcmpError.ParameterProblem);
                break;
        }
    }

    /// <summary>Says that a packet was not taken; never of one for many, nor of an error.</summary>
    public void SendError(IpPacket about, byte type, byte code)
    {
        bool isError = about.Protocol == IpProtocol.Icmp && !(about.Octets.Length > 0 && about.Octets[0] is Echo or EchoReply);
        if (about.IsForMany || about.CameToMany || isError || about.Source.IsUnspecified || about.Source.IsMulticast)
        {
            return;
        }

        ReadOnlySpan<byte> quoted = about.Original.Span;
        quoted = quoted[..Math.Min(quoted.Length, ErrorSizeMax - HeaderSize)];
        byte[] message = new byte[HeaderSize + quoted.Length];
        message[0] = type;
        message[1] = code;
        quoted.CopyTo(message.AsSpan(HeaderSize));
        TransportChecksum.FillIcmp(message);
        const byte InternetworkControl = 0xC0;
        stack.Send(new IpPacket(about.Destination, about.Source, IpProtocol.Icmp, message) { TrafficClass = InternetworkControl });
    }

    /// <summary>Tells the socket whose packet is quoted.</summary>
    public void Tell(ReadOnlySpan<byte> quoted, SimulatedLink? link, in IcmpError error)
    {
        // A quote is cut: its own length says more than there is.
        if (quoted.Length < Ipv4Header.Size || quoted[0] >> 4 != 4)
        {
            return;
        }

        int header = (quoted[0] & 15) * 4;
        IpAddress.TryRead(quoted.Slice(12, 4), out IpAddress source);
        IpAddress.TryRead(quoted.Slice(16, 4), out IpAddress destination);
        if (quoted.Length >= header + 8 && stack.Network.IsLocal(source))
        {
            stack.TellSocket(quoted[9], source, destination, quoted[header..], link, error);
        }
    }

    private void Answer(IpPacket packet)
    {
        byte[] reply = packet.Payload.ToArray();
        reply[0] = EchoReply;
        TransportChecksum.FillIcmp(reply);
        stack.Send(new IpPacket(packet.Destination, packet.Source, IpProtocol.Icmp, reply) { TrafficClass = packet.TrafficClass });
    }
}
