using System;
using System.Buffers.Binary;

namespace Spindle.Simulation.Network.Packets;

/// <summary>What a <see cref="BpfProgram"/> sees: octets, and what the kernel knows besides (offsets of <c>SKF_AD_OFF</c>,
/// <c>SKF_NET_OFF</c> and <c>SKF_LL_OFF</c>, <c>linux/filter.h</c>).</summary>
internal readonly ref struct BpfPacket(ReadOnlySpan<byte> octets)
{
    private const int KnowledgeOffset = -0x1000;
    private const int NetworkOffset = -0x100000;
    private const int LinkOffset = -0x200000;
    private const int AttributeField = 12; // SKF_AD_NLATTR

    /// <summary>Where the program's offset 0 is.</summary>
    public ReadOnlySpan<byte> Octets { get; } = octets;

    /// <summary>From the link's header on; empty if there is none.</summary>
    public ReadOnlySpan<byte> FromLink { get; init; }

    /// <summary>From the network's header on.</summary>
    public ReadOnlySpan<byte> FromNetwork { get; init; }

    /// <summary>EtherType.</summary>
    public ushort Protocol { get; init; }

    /// <summary>To us, to all, to a group, to others, or our own (<c>PACKET_*</c>).</summary>
    public byte PacketType { get; init; }

    /// <summary>The link's number; 0 for none.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>ARPHRD_*.</summary>
    public ushort HardwareType { get; init; }

    public uint Mark { get; init; }

    /// <summary>True if a program may have this constant as an absolute offset: an unknown extension is refused.</summary>
    public static bool IsKnown(uint offset) =>
        offset < unchecked((uint)KnowledgeOffset) || TryKnowledge((int)offset, out _);

    /// <summary>True if what is loaded from there is where a netlink attribute stands (<see cref="FindAttribute"/>).</summary>
    public static bool IsAttribute(uint offset) => TryKnowledge((int)offset, out int field) && field == AttributeField;

    /// <summary>Where the first netlink attribute of a type is.</summary>
    /// <param name="from">Where attributes begin.</param>
    /// <param name="type">NLA_TYPE.</param>
    /// <returns>Its offset; 0: there is none.</returns>
    public uint FindAttribute(uint from, uint type)
    {
        const int HeaderSize = 4;
        const int TypeMask = 0x3FFF;
        for (long at = from; at <= Octets.Length - HeaderSize;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(Octets[(int)at..]);
            if (length < HeaderSize || length > Octets.Length - at)
            {
                break;
            }

            if ((BinaryPrimitives.ReadUInt16LittleEndian(Octets[((int)at + 2)..]) & TypeMask) == type)
            {
                return (uint)at;
            }

            at += (length + 3) & ~3;
        }

        return 0;
    }

    public bool TryLoadIndexed(uint index, uint offset, int size, out uint value) => TryRead((int)(index + offset), size, out value);

    public bool TryLoad(uint offset, int size, out uint value)
    {
        if (TryKnowledge((int)offset, out int field))
        {
            value = field switch
            {
                0 => Protocol,
                4 => PacketType,
                8 => (uint)InterfaceIndex,
                20 => Mark,
                28 => HardwareType,
                _ => 0, // queue, hash, processor, VLAN tags: of one queue, one processor and tags in place
            };
            return field != 8 || InterfaceIndex != 0;
        }

        return TryRead((int)offset, size, out value);
    }

    // The extensions but the payload's offset, and an attribute within another.
    private static bool TryKnowledge(int offset, out int field)
    {
        field = offset - KnowledgeOffset;
        return field is 0 or 4 or 8 or AttributeField or 20 or 24 or 28 or 32 or 36 or 44 or 48 or 60;
    }

    private bool TryRead(int offset, int size, out uint value)
    {
        ReadOnlySpan<byte> from = Octets;
        if (offset < 0)
        {
            bool isNetwork = offset >= NetworkOffset;
            from = isNetwork ? FromNetwork : FromLink;
            offset -= isNetwork ? NetworkOffset : LinkOffset;
        }

        bool isThere = offset >= 0 && offset <= from.Length - size;
        value = !isThere ? 0 : size switch
        {
            1 => from[offset],
            2 => BinaryPrimitives.ReadUInt16BigEndian(from[offset..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(from[offset..]),
        };
        return isThere;
    }
}
