using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Network.Packets;

/// <summary>A socket of AF_PACKET (<c>man 7 packet</c>): whole frames (SOCK_RAW), or what is behind their headers (SOCK_DGRAM).</summary>
internal sealed class PacketSocket : AddressedSocket
{
    /// <summary>SOL_PACKET.</summary>
    public const int Level = 263;

    private const int AddressSize = 20;
    private const int StatisticsOption = 6;
    private const int AuxiliaryOption = 8;
    private const int IgnoreOutgoingOption = 23;
    private const int AddMembershipOption = 1;
    private const int DropMembershipOption = 2;
    private const int RequestSize = 16; // struct packet_mreq
    private const int KnownFlags = PeekFlag | TruncatedFlag | 0x40 | 0x4000 | 0x2000; // MSG_DONTWAIT, MSG_NOSIGNAL, MSG_ERRQUEUE
    private const int VlanTagSize = 4;

    private readonly Queue<CapturedFrame> received = new();
    private readonly List<(int Link, ushort Type)> memberships = [];
    private readonly PacketTaps taps;
    private ushort protocol;
    private int boundIndex;
    private bool isListening;
    private bool hasAuxiliaryData;
    private bool ignoresOutgoing;
    private int memory;
    private uint seen;
    private uint dropped;

    /// <param name="machine">The machine.</param>
    /// <param name="type">Raw or datagram.</param>
    /// <param name="protocol">EtherType, 3 for all, 0 for none until bind.</param>
    public PacketSocket(SimulatedMachine machine, SocketType type, ushort protocol)
        : base(machine, AddressFamily.Packet, type)
    {
        this.protocol = protocol;
        isListening = protocol != 0;
        taps = machine.Internet.Taps;
        taps.Add(this);
    }

    public override int Protocol => BinaryPrimitives.ReverseEndianness(protocol);

    private bool IsRaw => Type == SocketType.Raw;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Queue);
        PollMask data = received.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
        return CommonMask() | data | PollMask.SocketSpace;
    }

    /// <summary>Binds to a link, or to all, and to a protocol.</summary>
    public override Result BindTo(SimulatedProcess process, in SocketAddress address)
    {
        if (address.Length < AddressSize || address.Family != AddressFamily.Packet)
        {
            return Result.Fail(Errno.EINVAL);
        }

        int index = MemoryMarshal.Read<int>(address.Octets[4..]);
        ushort wanted = BinaryPrimitives.ReadUInt16BigEndian(address.Octets[2..]);
        SimulatedLink? link = index == 0 ? null : Machine.Network.FindLink(index);
        if (index != 0 && link is null)
        {
            return Result.Fail(Errno.ENODEV);
        }

        protocol = wanted != 0 ? wanted : protocol;
        boundIndex = index;
        isListening = protocol != 0 && (link is null || link.IsUp);
        if (protocol != 0 && link is { IsUp: false })
        {
            Error = Errno.ENETDOWN;
            Queue.Wake(PollMask.Error);
        }

        return Result.Ok();
    }

    public override SocketAddress LocalAddress()
    {
        SimulatedLink? link = boundIndex == 0 ? null : Machine.Network.FindLink(boundIndex);
        ushort hardwareType = link is null ? (ushort)0 : LinkHeader.HardwareType(link);
        SocketAddress address = AddressOf(protocol, boundIndex, hardwareType, PacketKind.Host, link?.MacAddress);
        address.Length = 12 + address.Octets[11];
        return address;
    }

    public override Result Write(ReadOnlySpan<byte> source) => Send(source, default);

    public override Result SendMessage(
        SimulatedProcess process, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address) =>
        Send(data, address);

    public override Result ReceiveMessage(
        Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength)
    {
        sender = default;
        controlLength = 0;
        int asked = flags;
        flags = 0;
        Errno error = (asked & ~KnownFlags) != 0 ? Errno.EINVAL : TakeError();
        if (error != Errno.None || !TryTake((asked & PeekFlag) != 0, out CapturedFrame? found))
        {
            return Result.Fail(error != Errno.None ? error : Errno.EAGAIN);
        }

        CapturedFrame frame = found!;
        int count = Math.Min(frame.Octets.Length, data.Length);
        frame.Octets.AsSpan(0, count).CopyTo(data);
        flags |= count < frame.Octets.Length ? TruncatedFlag : 0;
        sender = frame.Sender;
        if (hasAuxiliaryData)
        {
            ControlWriter writer = new(control);
            frame.WriteAuxiliaryData(ref writer);
            controlLength = writer.Length;
            flags |= writer.IsTruncated ? ControlTruncatedFlag : 0;
        }

        frame.IsLengthLost = true;
        return Result.Ok((asked & TruncatedFlag) != 0 ? frame.Octets.Length : count);
    }

    public override Result SetOption(SimulatedProcess process, int level, int option, ReadOnlySpan<byte> value)
    {
        if (level != Level)
        {
            return base.SetOption(process, level, option, value);
        }

        if (option is AddMembershipOption or DropMembershipOption)
        {
            return ChangeMembership(value, option == AddMembershipOption);
        }

        if (option is not (AuxiliaryOption or IgnoreOutgoingOption))
        {
            return Result.Fail(Errno.ENOPROTOOPT);
        }

        if (!TryNumber(value, out int number))
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (option == IgnoreOutgoingOption)
        {
            ignoresOutgoing = number != 0;
            return number is 0 or 1 ? Result.Ok() : Result.Fail(Errno.EINVAL);
        }

        hasAuxiliaryData = number != 0;
        return Result.Ok();
    }

    public override Result GetOption(int level, int option, Span<byte> value)
    {
        if (level != Level)
        {
            return base.GetOption(level, option, value);
        }

        switch (option)
        {
            case StatisticsOption when value.Length >= 8:
                // Packets that came, those dropped among them; reading begins anew.
                MemoryMarshal.Write(value, seen);
                MemoryMarshal.Write(value[4..], dropped);
                seen = dropped = 0;
                return Result.Ok(8);
            case AuxiliaryOption:
                return Number(value, hasAuxiliaryData ? 1 : 0);
            case IgnoreOutgoingOption:
                return Number(value, ignoresOutgoing ? 1 : 0);
            default:
                return Result.Fail(Errno.ENOPROTOOPT);
        }
    }

    public override Result Shutdown(int how) => Result.Fail(Errno.EOPNOTSUPP);

    /// <summary>True if such frames are for this socket.</summary>
    public bool Sees(SimulatedLink link, ushort frameProtocol, PacketKind kind)
    {
        bool isAll = protocol == PacketTaps.AllProtocols;
        return protocol != 0 && (boundIndex == 0 || boundIndex == link.Index)
            && (isAll || (protocol == frameProtocol && kind != PacketKind.Outgoing))
            && !(ignoresOutgoing && kind == PacketKind.Outgoing);
    }

    /// <summary>A frame that the socket sees; its filter may drop it, or cut it.</summary>
    public void Deliver(SimulatedLink link, ReadOnlySpan<byte> frame, ushort frameProtocol, PacketKind kind)
    {
        int header = LinkHeader.SizeOf(link);
        ReadOnlySpan<byte> octets = IsRaw ? frame : frame[header..];
        uint length = Filter?.Run(new BpfPacket(octets)
        {
            FromLink = frame,
            FromNetwork = frame[header..],
            Protocol = frameProtocol,
            PacketType = (byte)kind,
            InterfaceIndex = link.Index,
            HardwareType = LinkHeader.HardwareType(link),
        }) ?? uint.MaxValue;
        if (length == 0)
        {
            return;
        }

        seen++;
        if (memory >= ReceiveBuffer)
        {
            dropped++;
            return;
        }

        MacAddress source = header > 0 ? MacAddress.Read(frame[MacAddress.Size..]) : default;
        CapturedFrame captured = new(
            octets[..(int)Math.Min(length, (uint)octets.Length)].ToArray(),
            AddressOf(frameProtocol, link.Index, LinkHeader.HardwareType(link), kind, header > 0 ? source : null))
        {
            RealLength = octets.Length,
            NetworkOffset = IsRaw ? header : 0,
            Memory = UnixMemory.OfDatagram(frame.Length),
        };
        memory += captured.Memory;
        received.Enqueue(captured);
        Queue.Wake(PollMask.SocketData);
    }

    /// <summary>The link went down, or away.</summary>
    public void LinkDown(SimulatedLink link)
    {
        if (boundIndex != link.Index || boundIndex == 0)
        {
            return;
        }

        if (isListening)
        {
            isListening = false;
            Error = Errno.ENETDOWN;
            Queue.Wake(PollMask.Error);
        }

        boundIndex = link.IsPresent ? boundIndex : -1;
    }

    // One without an octet is peeked at once: the next look goes past it.
    private bool TryTake(bool isPeek, out CapturedFrame? frame)
    {
        frame = null;
        if (!isPeek)
        {
            bool isThere = received.TryDequeue(out frame);
            memory -= frame?.Memory ?? 0;
            return isThere;
        }

        foreach (CapturedFrame one in received)
        {
            if (one.Octets.Length > 0 || !one.WasSeen)
            {
                frame = one;
                one.WasSeen = true;
                return true;
            }
        }

        return false;
    }

    /// <summary>The link is up again.</summary>
    public void LinkUp(SimulatedLink link) => isListening |= boundIndex == link.Index && protocol != 0;

    protected override void Release()
    {
        taps.Remove(this);
        foreach ((int index, ushort type) in memberships)
        {
            Count(index, type, -1);
        }
    }

    private static SocketAddress AddressOf(ushort protocol, int index, ushort hardwareType, PacketKind kind, MacAddress? address)
    {
        SocketAddress result = SocketAddress.Packet(protocol, index, address ?? default);
        MemoryMarshal.Write(result.Buffer[8..], hardwareType);
        result.Buffer[10] = (byte)kind;
        result.Buffer[11] = address is null ? (byte)0 : (byte)MacAddress.Size;
        return result;
    }

    private Result Send(ReadOnlySpan<byte> data, in SocketAddress address)
    {
        int index = boundIndex;
        ushort type = protocol;
        MacAddress? destination = null;
        if (address.Length > 0)
        {
            if (address.Length < AddressSize || address.Octets[11] > AddressSize - 12)
            {
                return Result.Fail(Errno.EINVAL);
            }

            index = MemoryMarshal.Read<int>(address.Octets[4..]);
            type = BinaryPrimitives.ReadUInt16BigEndian(address.Octets[2..]);
            destination = MacAddress.Read(address.Octets[12..]);
        }

        if (index <= 0 || Machine.Network.FindLink(index) is not { } link)
        {
            return Result.Fail(Errno.ENXIO);
        }

        if (!link.IsUp)
        {
            return Result.Fail(Errno.ENETDOWN);
        }

        int header = LinkHeader.SizeOf(link);
        long max = link.Mtu + (IsRaw ? header : 0);
        Errno error = data.Length > max + VlanTagSize ? Errno.EMSGSIZE : TakeError();
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        // From here on there is a packet, and when it is thrown away the sender is told of space.
        int tag = IsRaw && LinkHeader.ProtocolOf(link, data) == LinkHeader.Vlan ? VlanTagSize : 0;
        bool isBroken = IsRaw ? data.Length < header : header > 0 && destination is null && link.Kind != LinkKind.Loopback;
        if (isBroken || data.Length > max + tag)
        {
            Queue.Wake(PollMask.SocketSpace);
            return Result.Fail(isBroken ? Errno.EINVAL : Errno.EMSGSIZE);
        }

        Transmit(link, type, destination, data);
        return Result.Ok(data.Length);
    }

    private void Transmit(SimulatedLink link, ushort type, MacAddress? destination, ReadOnlySpan<byte> data)
    {
        if (IsRaw)
        {
            bool isNamed = type is not (0 or PacketTaps.AllProtocols) || LinkHeader.SizeOf(link) == 0;
            taps.Transmit(this, link, data, isNamed ? type : BinaryPrimitives.ReadUInt16BigEndian(data[12..]));
        }
        else
        {
            byte[] frame = LinkHeader.Frame(link, destination ?? default, type, data.Length);
            data.CopyTo(frame.AsSpan(frame.Length - data.Length));
            taps.Transmit(this, link, frame, type);
        }

        Queue.Wake(PollMask.SocketSpace);
    }

    private Result ChangeMembership(ReadOnlySpan<byte> value, bool isAdded)
    {
        if (value.Length < RequestSize)
        {
            return Result.Fail(Errno.EINVAL);
        }

        (int Link, ushort Type) membership = (MemoryMarshal.Read<int>(value), MemoryMarshal.Read<ushort>(value[4..]));
        if (isAdded && Machine.Network.FindLink(membership.Link) is null)
        {
            return Result.Fail(Errno.ENODEV);
        }

        if (!isAdded && !memberships.Remove(membership))
        {
            return Result.Fail(Errno.EADDRNOTAVAIL);
        }

        if (isAdded)
        {
            memberships.Add(membership);
        }

        Count(membership.Link, membership.Type, isAdded ? 1 : -1);
        return Result.Ok();
    }

    private void Count(int index, ushort type, int change)
    {
        const ushort Promiscuous = 1;
        const ushort AllMulticast = 2;
        if (Machine.Network.FindLink(index) is { } link)
        {
            link.Promiscuity += type == Promiscuous ? change : 0;
            link.AllMulticast += type == AllMulticast ? change : 0;
        }
    }
}
