using System;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>One entry of poll(2).</summary>
/// <param name="Fd">The descriptor; a negative one is passed over.</param>
/// <param name="Events">What is asked for.</param>
internal record struct PollEntry(int Fd, PollMask Events)
{
    /// <summary>What was found.</summary>
    public PollMask Found { get; set; }
}

/// <summary>poll(2) and select(2): the same poll functions as epoll's, asked each time anew; nothing is ever consumed.</summary>
internal static class PollCalls
{
    // revents has 16 bits.
    private const PollMask Expressible = (PollMask)0xFFFF;
    private const PollMask ReadSet =
        PollMask.In | PollMask.ReadNormal | PollMask.ReadBand | PollMask.HangUp | PollMask.Error | PollMask.Invalid;

    private const PollMask WriteSet = PollMask.Out | PollMask.WriteNormal | PollMask.WriteBand | PollMask.Error | PollMask.Invalid;
    private const PollMask ExceptionSet = PollMask.Priority | PollMask.Invalid;

    /// <summary>poll that does not sleep: fills in what each entry's file is; the value is how many entries have something.</summary>
    /// <param name="process">Who calls.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="registrar">Told the wait queues, for a caller that will sleep.</param>
    public static Result Poll(SimulatedProcess process, Span<PollEntry> entries, WaitRegistrar? registrar = null)
    {
        if (entries.Length > process.Files.Limit)
        {
            return Result.Fail(Errno.EINVAL);
        }

        int count = 0;
        foreach (ref PollEntry entry in entries)
        {
            entry.Found = PollMask.None;
            if (entry.Fd >= 0)
            {
                entry.Found = Mask(process, entry.Fd, entry.Events, registrar) & (entry.Events | PollMask.Unasked | PollMask.Invalid) & Expressible;
                count += entry.Found != PollMask.None ? 1 : 0;
            }
        }

        return Result.Ok(count);
    }

    /// <summary>select that does not sleep, of one descriptor in any of the three sets.</summary>
    /// <param name="process">Who calls.</param>
    /// <param name="fd">The descriptor; the call's nfds is one more.</param>
    /// <param name="asked">Read, write and exception set: bits 0, 1 and 2.</param>
    /// <param name="found">The bits that are still set afterwards.</param>
    /// <returns>How many bits are set.</returns>
    public static Result Select(SimulatedProcess process, int fd, int asked, out int found)
    {
        found = asked;
        if (fd < 0 || fd >= process.Files.Size)
        {
            // Beyond the table nothing is looked at, and nothing cleared.
            return fd < -1 ? Result.Fail(Errno.EINVAL) : Result.Ok(0);
        }

        if (asked == 0)
        {
            return Result.Ok(0);
        }

        if (!process.Files.TryGetAny(fd, out _))
        {
            return Result.Fail(Errno.EBADF);
        }

        PollMask wanted = ((asked & 1) != 0 ? ReadSet : PollMask.None) | ((asked & 2) != 0 ? WriteSet : PollMask.None) | ExceptionSet;
        PollMask mask = Mask(process, fd, wanted, null);
        int read = (mask & ReadSet) != PollMask.None ? 1 : 0;
        int write = (mask & WriteSet) != PollMask.None ? 2 : 0;
        int exception = (mask & ExceptionSet) != PollMask.None ? 4 : 0;
        found = asked & (read | write | exception);
        return Result.Ok(int.PopCount(found));
    }

    private static PollMask Mask(SimulatedProcess process, int fd, PollMask asked, WaitRegistrar? registrar)
    {
        if (!process.Files.TryGet(fd, out OpenFile? file))
        {
            return PollMask.Invalid;
        }

        return file.CanPoll ? file.Poll(registrar, asked) : PollMask.AlwaysReady;
    }
}
