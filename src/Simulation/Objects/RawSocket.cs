using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Objects;

/// <summary>A raw socket (<c>man 7 raw</c>, RFC 3542): packets of one protocol; IPv4's with their header, which it cannot write.</summary>
internal sealed class RawSocket : DatagramSocket
{
    private const int FilterOption = 1; // ICMP6_FILTER, ICMP_FILTER
    private const int FilterSize = 32;
    private const int ChecksumOption = 7; // IPV6_CHECKSUM

    private readonly byte protocol;
    private readonly byte[] kept = new byte[FilterSize]; // a bit for each type that is kept out

    public RawSocket(SimulatedMachine machine, AddressFamily family, byte protocol)
        : base(machine, family, SocketType.Raw)
    {
        this.protocol = protocol;
        Port = protocol; // as getsockname tells it
        machine.Internet.Raw.Add(this);
    }

    public override int Protocol => protocol;

    protected override byte ProtocolNumber => protocol;

    protected override int DataMax => ushort.MaxValue - (IsV6 ? 0 : Ipv4Header.Size);

    protected override bool NeedsPort => false;

    protected override bool HasPlace => Remote is not null;

    private bool IsIcmpV6 => IsV6 && protocol == IpProtocol.IcmpV6;

    public override Result SetOption(SimulatedProcess process, int level, int option, ReadOnlySpan<byte> value)
    {
        if (level == InternetOptions.LevelV6 && option == ChecksumOption && IsIcmpV6)
        {
            return Result.Fail(Errno.EINVAL); // ICMPv6's is always filled in (RFC 3542, section 3.1).
        }

        if (level != protocol || !IsIcmpV6)
        {
            return base.SetOption(process, level, option, value);
        }

        if (option != FilterOption)
        {
            return Result.Fail(Errno.ENOPROTOOPT);
        }

        value[..Math.Min(value.Length, FilterSize)].CopyTo(kept);
        return Result.Ok();
    }

    public override Result GetOption(int level, int option, Span<byte> value)
    {
        if (level != protocol || !IsIcmpV6 || option != FilterOption)
        {
            return base.GetOption(level, option, value);
        }

        int size = Math.Min(value.Length, FilterSize);
        kept.AsSpan(0, size).CopyTo(value);
        return Result.Ok(size);
    }

    /// <summary>True if such packets are for this socket.</summary>
    public bool Wants(IpPacket packet)
    {
        if (packet.Protocol != protocol || packet.IsV4 == IsV6 || protocol == IpProtocol.Raw
            || (!Local.IsUnspecified && Local != packet.Destination && !packet.Destination.IsMulticast)
            || (Remote is { } remote && remote != packet.Source)
            || (DeviceIndex != 0 && DeviceIndex != packet.Link?.Index))
        {
            return false;
        }

        uint type = packet.Octets.IsEmpty ? 0u : packet.Octets[0];
        uint word = MemoryMarshal.Read<uint>(kept.AsSpan((int)(type / 32) * 4));
        return !IsIcmpV6 || (word >> (int)(type % 32) & 1) == 0;
    }

    public void Deliver(IpPacket packet)
    {
        if (PassesFilter(packet))
        {
            ReadOnlyMemory<byte> octets = packet.IsV4 ? packet.Original : packet.Payload;
            Enqueue(new ReceivedDatagram(packet, octets, UnixMemory.OfDatagram(octets.Length)));
        }
    }

    protected override Result TakePort(IpAddress local, ushort port) => Result.Ok();

    protected override void LeavePort()
    {
    }

    protected override ReadOnlyMemory<byte> Compose(IpAddress source, IpAddress destination, ushort port, ReadOnlySpan<byte> data)
    {
        byte[] octets = data.ToArray();
        if (IsIcmpV6 && octets.Length >= 4)
        {
            TransportChecksum.Fill(source, destination, protocol, octets, 2);
        }

        return octets;
    }

    protected override void Release()
    {
        Machine.Internet.Raw.Remove(this);
        Internet.LeaveAll(Machine.Internet.Groups);
    }
}
