using System;
using System.Runtime.InteropServices;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What a link has carried since it was made (the front of <c>struct rtnl_link_stats64</c>).</summary>
/// <param name="ReceivedPackets">Packets received.</param>
/// <param name="SentPackets">Packets sent.</param>
/// <param name="ReceivedOctets">Octets received.</param>
/// <param name="SentOctets">Octets sent.</param>
/// <param name="ReceiveErrors">Bad packets received.</param>
/// <param name="SendErrors">Packets that could not be sent.</param>
/// <param name="ReceiveDropped">Good packets dropped for want of room.</param>
/// <param name="SendDropped">Packets dropped before they were sent.</param>
public readonly record struct LinkStatistics(
    ulong ReceivedPackets,
    ulong SentPackets,
    ulong ReceivedOctets,
    ulong SentOctets,
    ulong ReceiveErrors,
    ulong SendErrors,
    ulong ReceiveDropped,
    ulong SendDropped)
{
    /// <summary>Octets that are read and written; the kernel's structure goes on.</summary>
    public const int Size = 64;

    /// <summary>Reads the front of the structure; false if it is shorter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out LinkStatistics statistics)
    {
        if (octets.Length < Size)
        {
            statistics = default;
            return false;
        }

        // The attribute is aligned to four octets only.
        statistics = new(
            MemoryMarshal.Read<ulong>(octets),
            MemoryMarshal.Read<ulong>(octets[8..]),
            MemoryMarshal.Read<ulong>(octets[16..]),
            MemoryMarshal.Read<ulong>(octets[24..]),
            MemoryMarshal.Read<ulong>(octets[32..]),
            MemoryMarshal.Read<ulong>(octets[40..]),
            MemoryMarshal.Read<ulong>(octets[48..]),
            MemoryMarshal.Read<ulong>(octets[56..]));
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        MemoryMarshal.Write(destination, ReceivedPackets);
        MemoryMarshal.Write(destination[8..], SentPackets);
        MemoryMarshal.Write(destination[16..], ReceivedOctets);
        MemoryMarshal.Write(destination[24..], SentOctets);
        MemoryMarshal.Write(destination[32..], ReceiveErrors);
        MemoryMarshal.Write(destination[40..], SendErrors);
        MemoryMarshal.Write(destination[48..], ReceiveDropped);
        MemoryMarshal.Write(destination[56..], SendDropped);
    }
}
