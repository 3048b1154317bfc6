using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH: <c>struct ndmsg</c> and attributes.</summary>
public static class NeighborMessage
{
    /// <summary>Octets of <c>struct ndmsg</c>; the attributes come behind them.</summary>
    public const int FixedSize = 12;

    /// <summary>NDA_DST: the neighbour's address.</summary>
    public const ushort AttributeDestination = 1;

    /// <summary>Octets that <see cref="Write"/> and <see cref="WriteGet"/> need at most.</summary>
    public const int SizeMax = 64;

    private const ushort AttributeHardwareAddress = 2;
    private const byte UnicastType = 1;

    /// <summary>Reads a neighbour; false if it is of another family (bridges have one), broken, or has no address in it.</summary>
    public static bool TryRead(NetlinkMessage message, out Neighbor neighbor)
    {
        neighbor = default;
        if (message.Payload.Length < FixedSize || !RtnetlinkFamily.TryFrom(message.Payload[0], out IpFamily family))
        {
            return false;
        }

        int interfaceIndex = MemoryMarshal.Read<int>(message.Payload[4..]);
        IpAddress? found = null;
        MacAddress hardware = default;
        NetlinkAttributes attributes = message.Attributes(FixedSize);
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            if (attribute.Type == AttributeDestination && attribute.TryGetAddress(family, out IpAddress address))
            {
                found = address;
            }
            else if (attribute.Type == AttributeHardwareAddress)
            {
                attribute.TryGetMac(out hardware);
            }
        }

        if (attributes.IsBroken || interfaceIndex <= 0 || found is not { } whole)
        {
            return false;
        }

        neighbor = new(interfaceIndex, whole, (NeighborState)MemoryMarshal.Read<ushort>(message.Payload[8..]), hardware);
        return true;
    }

    /// <summary>Writes the message: a request, or what the kernel would send.</summary>
    public static int Write(
        Span<byte> destination, NetlinkMessageType type, NetlinkFlags flags, uint sequence, in Neighbor neighbor)
    {
        NetlinkWriter writer = new(destination, type, flags, sequence);
        WriteFixed(ref writer, neighbor.InterfaceIndex, neighbor.Address.Family, neighbor.State, UnicastType);
        writer.Address(AttributeDestination, neighbor.Address);
        if (!neighbor.HardwareAddress.IsZero)
        {
            writer.Mac(AttributeHardwareAddress, neighbor.HardwareAddress);
        }

        return writer.Finish().Length;
    }

    /// <summary>
    /// Writes a request for one neighbour (since Linux 5.0). The answer is RTM_NEWNEIGH, or ENOENT if it is not known.
    /// </summary>
    public static int WriteGet(Span<byte> destination, uint sequence, int interfaceIndex, IpAddress address)
    {
        // The kernel wants all else in the fixed part to be zero.
        NetlinkWriter writer = new(destination, NetlinkMessageType.GetNeighbor, NetlinkFlags.Request, sequence);
        WriteFixed(ref writer, interfaceIndex, address.Family, NeighborState.None, 0);
        writer.Address(AttributeDestination, address);
        return writer.Finish().Length;
    }

    private static void WriteFixed(
        ref NetlinkWriter writer, int interfaceIndex, IpFamily family, NeighborState state, byte type)
    {
        Span<byte> octets = writer.Reserve(FixedSize);
        octets[0] = RtnetlinkFamily.Number(family);
        MemoryMarshal.Write(octets[4..], interfaceIndex);
        MemoryMarshal.Write(octets[8..], (ushort)state);
        octets[11] = type;
    }
}
