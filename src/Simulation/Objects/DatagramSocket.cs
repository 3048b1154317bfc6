using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>What UDP and raw sockets have in common: a queue of datagrams, and packets that leave one by one.</summary>
internal abstract class DatagramSocket(SimulatedMachine machine, AddressFamily family, SocketType type)
    : InternetSocket(machine, family, type)
{
    private const int OutOfBandFlag = 1;
    private const int ErrorQueueFlag = 0x2000;

    private readonly Queue<ReceivedDatagram> received = new();
    private IpAddress? chosenSource; // where bind has named none
    private int memory;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Queue);
        PollMask data = received.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        return CommonMask() | data | PollMask.SocketSpace;
    }

    public override Result Write(ReadOnlySpan<byte> source) => Send(source, default, 0, default);

    public override Result SendMessage(
        SimulatedProcess process, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address) =>
        Send(data, control, flags, address);

    public override Result ReceiveMessage(
        Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength)
    {
        sender = default;
        controlLength = 0;
        int asked = flags;
        flags = 0;
        if ((asked & ErrorQueueFlag) != 0)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        Errno error = TakeError();
        if (error != Errno.None || !TryTake((asked & PeekFlag) != 0, out ReceivedDatagram? datagram))
        {
            return Result.Fail(error != Errno.None ? error : Errno.EAGAIN);
        }

        int count = Math.Min(datagram!.Octets.Length, data.Length);
        datagram.Octets.Span[..count].CopyTo(data);
        flags |= count < datagram.Octets.Length ? TruncatedFlag : 0;
        IpPacket packet = datagram.Packet;
        sender = Tell(packet.Source, datagram.SourcePort, packet.Source.IsLinkLocal && packet.Source.IsV6 ? packet.Link?.Index ?? 0 : 0);
        ControlWriter writer = new(control);
        WriteControl(ref writer, packet, datagram.HasPlace);
        controlLength = writer.Length;
        flags |= writer.IsTruncated ? ControlTruncatedFlag : 0;
        return Result.Ok((asked & TruncatedFlag) != 0 ? datagram.Octets.Length : count);
    }

    /// <summary>Takes effect on an unconnected socket too, which says ENOTCONN all the same.</summary>
    public override Result Shutdown(int how)
    {
        if (how is < 0 or > 2)
        {
            return Result.Fail(Errno.EINVAL);
        }

        ShutDirections |= how + 1;
        Queue.WakeAll();
        return Remote is null ? Result.Fail(Errno.ENOTCONN) : Result.Ok();
    }

    /// <summary>connect(2): whom it talks to from now on, and from which address.</summary>
    public override Result ConnectTo(SimulatedProcess process, in SocketAddress address)
    {
        if (address.Length >= 2 && address.Family == AddressFamily.Unspecified)
        {
            Disconnect();
            return Result.Ok();
        }

        if (!TryHavePort())
        {
            return Result.Fail(Errno.EAGAIN);
        }

        Result parsed = Parse(address, out IpAddress destination, out ushort port, out int scope);
        if (!parsed.IsOk)
        {
            return parsed;
        }

        IpAddress? source = SourceBound ?? chosenSource;
        if (destination.IsUnspecified)
        {
            destination = Unspecified(destination, source, 0);
            source ??= destination.IsV4 ? destination : null;
        }

        Result confined = Confine(destination, scope);
        Result asked = confined.IsOk ? Query(destination, source, 0, out RouteQuery query) : Refused(confined, out query);
        if (!asked.IsOk)
        {
            return asked;
        }

        if (!Machine.Internet.TryRoute(query, out RouteChoice route, out Errno error))
        {
            return Result.Fail(error);
        }

        if (route.Type == RouteType.Broadcast && !Options.IsSet(SocketOptions.Broadcast))
        {
            return Result.Fail(Errno.EACCES);
        }

        if (destination.IsV6 && route.PreferredSource.IsUnspecified)
        {
            return Result.Fail(Errno.EADDRNOTAVAIL);
        }

        chosenSource = SourceBound is null ? route.PreferredSource : chosenSource;
        Local = Local.IsUnspecified ? route.PreferredSource : Local; // who was connected before keeps the address that it chose then
        Remote = destination;
        RemotePort = port;
        return Result.Ok();
    }

    /// <summary>An ICMP error: one that is connected hears of what will not get better.</summary>
    public void Fail(in IcmpError error)
    {
        if (Remote is not null && error.IsFatal)
        {
            Error = error.Error;
            WakeUnless(Mutation.DatagramErrorIsSilent, PollMask.Error);
        }
    }

    /// <summary>Puts a datagram into the queue; what there is no room for is lost without a word.</summary>
    protected void Enqueue(ReceivedDatagram datagram)
    {
        if (memory + datagram.Memory > ReceiveBuffer && memory > 0)
        {
            Machine.Internet.Counters.UdpNoRoom++;
            return;
        }

        bool isPlaceWanted = Internet.V4(InternetOptions.PacketInfo) != 0 || (IsV6 && Internet.V6(InternetOptions.ReceivePacketInfoV6) != 0);
        memory += datagram.Memory;
        received.Enqueue(datagram.Packet.IsV4 && !isPlaceWanted ? datagram with { HasPlace = false } : datagram);
        WakeUnless(Mutation.DatagramIsSilent, PollMask.SocketData);
    }

    /// <summary>What leaves: the payload with its protocol's header.</summary>
    protected abstract ReadOnlyMemory<byte> Compose(IpAddress source, IpAddress destination, ushort port, ReadOnlySpan<byte> data);

    /// <summary>Gives its port back.</summary>
    protected abstract void LeavePort();

    /// <summary>The number of the protocol.</summary>
    protected abstract byte ProtocolNumber { get; }

    /// <summary>The most octets a datagram takes.</summary>
    protected abstract int DataMax { get; }

    private static Result Refused(Result result, out RouteQuery query)
    {
        query = default;
        return result;
    }

    // Who wants to send or connect has a port from then on, whatever comes of it.
    private bool TryHavePort() => Port != 0 || !NeedsPort || TakePort(Local, 0).IsOk;

    private void Disconnect()
    {
        Remote = null;
        RemotePort = 0;
        chosenSource = null;
        if (!IsPortBound)
        {
            LeavePort();
        }

        Local = IsAddressBound ? Local : IsV6 ? IpAddress.AnyV6 : IpAddress.AnyV4;
        DeviceIndex = 0;
    }

    private bool TryTake(bool isPeek, out ReceivedDatagram? datagram)
    {
        while (received.TryPeek(out datagram) && datagram.IsBad)
        {
            received.Dequeue();
            memory -= datagram.Memory;
            Machine.Internet.Counters.UdpErrors++;
        }

        if (datagram is not null && !isPeek)
        {
            received.Dequeue();
            memory -= datagram.Memory;
        }

        return datagram is not null;
    }

    private Result Send(ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address)
    {
        if (!TryHavePort())
        {
            return Result.Fail(Errno.EAGAIN);
        }

        if (data.Length > ushort.MaxValue || (flags & OutOfBandFlag) != 0)
        {
            return Result.Fail(data.Length > ushort.MaxValue ? Errno.EMSGSIZE : Errno.EOPNOTSUPP);
        }

        IpAddress destination = Remote ?? default;
        ushort port = RemotePort;
        int scope = 0;
        if (address.Length > 0)
        {
            Result parsed = Parse(address, out destination, out port, out scope);
            if (!parsed.IsOk)
            {
                return parsed;
            }

            if (NeedsPort ? port == 0 : IsV6 && port != 0 && port != Port)
            {
                return Result.Fail(Errno.EINVAL);
            }

        }
        else if (Remote is null)
        {
            return Result.Fail(Errno.EDESTADDRREQ);
        }

        SendControl told = default;
        Result understood = told.Read(control, Machine.Network);
        if (!understood.IsOk)
        {
            return understood;
        }

        IpAddress? source = told.Source ?? (told.IsSourceOpen ? null : SourceBound ?? chosenSource);
        bool isAny = destination.IsUnspecified;
        destination = isAny ? Unspecified(destination, source, told.LinkIndex) : destination;
        Result asked = Query(destination, source, told.LinkIndex != 0 ? told.LinkIndex : scope, out RouteQuery query);
        if (!asked.IsOk)
        {
            return asked;
        }

        SimulatedLink? named = query.OutputLink;
        query = isAny && destination.IsV4 ? query with { OutputLink = null } : query;
        return Machine.Internet.TryRoute(query, out RouteChoice route, out Errno error)
            ? Send(isAny && destination.IsV4 ? route with { Arrival = named ?? Machine.Network.Loopback } : route, source, destination, port, data, told)
            : Result.Fail(error);
    }

    private Result Send(
        in RouteChoice route, IpAddress? wanted, IpAddress destination, ushort port, ReadOnlySpan<byte> data, in SendControl told)
    {
        if (route.Type == RouteType.Broadcast && !Options.IsSet(SocketOptions.Broadcast))
        {
            return Result.Fail(Errno.EACCES);
        }

        IpAddress source = wanted ?? route.PreferredSource;
        Errno error = data.Length > DataMax ? Errno.EMSGSIZE : TakeError();
        error = error == Errno.None && IsShut(ShutWrite) ? Errno.EPIPE : error;
        error = error == Errno.None && source.IsUnspecified && destination.IsV6 ? Errno.EADDRNOTAVAIL : error;
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        IpPacket packet = Packet(source, destination, ProtocolNumber, Compose(source, destination, port, data));
        packet = told.HopLimit is { } hops ? packet with { HopLimit = (byte)hops } : packet;
        if (packet.DontFragment && packet.Payload.Length + (packet.IsV4 ? Ipv4Header.Size : Ipv6Header.Size) > Machine.Internet.MtuOf(route, destination))
        {
            return Result.Fail(Errno.EMSGSIZE);
        }

        // A packet has left the sender's memory before anybody gets it; one that waits for its neighbour has not.
        Result sent = Machine.Internet.Send(route, packet with { Freed = Machine.Breaks(Mutation.DatagramDoesNotWakeSender) ? null : AnnounceSpace });
        return sent.IsOk ? Result.Ok(data.Length) : sent;
    }

    /// <summary>What control data says about one packet.</summary>
    private struct SendControl
    {
        public IpAddress? Source { get; private set; }

        /// <summary>IPv4's packet information names no source: then none is named, whatever the socket is bound to.</summary>
        public bool IsSourceOpen { get; private set; }

        public int LinkIndex { get; private set; }

        public int? HopLimit { get; private set; }

        public Result Read(ReadOnlySpan<byte> control, NetworkStack network)
        {
            ControlReader reader = new(control);
            while (reader.TryNext(out int level, out int type, out ReadOnlySpan<byte> data))
            {
                Result result = (level, type) switch
                {
                    (InternetOptions.LevelV4, InternetOptions.PacketInfo) when data.Length == 12 =>
                        SetPlace(data.Slice(4, 4), MemoryMarshal.Read<int>(data), network),
                    (InternetOptions.LevelV6, InternetOptions.PacketInfoV6) when data.Length >= 20 =>
                        SetPlace(data[..16], MemoryMarshal.Read<int>(data[16..]), network),
                    (InternetOptions.LevelV4, InternetOptions.TimeToLive) when data.Length == sizeof(int) => SetHops(data, 1),
                    (InternetOptions.LevelV6, InternetOptions.HopLimitV6) when data.Length == sizeof(int) => SetHops(data, -1),
                    (InternetOptions.LevelV4 or InternetOptions.LevelV6, _) => Result.Fail(Errno.EINVAL),
                    _ => Result.Ok(),
                };
                if (!result.IsOk)
                {
                    return result;
                }
            }

            return reader.IsBroken ? Result.Fail(Errno.EINVAL) : Result.Ok();
        }

        private Result SetPlace(ReadOnlySpan<byte> source, int index, NetworkStack network)
        {
            IpAddress.TryRead(source, out IpAddress address);
            Source = address.IsUnspecified ? null : address;
            IsSourceOpen = address.IsV4;
            LinkIndex = index;
            return index != 0 && address.IsV6 && network.FindLink(index) is null ? Result.Fail(Errno.ENODEV)
                : address.IsV6 && !address.IsUnspecified && !network.IsLocal(address) ? Result.Fail(Errno.EINVAL) : Result.Ok();
        }

        private Result SetHops(ReadOnlySpan<byte> data, int min)
        {
            int hops = MemoryMarshal.Read<int>(data);
            HopLimit = hops == -1 ? null : hops;
            return hops >= min && hops <= 255 ? Result.Ok() : Result.Fail(Errno.EINVAL);
        }
    }
}
