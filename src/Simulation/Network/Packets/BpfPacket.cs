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

    // The extensions that only read something: not netlink attributes, nor the payload's offset.
    private static bool TryKnowledge(int offset, out int field)
    {
        field = offset - KnowledgeOffset;
        return field is 0 or 4 or 8 or 20 or 24 or 28 or 32 or 36 or 44 or 48 or 60;
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
