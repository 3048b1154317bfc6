using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Network.Internet;

/// <summary>UDP (RFC 768): which socket a datagram is for.</summary>
internal sealed class UdpPorts(InternetStack stack)
{
    /// <summary>Octets of the header.</summary>
    public const int HeaderSize = 8;

    private readonly PortTable ports = new();

    public Result Take(UdpSocket socket, IpAddress local, ushort port) => ports.Take(socket, local, port, AreCompatible);

    public void Leave(UdpSocket socket) => ports.Leave(socket);

    /// <summary>A datagram with its header, the checksum in place.</summary>
    public static byte[] Write(IpAddress source, IpAddress destination, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> data)
    {
        byte[] octets = new byte[HeaderSize + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(4), (ushort)octets.Length);
        data.CopyTo(octets.AsSpan(HeaderSize));
        TransportChecksum.Fill(source, destination, IpProtocol.Udp, octets, 6);
        return octets;
    }

    /// <summary>Takes a packet. A wrong checksum of a long one is found out when the datagram is read, or when nobody is there to read it.</summary>
    public void Receive(IpPacket packet)
    {
        ReadOnlySpan<byte> octets = packet.Octets;
        int length = octets.Length < HeaderSize ? 0 : BinaryPrimitives.ReadUInt16BigEndian(octets[4..]);
        if (length < HeaderSize || length > octets.Length)
        {
            stack.Counters.UdpErrors++;
            return;
        }

        packet = packet with { Payload = packet.Payload[..length] };
        octets = octets[..length];
        ushort sourcePort = BinaryPrimitives.ReadUInt16BigEndian(octets);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        bool hasSum = octets[6] != 0 || octets[7] != 0;
        bool isBad = hasSum ? TransportChecksum.Of(packet.Source, packet.Destination, IpProtocol.Udp, octets) != 0 : !packet.IsV4;
        const int SummedAtOnceMax = 76;
        if (isBad && octets.Length <= SummedAtOnceMax)
        {
            stack.Counters.UdpErrors++;
        }
        else if (packet.IsForMany)
        {
            DeliverToMany(packet, sourcePort, port, isBad);
        }
        else if (Find(packet, sourcePort, port) is { } socket)
        {
            socket.Deliver(packet, sourcePort, isBad);
        }
        else
        {
            Refuse(packet, isBad);
        }
    }

    /// <summary>An error about a datagram that was sent from here; false if no socket can have.</summary>
    public bool Fail(IpAddress source, IpAddress destination, ReadOnlySpan<byte> datagram, in IcmpError error)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        ushort remotePort = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        UdpSocket? best = null;
        int bestScore = 0;
        foreach (InternetSocket socket in ports.At(port))
        {
            int score = Score((UdpSocket)socket, source, destination, remotePort, null);
            if (score > bestScore)
            {
                best = (UdpSocket)socket;
                bestScore = score;
            }
        }

        best?.Fail(error);
        return best is not null;
    }

    private UdpSocket? Find(IpPacket packet, ushort sourcePort, ushort port)
    {
        UdpSocket? best = null;
        int bestScore = 0;
        foreach (InternetSocket socket in ports.At(port))
        {
            int score = Score((UdpSocket)socket, packet.Destination, packet.Source, sourcePort, packet.Link);
            if (score > bestScore)
            {
                best = (UdpSocket)socket;
                bestScore = score;
            }
        }

        return best;
    }

    private void DeliverToMany(IpPacket packet, ushort sourcePort, ushort port, bool isBad)
    {
        IReadOnlyList<InternetSocket> found = ports.At(port);
        for (int index = 0; index < found.Count; index++)
        {
            UdpSocket socket = (UdpSocket)found[index];
            if (Score(socket, packet.Destination, packet.Source, sourcePort, packet.Link) > 0)
            {
                socket.Deliver(packet, sourcePort, isBad);
            }
        }
    }

    private void Refuse(IpPacket packet, bool isBad)
    {
        if (isBad)
        {
            stack.Counters.UdpErrors++;
            return;
        }

        stack.Counters.UdpNoPorts++;
        if (packet.IsV4)
        {
            stack.IcmpV4.SendError(packet, IcmpV4.Unreachable, IcmpV4.PortUnreachable);
        }
        else
        {
            stack.IcmpV6.SendError(packet, IcmpV6.Unreachable, IcmpV6.PortUnreachable);
        }
    }

    // 0: not for this one; else the more, the more it has said about what it wants.
    private static int Score(UdpSocket socket, IpAddress local, IpAddress remote, ushort remotePort, SimulatedLink? link)
    {
        if (!socket.Takes(local.Family) || (!socket.Local.IsUnspecified && socket.Local != local))
        {
            return 0;
        }

        if (socket.Remote is { } peer && (socket.RemotePort != remotePort || peer != remote))
        {
            return 0;
        }

        if (link is not null && socket.DeviceIndex != 0 && socket.DeviceIndex != link.Index)
        {
            return 0;
        }

        return 1 + (socket.Local.IsUnspecified ? 0 : 4) + (socket.Remote is null ? 0 : 8) + (socket.DeviceIndex == 0 ? 0 : 4)
            + (socket.Family == AddressFamily.Inet && local.IsV4 ? 1 : 0);
    }

    private static bool AreCompatible(InternetSocket socket, InternetSocket other) =>
        (socket.Options.IsSet(SocketOptions.ReuseAddress) && other.Options.IsSet(SocketOptions.ReuseAddress))
        || (socket.Options.IsSet(SocketOptions.ReusePort) && other.Options.IsSet(SocketOptions.ReusePort));
}
