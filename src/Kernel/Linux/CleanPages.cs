using System;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>Gives back pages of code and constants that are as they are in their file.</summary>
/// <remarks>What is mapped is found in <c>/proc/self/pagemap</c> (<c>man 5 proc</c>): a page of ours alone, which somebody has
/// written to all the same (a relocation, a breakpoint, code that was patched), is left where it is.</remarks>
internal static unsafe class CleanPages
{
    private const nint DontNeed = 4; // MADV_DONTNEED
    private const ulong PageIsPresent = 1UL << 63;
    private const ulong PageIsSwapped = 1UL << 62;
    private const ulong PageIsOfFile = 1UL << 61;
    private const int SegmentsMax = 64;
    private const int PagesAtOnce = 256;

    public static Result Release()
    {
        Span<LoadedObjects.Segment> segments = stackalloc LoadedObjects.Segment[SegmentsMax];
        int count = LoadedObjects.FindReadOnly(segments);
        Result opened = Files.Open("/proc/self/pagemap", FileFlags.Read, 0);
        if (!opened.IsOk)
        {
            return opened;
        }

        nint pages = 0;
        foreach (LoadedObjects.Segment segment in segments[..count])
        {
            pages += Release(opened.Int, segment);
        }

        Descriptors.Close(opened.Int);
        return Result.Ok(pages * Environment.SystemPageSize);
    }

    /// <summary>Of one stretch of memory, by an open pagemap.</summary>
    /// <returns>Pages given back.</returns>
    public static nint Release(int pageMap, LoadedObjects.Segment segment)
    {
        nuint pageSize = (nuint)Environment.SystemPageSize;
        nuint first = segment.From / pageSize;
        nuint end = (segment.To + pageSize - 1) / pageSize;
        ulong* states = stackalloc ulong[PagesAtOnce];
        nint released = 0;
        while (first < end)
        {
            nint octets = (nint)Math.Min(end - first, PagesAtOnce) * sizeof(ulong);
            Result read = Invoke(SystemCallNumber.Pread64, pageMap, (nint)states, octets, (nint)first * sizeof(ulong));
            int count = read.Int / sizeof(ulong);
            if (count == 0)
            {
                break;
            }

            released += Release(first, new ReadOnlySpan<ulong>(states, count));
            first += (nuint)count;
        }

        return released;
    }

    /// <summary>Each row of pages in which none is ours alone.</summary>
    private static nint Release(nuint first, ReadOnlySpan<ulong> states)
    {
        nint released = 0;
        int from = 0;
        int present = 0;
        for (int index = 0; index <= states.Length; index++)
        {
            bool isEnd = index == states.Length || IsOurs(states[index]);
            if (!isEnd)
            {
                present += (states[index] & PageIsPresent) != 0 ? 1 : 0;
                continue;
            }

            released += present > 0 ? Forget(first + (nuint)from, index - from, present) : 0;
            from = index + 1;
            present = 0;
        }

        return released;
    }

    private static bool IsOurs(ulong state) =>
        (state & PageIsSwapped) != 0 || (state & (PageIsPresent | PageIsOfFile)) == PageIsPresent;

    private static nint Forget(nuint first, int count, int present)
    {
        nint pageSize = Environment.SystemPageSize;
        return Invoke(SystemCallNumber.Madvise, (nint)first * pageSize, count * pageSize, DontNeed).IsOk ? present : 0;
    }
}
