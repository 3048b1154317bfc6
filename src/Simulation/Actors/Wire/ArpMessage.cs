using System;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826).</summary>
internal readonly record struct ArpMessage(
    ushort Operation, MacAddress SenderHardware, IpAddress Sender, MacAddress TargetHardware, IpAddress Target)
{
    public const int Size = 28;
    public const ushort Request = 1;
    public const ushort Reply = 2;

    /// <summary>Asks whether an address is in use, without claiming it (RFC 5227, section 1.1).</summary>
    public bool IsProbe => Operation == Request && Sender.IsUnspecified && !Target.IsUnspecified;

    /// <summary>Tells that an address is in use now (RFC 5227, section 1.1).</summary>
    public bool IsAnnouncement => !Sender.IsUnspecified && Sender == Target;

    /// <summary>Reads a packet; what follows it is the line's padding.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out ArpMessage message)
    {
        message = default;
        OctetReader reader = new(octets);
        if (!reader.TryReadUInt16(out ushort hardware) || hardware != 1
            || !reader.TryReadUInt16(out ushort protocol) || protocol != EtherTypes.Ipv4
            || !reader.TryReadByte(out byte hardwareSize) || hardwareSize != 6
            || !reader.TryReadByte(out byte protocolSize) || protocolSize != 4
            || !reader.TryReadUInt16(out ushort operation) || operation is not (Request or Reply)
            || !reader.TryTake(6, out ReadOnlySpan<byte> senderHardware) || !reader.TryReadUInt32(out uint sender)
            || !reader.TryTake(6, out ReadOnlySpan<byte> targetHardware) || !reader.TryReadUInt32(out uint target))
        {
            return false;
        }

        message = new(operation, MacAddress.Read(senderHardware), IpAddress.FromV4(sender),
            MacAddress.Read(targetHardware), IpAddress.FromV4(target));
        return true;
    }

    public void Write(Span<byte> destination)
    {
        OctetWriter writer = new(destination);
        writer.WriteUInt16(1);
        writer.WriteUInt16(EtherTypes.Ipv4);
        writer.WriteByte(6);
        writer.WriteByte(4);
        writer.WriteUInt16(Operation);
        SenderHardware.Write(writer.Reserve(6));
        Sender.Write(writer.Reserve(4));
        TargetHardware.Write(writer.Reserve(6));
        Target.Write(writer.Reserve(4));
    }
}
