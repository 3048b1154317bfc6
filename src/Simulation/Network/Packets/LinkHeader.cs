using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Packets;

/// <summary>The header in front of a packet on a link: Ethernet's, or none.</summary>
internal static class LinkHeader
{
    /// <summary>Octets of an Ethernet header.</summary>
    public const int EthernetSize = 14;

    public const ushort Ipv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort Ipv6 = 0x86DD;
    public const ushort Vlan = 0x8100;

    private const ushort TypeMin = 0x600;
    private const ushort LogicalLink = 4; // ETH_P_802_2: the field is a length

    /// <summary>Octets of the header of this link's frames.</summary>
    public static int SizeOf(SimulatedLink link) => link.Kind == LinkKind.Tun ? 0 : EthernetSize;

    /// <summary>ARPHRD_*.</summary>
    public static ushort HardwareType(SimulatedLink link) => link.Kind switch
    {
        LinkKind.Loopback => 772,
        LinkKind.Tun => 65534,
        LinkKind.Ethernet or LinkKind.Veth or LinkKind.Bridge or LinkKind.Dummy or LinkKind.Vlan or LinkKind.Tap => 1,
    };

    /// <summary>The EtherType; of a tun device's packet what its version says.</summary>
    public static ushort ProtocolOf(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        if (SizeOf(link) == 0)
        {
            return frame.IsEmpty ? (ushort)0 : frame[0] >> 4 == 6 ? Ipv6 : Ipv4;
        }

        if (frame.Length < EthernetSize)
        {
            return 0;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        return type >= TypeMin ? type : LogicalLink;
    }

    /// <summary>A frame with this header; the payload is to be put behind it.</summary>
    public static byte[] Frame(SimulatedLink link, MacAddress destination, ushort protocol, int payloadLength)
    {
        int size = SizeOf(link);
        byte[] frame = new byte[size + payloadLength];
        if (size > 0)
        {
            destination.Write(frame);
            link.MacAddress.Write(frame.AsSpan(MacAddress.Size));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), protocol);
        }

        return frame;
    }
}
