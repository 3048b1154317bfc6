using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>RTM_NEWADDR and RTM_DELADDR: <c>struct ifaddrmsg</c> and attributes.</summary>
public static class AddressMessage
{
    private const int FixedSize = 8;
    private const ushort AttributeAddress = 1;
    private const ushort AttributeLocal = 2;
    private const ushort AttributeLabel = 3;
    private const ushort AttributeBroadcast = 4;
    private const ushort AttributeLifetimes = 6;
    private const ushort AttributeFlags = 8;
    private const ushort AttributeRouteMetric = 9;
    private const ushort AttributeProtocol = 11;

    /// <summary>Octets that <see cref="Write"/> needs at most.</summary>
    public const int SizeMax = 256;

    /// <summary>The link that the message is about; false if it is too short.</summary>
    public static bool TryReadIndex(NetlinkMessage message, out int interfaceIndex)
    {
        bool ok = message.Payload.Length >= FixedSize;
        interfaceIndex = ok ? MemoryMarshal.Read<int>(message.Payload[4..]) : 0;
        return ok && interfaceIndex > 0;
    }

    /// <summary>Reads an address.</summary>
    /// <param name="message">The message.</param>
    /// <param name="linkName">The link's name if known: the usual label, which then needs no new text.</param>
    /// <param name="address">The address.</param>
    /// <returns>False if it is of another family, broken, or has no address in it.</returns>
    public static bool TryRead(NetlinkMessage message, string? linkName, out Address address)
    {
        address = default;
        if (!TryReadIndex(message, out int interfaceIndex)
            || !RtnetlinkFamily.TryFrom(message.Payload[0], out IpFamily family)
            || message.Payload[1] > RtnetlinkFamily.Bits(family))
        {
            return false;
        }

        Fields fields = new() { Flags = message.Payload[2], Label = "" };
        NetlinkAttributes attributes = message.Attributes(FixedSize);
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            fields.Take(attribute, family, linkName);
        }

        // IPv6 without a peer has no local address apart (man 7 rtnetlink).
        IpAddress? local = fields.Local ?? fields.Address;
        if (attributes.IsBroken || local is null)
        {
            return false;
        }

        address = new Address
        {
            InterfaceIndex = interfaceIndex,
            Local = local.Value,
            Peer = fields.Address ?? local.Value,
            PrefixLength = message.Payload[1],
            Broadcast = fields.Broadcast,
            Scope = (Scope)message.Payload[3],
            Flags = (AddressFlags)fields.Flags,
            PreferredSeconds = fields.PreferredSeconds ?? Address.Forever,
            ValidSeconds = fields.ValidSeconds ?? Address.Forever,
            Protocol = fields.Protocol,
            RouteMetric = fields.RouteMetric,
            Label = fields.Label,
        };
        return true;
    }

    /// <summary>Writes the message: a request, or what the kernel would send.</summary>
    public static int Write(
        Span<byte> destination, NetlinkMessageType type, NetlinkFlags flags, uint sequence, in Address address)
    {
        NetlinkWriter writer = new(destination, type, flags, sequence);
        Span<byte> octets = writer.Reserve(FixedSize);
        octets[0] = RtnetlinkFamily.Number(address.Local.Family);
        octets[1] = address.PrefixLength;
        octets[2] = (byte)address.Flags;
        octets[3] = (byte)address.Scope;
        MemoryMarshal.Write(octets[4..], address.InterfaceIndex);
        writer.Address(AttributeLocal, address.Local);
        writer.Address(AttributeAddress, address.Peer);
        writer.UInt32(AttributeFlags, (uint)address.Flags);
        WriteOptional(ref writer, address);
        Span<byte> lifetimes = writer.Attribute(AttributeLifetimes, 16);
        MemoryMarshal.Write(lifetimes, address.PreferredSeconds);
        MemoryMarshal.Write(lifetimes[4..], address.ValidSeconds);
        return writer.Finish().Length;
    }

    private static void WriteOptional(ref NetlinkWriter writer, in Address address)
    {
        if (!address.Broadcast.IsUnspecified)
        {
            writer.Address(AttributeBroadcast, address.Broadcast);
        }

        if (address.Label.Length != 0)
        {
            writer.Text(AttributeLabel, address.Label);
        }

        if (address.RouteMetric != 0)
        {
            writer.UInt32(AttributeRouteMetric, address.RouteMetric);
        }

        if (address.Protocol != 0)
        {
            writer.Byte(AttributeProtocol, address.Protocol);
        }
    }

    private ref struct Fields
    {
        public IpAddress? Local;
        public IpAddress? Address;
        public IpAddress Broadcast;
        public uint Flags;
        public uint? PreferredSeconds;
        public uint? ValidSeconds;
        public byte Protocol;
        public uint RouteMetric;
        public string Label;

        public void Take(NetlinkAttribute attribute, IpFamily family, string? linkName)
        {
            switch (attribute.Type)
            {
                case AttributeAddress: Address = AddressOf(attribute, family) ?? Address; break;
                case AttributeLocal: Local = AddressOf(attribute, family) ?? Local; break;
                case AttributeBroadcast: attribute.TryGetAddress(IpFamily.V4, out Broadcast); break;
                case AttributeLabel: Label = attribute.GetText(linkName); break;
                case AttributeProtocol: attribute.TryGetByte(out Protocol); break;
                case AttributeRouteMetric: attribute.TryGetUInt32(out RouteMetric); break;
                case AttributeFlags: Flags = attribute.TryGetUInt32(out uint flags) ? flags : Flags; break;
                case AttributeLifetimes when attribute.Value.Length >= 8:
                    PreferredSeconds = MemoryMarshal.Read<uint>(attribute.Value);
                    ValidSeconds = MemoryMarshal.Read<uint>(attribute.Value[4..]);
                    break;
                default: break;
            }
        }

        private static IpAddress? AddressOf(NetlinkAttribute attribute, IpFamily family) =>
            attribute.TryGetAddress(family, out IpAddress address) ? address : null;
    }
}
