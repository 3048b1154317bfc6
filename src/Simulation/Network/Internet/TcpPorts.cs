using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Network.Internet;

/// <summary>TCP's ports and connections.</summary>
internal sealed class TcpPorts(InternetStack stack)
{
    private readonly PortTable ports = new();
    private readonly Dictionary<TcpEndpoints, TcpConnection> connections = [];

    /// <summary>Connections over links, those among them whose socket is gone.</summary>
    public IReadOnlyCollection<TcpConnection> Connections => connections.Values;

    public Result Take(TcpSocket socket, IpAddress local, ushort port) => ports.Take(socket, local, port, AreCompatible);

    /// <summary>A connection has its listener's port too.</summary>
    public void Share(TcpSocket socket) => ports.Share(socket);

    public void Leave(TcpSocket socket) => ports.Leave(socket);

    /// <summary>Begins a connection over a link.</summary>
    public void Connect(TcpSocket socket, in TcpEndpoints endpoints, in RouteQuery way)
    {
        socket.Connection = new TcpConnection(stack, socket, endpoints, way);
        connections[endpoints] = socket.Connection;
        socket.Connection.Connect();
    }

    /// <summary>True if a connection with these ends is there, even one that only waits for its end.</summary>
    public bool Exists(in TcpEndpoints endpoints) => connections.ContainsKey(endpoints);

    public void Forget(TcpConnection connection)
    {
        if (connections.TryGetValue(connection.Endpoints, out TcpConnection? found) && found == connection)
        {
            connections.Remove(connection.Endpoints);
        }
    }

    /// <summary>The listener at an address of this machine; null if there is none.</summary>
    public TcpSocket? FindListener(IpAddress local, ushort port, SimulatedLink? link)
    {
        TcpSocket? best = null;
        int bestScore = 0;
        foreach (InternetSocket socket in ports.At(port))
        {
            bool isFor = socket is TcpSocket { State: TcpState.Listen } && socket.Takes(local.Family)
                && (socket.Local.IsUnspecified || socket.Local == local)
                && (socket.DeviceIndex == 0 || socket.DeviceIndex == link?.Index);
            int score = isFor ? 1 + (socket.Local.IsUnspecified ? 0 : 2) + (socket.DeviceIndex == 0 ? 0 : 2) : 0;
            if (score > bestScore)
            {
                best = (TcpSocket)socket;
                bestScore = score;
            }
        }

        return best;
    }

    public void Receive(IpPacket packet)
    {
        if (packet.IsForMany || packet.CameToMany || !TcpSegment.TryRead(packet, out TcpSegment segment))
        {
            stack.Counters.TcpErrors++;
            return;
        }

        TcpEndpoints endpoints = new(packet.Destination, segment.DestinationPort, packet.Source, segment.SourcePort);
        if (connections.TryGetValue(endpoints, out TcpConnection? connection)
            && !(connection.State == TcpConnectionState.TimeWait && segment.IsSyn))
        {
            connection.Receive(segment);
        }
        else if (segment is { IsSyn: true, IsReset: false, IsAcknowledgement: false }
            && FindListener(packet.Destination, segment.DestinationPort, packet.Link) is { } listener && listener.MayTakeIn)
        {
            TcpSocket embryo = listener.Embryo(endpoints, packet.Link);
            TcpConnection answering = new(stack, embryo, endpoints, WayOf(endpoints, packet.Link));
            embryo.Connection = answering;
            connections[endpoints] = answering;
            answering.Answer(listener, segment);
        }
        else if (!segment.IsReset && FindListener(packet.Destination, segment.DestinationPort, packet.Link) is not { MayTakeIn: false })
        {
            Refuse(endpoints, segment, packet.Link);
        }
    }

    /// <summary>An error about a segment that was sent from here; false if it was not.</summary>
    public bool Fail(IpAddress source, IpAddress destination, ReadOnlySpan<byte> segment, in IcmpError error)
    {
        TcpEndpoints endpoints = new(source, BinaryPrimitives.ReadUInt16BigEndian(segment), destination, BinaryPrimitives.ReadUInt16BigEndian(segment[2..]));
        bool isOurs = connections.TryGetValue(endpoints, out TcpConnection? connection);
        connection?.Fail(error);
        return isOurs;
    }

    /// <summary>The largest segment that fits the way to the other side, by what is known of it.</summary>
    public int SegmentSize(in TcpEndpoints endpoints)
    {
        const int SizeMin = 536;
        int headers = TcpSegment.HeaderSize + (endpoints.Local.IsV4 ? Ipv4Header.Size : Ipv6Header.Size);
        return TryRoute(endpoints, out RouteChoice route) ? stack.MtuOf(route, endpoints.Remote) - headers : SizeMin;
    }

    /// <summary>Sends a segment, if there is a way.</summary>
    public void Transmit(in TcpEndpoints endpoints, in TcpSegment segment)
    {
        if (TryRoute(endpoints, out RouteChoice route))
        {
            Send(route, endpoints, segment);
        }
    }

    /// <summary>The other side has acknowledged something: the neighbour on the way is there.</summary>
    public void Confirm(in TcpEndpoints endpoints)
    {
        if (TryRoute(endpoints, out RouteChoice route) && route.Type == RouteType.Unicast)
        {
            stack.Neighbors(route.Link, endpoints.Remote.Family).Confirm(route.NextHop(endpoints.Remote));
        }
    }

    private bool TryRoute(in TcpEndpoints endpoints, out RouteChoice route)
    {
        route = default;
        return connections.TryGetValue(endpoints, out TcpConnection? connection) && stack.TryRoute(connection.Way, out route, out _);
    }

    // Back where it came from, where the address alone does not say that.
    private static RouteQuery WayOf(in TcpEndpoints endpoints, SimulatedLink? link)
    {
        bool isScoped = endpoints.Remote.IsV6 && endpoints.Remote.IsLinkLocal;
        return new RouteQuery(endpoints.Remote) { Source = endpoints.Local, OutputLink = isScoped ? link : null };
    }

    private void Refuse(in TcpEndpoints endpoints, in TcpSegment segment, SimulatedLink? link)
    {
        TcpSegment reset = new()
        {
            SourcePort = endpoints.LocalPort,
            DestinationPort = endpoints.RemotePort,
            Sequence = segment.IsAcknowledgement ? segment.Acknowledgement : 0,
            Acknowledgement = segment.IsAcknowledgement ? 0 : segment.Sequence + segment.Length,
            Flags = segment.IsAcknowledgement ? TcpSegment.Reset : (byte)(TcpSegment.Reset | TcpSegment.Acknowledge),
        };
        if (stack.TryRoute(WayOf(endpoints, link), out RouteChoice route, out _))
        {
            Send(route, endpoints, reset);
        }
    }

    private void Send(in RouteChoice route, in TcpEndpoints endpoints, in TcpSegment segment)
    {
        byte[] octets = segment.Write(endpoints.Local, endpoints.Remote);
        stack.Send(route, new IpPacket(endpoints.Local, endpoints.Remote, IpProtocol.Tcp, octets) { PrefersWhole = true });
    }

    // A listener shares with nobody; others if both have said so.
    private static bool AreCompatible(InternetSocket socket, InternetSocket other) =>
        (socket.Options.IsSet(SocketOptions.ReuseAddress) && other.Options.IsSet(SocketOptions.ReuseAddress)
            && ((TcpSocket)other).State != TcpState.Listen)
        || (socket.Options.IsSet(SocketOptions.ReusePort) && other.Options.IsSet(SocketOptions.ReusePort));
}
