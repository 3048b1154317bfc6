using System;
using System.Numerics;

namespace Spindle.Simulation.Objects;

/// <summary>How much memory a message in a unix socket's queue costs its sender: what SIOCOUTQ counts, measured on x86-64.</summary>
internal static class UnixMemory
{
    /// <summary>The most octets of a stream that share one message: a page's worth of head and eight pages.</summary>
    public const int StreamChunkMax = HeadMax + 32768;

    private const int PageSize = 4096;
    private const int Trailer = 320;  // follows the octets in the head's allocation
    private const int Overhead = 256; // the message itself
    private const int HeadMax = PageSize - Trailer;
    private const int DatagramHeadMax = 16384 - Trailer;
    private const int DatagramPagesMax = 17;

    /// <summary>A stream keeps heads within a page; the rest goes into pages.</summary>
    public static int OfStream(int length)
    {
        if (length <= HeadMax)
        {
            return Head(length);
        }

        int pages = length / PageSize;
        int head = length % PageSize;
        return head <= HeadMax ? Head(head) + (pages * PageSize) : Head(0) + ((pages + 1) * PageSize);
    }

    /// <summary>A datagram has a head of up to 16 KiB, then pages, and what those cannot hold in the head again.</summary>
    public static int OfDatagram(int length)
    {
        int inPages = Math.Min(Math.Max(length - DatagramHeadMax, 0), DatagramPagesMax * PageSize);
        inPages = (inPages + PageSize - 1) / PageSize * PageSize;
        return Head(length - inPages) + inPages;
    }

    private static int Head(int length) =>
        Overhead + (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length + Trailer, 512));
}
