using System;
using System.Numerics;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits by select. What it finds is looked at by poll, which alone tells a hang-up or an error from data.</summary>
internal sealed class SelectPoller(Kernel kernel) : ScanningPoller(kernel)
{
    private const int SetSize = 1024; // FD_SETSIZE
    private const int Words = SetSize / 64;

    private readonly ulong[] readable = new ulong[Words];
    private readonly ulong[] writable = new ulong[Words];
    private readonly ulong[] urgent = new ulong[Words];

    /// <inheritdoc/>
    public override WaitingBy Waiting => WaitingBy.Select;

    /// <inheritdoc/>
    protected override void Refuse(int fd)
    {
        if (fd >= SetSize)
        {
            throw new ArgumentException($"select cannot watch descriptor {fd}: its sets end at {SetSize - 1}.");
        }
    }

    /// <inheritdoc/>
    protected override Result WaitFor(Span<PollEntry> entries, TimeSpan? timeout)
    {
        if (!CanTell(entries))
        {
            return Kernel.Poll(entries, timeout);
        }

        int count = Fill(entries);
        Result result = Kernel.Select(count, readable, writable, urgent, timeout);
        if (result.Is(Errno.EBADF))
        {
            // One was closed before its source was removed: poll says which.
            return Kernel.Poll(entries, TimeSpan.Zero);
        }

        return result is { IsOk: true, Value: > 0 } ? LookAtFinds(entries) : result;
    }

    /// <summary>select tells a hang-up as readable, and so cannot tell it to one who does not want to hear of data: asked for
    /// data it would end every wait at once, not asked it would be silent. With such an interest around, poll waits.</summary>
    private static bool CanTell(ReadOnlySpan<PollEntry> entries)
    {
        foreach (ref readonly PollEntry entry in entries)
        {
            FdEvents asked = (FdEvents)entry.Events;
            if ((asked & FdEvents.Readable) == FdEvents.None && asked != FdEvents.Writable)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Hang-ups make readable, errors readable and writable; so each is asked for what it can be told by.</summary>
    private int Fill(Span<PollEntry> entries)
    {
        Array.Clear(readable);
        Array.Clear(writable);
        Array.Clear(urgent);
        int highest = -1;
        foreach (ref PollEntry entry in entries)
        {
            entry.Found = 0;
            FdEvents asked = (FdEvents)entry.Events;
            int word = entry.Fd / 64;
            ulong bit = 1ul << (entry.Fd % 64);
            readable[word] |= (asked & (FdEvents.Readable | FdEvents.ReadHangUp)) != FdEvents.None ? bit : 0;
            writable[word] |= (asked & FdEvents.Writable) != FdEvents.None ? bit : 0;
            urgent[word] |= (asked & FdEvents.Priority) != FdEvents.None ? bit : 0;
            highest = Math.Max(highest, entry.Fd);
        }

        return highest + 1;
    }

    private Result LookAtFinds(Span<PollEntry> entries)
    {
        int left = CountFinds();
        for (int index = 0; index < entries.Length && left > 0; index++)
        {
            int fd = entries[index].Fd;
            if (((readable[fd / 64] | writable[fd / 64] | urgent[fd / 64]) >> (fd % 64) & 1) != 0)
            {
                left--;
                Result looked = Kernel.Poll(entries.Slice(index, 1), TimeSpan.Zero);
                if (!looked.IsOk)
                {
                    return looked;
                }
            }
        }

        return Result.Ok();
    }

    private int CountFinds()
    {
        int found = 0;
        for (int word = 0; word < Words; word++)
        {
            found += BitOperations.PopCount(readable[word] | writable[word] | urgent[word]);
        }

        return found;
    }
}
