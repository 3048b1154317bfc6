using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Protocols.Arp;

/// <summary>What an ARP packet does (<c>ar$op</c>).</summary>
public enum ArpOperation : ushort
{
    /// <summary>Asks who has an address.</summary>
    Request = 1,

    /// <summary>Says who has it.</summary>
    Reply = 2,
}

/// <summary>Why octets are no ARP packet of IPv4 over Ethernet.</summary>
public enum ArpParseError
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>Shorter than 28 octets.</summary>
    TooShort,

    /// <summary>Other types or lengths of address than Ethernet's and IPv4's.</summary>
    NotIpv4OverEthernet,

    /// <summary>Neither request nor reply.</summary>
    OperationUnknown,

    /// <summary>The sender claims to be a group or nobody.</summary>
    SenderInvalid,
}

/// <summary>An ARP packet of IPv4 over Ethernet (RFC 826).</summary>
/// <param name="Operation">Request or reply.</param>
/// <param name="SenderHardwareAddress">Who sends (<c>ar$sha</c>).</param>
/// <param name="SenderAddress">Its IPv4 address; 0.0.0.0 in a probe (<c>ar$spa</c>).</param>
/// <param name="TargetHardwareAddress">To whom; ignored in requests (<c>ar$tha</c>).</param>
/// <param name="TargetAddress">The address that is meant (<c>ar$tpa</c>).</param>
public readonly record struct ArpPacket(
    ArpOperation Operation,
    MacAddress SenderHardwareAddress,
    IpAddress SenderAddress,
    MacAddress TargetHardwareAddress,
    IpAddress TargetAddress)
{
    /// <summary>Octets of a packet.</summary>
    public const int Size = 28;

    private const ulong EthernetAndIpv4 = 0x0001_0800_0604;

    /// <summary>True for a question from somebody who has no address yet (RFC 5227, section 1.1).</summary>
    public bool IsProbe => Operation == ArpOperation.Request && SenderAddress.IsUnspecified;

    /// <summary>Asks whether somebody has an address, without claiming it (RFC 5227, section 2.1.1).</summary>
    public static ArpPacket Probe(MacAddress sender, IpAddress address) =>
        new(ArpOperation.Request, sender, IpAddress.AnyV4, default, address);

    /// <summary>Says that we have an address (RFC 5227, section 2.3).</summary>
    public static ArpPacket Announcement(MacAddress sender, IpAddress address) =>
        new(ArpOperation.Request, sender, address, default, address);

    /// <summary>Reads a packet; octets after it (padding of the link) are ignored.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out ArpPacket packet, out ArpParseError error)
    {
        packet = default;
        error = octets.Length < Size ? ArpParseError.TooShort : ArpParseError.None;
        if (error != ArpParseError.None)
        {
            return false;
        }

        ulong types = BinaryPrimitives.ReadUInt64BigEndian(octets);
        ArpOperation operation = (ArpOperation)(types & 0xFFFF);
        MacAddress sender = MacAddress.Read(octets[8..]);
        if (types >> 16 != EthernetAndIpv4)
        {
            error = ArpParseError.NotIpv4OverEthernet;
        }
        else if (operation is not (ArpOperation.Request or ArpOperation.Reply))
        {
            error = ArpParseError.OperationUnknown;
        }
        else if (sender.IsZero || sender.IsGroup)
        {
            error = ArpParseError.SenderInvalid;
        }
        else
        {
            packet = new(
                operation,
                sender,
                IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[14..])),
                MacAddress.Read(octets[18..]),
                IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[24..])));
        }

        return error == ArpParseError.None;
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, EthernetAndIpv4 << 16 | (ushort)Operation);
        SenderHardwareAddress.Write(destination[8..]);
        SenderAddress.Write(destination[14..]);
        TargetHardwareAddress.Write(destination[18..]);
        TargetAddress.Write(destination[24..]);
    }
}
