using System;
using System.Runtime.InteropServices;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>The header of every netlink message (<c>struct nlmsghdr</c>), in the machine's byte order.</summary>
/// <param name="Length">Octets of the message with this header.</param>
/// <param name="Type">What it is.</param>
/// <param name="Flags">How it is meant.</param>
/// <param name="Sequence">The request that it answers; 0 for notifications that answer none of ours.</param>
/// <param name="PortId">The port of the socket whose request caused it; 0 for the kernel's own doing.</param>
public readonly record struct NetlinkHeader(
    uint Length, NetlinkMessageType Type, NetlinkFlags Flags, uint Sequence, uint PortId)
{
    /// <summary>Octets of a header.</summary>
    public const int Size = 16;

    /// <summary>Reads a header; false if there are too few octets for it or its length does not fit them.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out NetlinkHeader header)
    {
        if (octets.Length < Size)
        {
            header = default;
            return false;
        }

        header = new(
            MemoryMarshal.Read<uint>(octets),
            (NetlinkMessageType)MemoryMarshal.Read<ushort>(octets[4..]),
            (NetlinkFlags)MemoryMarshal.Read<ushort>(octets[6..]),
            MemoryMarshal.Read<uint>(octets[8..]),
            MemoryMarshal.Read<uint>(octets[12..]));
        return header.Length >= Size && header.Length <= (uint)octets.Length;
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        MemoryMarshal.Write(destination, Length);
        MemoryMarshal.Write(destination[4..], (ushort)Type);
        MemoryMarshal.Write(destination[6..], (ushort)Flags);
        MemoryMarshal.Write(destination[8..], Sequence);
        MemoryMarshal.Write(destination[12..], PortId);
    }
}
