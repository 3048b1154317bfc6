using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>ICMPv6 (RFC 4443): errors and echo; what belongs to neighbours goes on to <see cref="NeighborDiscovery"/>.</summary>
internal sealed class IcmpV6(InternetStack stack)
{
    public const byte Unreachable = 1;
    public const byte PortUnreachable = 4;
    public const byte ParameterProblem = 4;
    public const byte UnknownNextHeader = 1;

    private const byte PacketTooBig = 2;
    private const byte TimeExceeded = 3;
    private const byte Echo = 128;
    private const byte EchoReply = 129;
    private const byte FirstInformation = 128;
    private const int HeaderSize = 8;
    private const int ErrorSizeMax = 1280 - Ipv6Header.Size;

    public NeighborDiscovery Neighbors { get; } = new(stack);

    public void Receive(IpPacket packet)
    {
        ReadOnlySpan<byte> octets = packet.Octets;
        if (octets.Length < 4 || TransportChecksum.Of(packet.Source, packet.Destination, IpProtocol.IcmpV6, octets) != 0)
        {
            stack.Counters.IcmpErrors++;
            return;
        }

        stack.Raw.Deliver(packet);
        if (octets.Length < HeaderSize)
        {
            stack.Counters.IcmpErrors++;
            return;
        }

        SimulatedLink? device = packet.Link;
        switch (octets[0])
        {
            case Echo:
                Answer(packet);
                break;
            case Unreachable:
                Tell(octets[HeaderSize..], device, IcmpError.UnreachableV6(octets[1]));
                break;
            case PacketTooBig:
                int mtu = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(octets[4..]), ushort.MaxValue);
                Tell(octets[HeaderSize..], device, new IcmpError(Kernels.Errno.EMSGSIZE, true, mtu));
                break;
            case TimeExceeded:
                Tell(octets[HeaderSize..], device, IcmpError.TimeExceeded);
                break;
            case ParameterProblem:
                Tell(octets[HeaderSize..], device, IcmpError.ParameterProblem);
                break;
            default:
                Neighbors.Receive(packet);
                break;
        }
    }

    /// <summary>Says that a packet was not taken; never of one for a group, nor of an error.</summary>
    /// <param name="about">The packet.</param>
    /// <param name="type">The message's.</param>
    /// <param name="code">The message's.</param>
    /// <param name="detail">What the message's second word says: of a parameter problem where it is.</param>
    public void SendError(IpPacket about, byte type, byte code, uint detail = 0)
    {
        bool isError = about.Protocol == IpProtocol.IcmpV6 && !(about.Octets.Length > 0 && about.Octets[0] >= FirstInformation);
        if (about.IsForMany || about.CameToMany || isError || about.Source.IsUnspecified || about.Source.IsMulticast)
        {
            return;
        }

        ReadOnlySpan<byte> quoted = about.Original.Span;
        quoted = quoted[..Math.Min(quoted.Length, ErrorSizeMax - HeaderSize)];
        byte[] message = new byte[HeaderSize + quoted.Length];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), detail);
        quoted.CopyTo(message.AsSpan(HeaderSize));
        Send(about.Destination, about.Source, about.Link, message);
    }

    /// <summary>Tells the socket whose packet is quoted.</summary>
    public void Tell(ReadOnlySpan<byte> quoted, SimulatedLink? link, in IcmpError error)
    {
        if (quoted.Length < Ipv6Header.Size + 8 || quoted[0] >> 4 != 6)
        {
            return;
        }

        IpAddress.TryRead(quoted.Slice(8, 16), out IpAddress source);
        IpAddress.TryRead(quoted.Slice(24, 16), out IpAddress destination);
        if (stack.Network.IsLocal(source))
        {
            stack.TellSocket(quoted[6], source, destination, quoted[Ipv6Header.Size..], link, error);
        }
    }

    private void Answer(IpPacket packet)
    {
        byte[] reply = packet.Payload.ToArray();
        reply[0] = EchoReply;
        IpAddress source = packet.Destination.IsMulticast ? IpAddress.AnyV6 : packet.Destination;
        Send(source, packet.Source, packet.Link, reply);
    }

    private void Send(IpAddress source, IpAddress destination, SimulatedLink? link, byte[] message)
    {
        SimulatedLink? scope = destination.IsLinkLocal && link?.Kind != LinkKind.Loopback ? link : null;
        RouteQuery query = new(destination) { Source = source.IsUnspecified ? null : source, OutputLink = scope };
        if (stack.TryRoute(query, out RouteChoice route, out _))
        {
            source = source.IsUnspecified ? route.PreferredSource : source;
            TransportChecksum.Fill(source, destination, IpProtocol.IcmpV6, message, 2);
            stack.V6.Send(route, new IpPacket(source, destination, IpProtocol.IcmpV6, message));
        }
    }
}
