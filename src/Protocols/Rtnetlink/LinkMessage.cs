using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>RTM_NEWLINK and RTM_DELLINK in a buffer: <c>struct ifinfomsg</c> and attributes.</summary>
public readonly ref struct LinkMessage
{
    private const int FixedSize = 16;

    private readonly NetlinkMessage message;

    private LinkMessage(NetlinkMessage message) => this.message = message;

    /// <summary>The address family: 0 for the link itself, 7 for what a bridge says of its port.</summary>
    public byte Family => message.Payload[0];

    /// <summary>The link's number.</summary>
    public int Index => MemoryMarshal.Read<int>(message.Payload[4..]);

    /// <summary>The message, if it is long enough and its number is one.</summary>
    public static bool TryParse(NetlinkMessage message, out LinkMessage link)
    {
        bool ok = message.Payload.Length >= FixedSize && MemoryMarshal.Read<int>(message.Payload[4..]) > 0;
        link = ok ? new(message) : default;
        return ok;
    }

    /// <summary>The link. Where the message is about one thing only (wireless events), the rest is as before.</summary>
    /// <param name="known">What was known of it: its texts are used again, and its values where the message says none.</param>
    /// <param name="link">The link.</param>
    /// <returns>False if the attributes are broken.</returns>
    public bool TryRead(in Link known, out Link link)
    {
        LinkFields fields = new(known, message.Payload);
        NetlinkAttributes attributes = message.Attributes(FixedSize);
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            fields.Take(attribute);
        }

        link = fields.ToLink(known);
        return !attributes.IsBroken;
    }

    /// <summary>Octets that <see cref="Write"/> needs at most.</summary>
    public const int SizeMax = 640;

    /// <summary>Writes the message that the kernel would send.</summary>
    public static int Write(
        Span<byte> destination, NetlinkMessageType type, NetlinkFlags flags, uint sequence, in Link link)
    {
        NetlinkWriter writer = new(destination, type, flags, sequence);
        WriteFixed(ref writer, link.Index, link.HardwareType, link.Flags, 0);
        writer.Text(LinkAttribute.Name, link.Name);
        writer.Byte(LinkAttribute.OperationalState, (byte)link.OperationalState);
        writer.UInt32(LinkAttribute.Mtu, link.Mtu);
        writer.Byte(LinkAttribute.Carrier, link.HasCarrier ? (byte)1 : (byte)0);
        writer.UInt32(LinkAttribute.CarrierChanges, link.CarrierChanges);
        writer.Mac(LinkAttribute.Address, link.HardwareAddress);
        link.Statistics.Write(writer.Attribute(LinkAttribute.Statistics64, LinkStatistics.Size));
        if (!link.PermanentHardwareAddress.IsZero)
        {
            writer.Mac(LinkAttribute.PermanentAddress, link.PermanentHardwareAddress);
        }

        WriteRelations(ref writer, link);
        WriteKind(ref writer, link);
        WriteGenerationMode(ref writer, link.AddressGenerationMode);
        return writer.Finish().Length;
    }

    internal static void WriteFixed(
        ref NetlinkWriter writer, int index, ushort hardwareType, LinkFlags flags, LinkFlags change)
    {
        Span<byte> octets = writer.Reserve(FixedSize);
        MemoryMarshal.Write(octets[2..], hardwareType);
        MemoryMarshal.Write(octets[4..], index);
        MemoryMarshal.Write(octets[8..], (uint)flags);
        MemoryMarshal.Write(octets[12..], (uint)change);
    }

    internal static void WriteGenerationMode(ref NetlinkWriter writer, AddressGenerationMode mode)
    {
        int families = writer.BeginNested(LinkAttribute.FamilySpecific);
        int inet6 = writer.BeginNested(LinkAttribute.FamilyInet6);
        writer.Byte(LinkAttribute.Inet6GenerationMode, (byte)mode);
        writer.EndNested(inet6);
        writer.EndNested(families);
    }

    private static void WriteRelations(ref NetlinkWriter writer, in Link link)
    {
        if (link.MasterIndex != 0)
        {
            writer.UInt32(LinkAttribute.Master, (uint)link.MasterIndex);
        }

        if (link.ParentIndex != 0)
        {
            writer.UInt32(LinkAttribute.Link, (uint)link.ParentIndex);
        }

        if (link.ParentNamespaceId >= 0)
        {
            writer.UInt32(LinkAttribute.LinkNamespaceId, (uint)link.ParentNamespaceId);
        }

        if (link.PhysicalPortName.Length != 0)
        {
            writer.Text(LinkAttribute.PhysicalPortName, link.PhysicalPortName);
        }
    }

    private static void WriteKind(ref NetlinkWriter writer, in Link link)
    {
        if (link.Kind.Length == 0)
        {
            return;
        }

        int info = writer.BeginNested(LinkAttribute.LinkInfo);
        writer.Text(LinkAttribute.InfoKind, link.Kind);
        if (link.VlanId != 0)
        {
            int data = writer.BeginNested(LinkAttribute.InfoData);
            writer.UInt16(LinkAttribute.VlanId, link.VlanId);
            writer.EndNested(data);
        }
        else if (link.Details is { } details)
        {
            int data = writer.BeginNested(LinkAttribute.InfoData);
            LinkDetailsReader.Write(ref writer, details);
            writer.EndNested(data);
        }

        writer.EndNested(info);
    }
}
