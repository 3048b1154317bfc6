using System;
using System.Runtime.InteropServices;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>poll and select, and epoll's busy polling.</summary>
internal static unsafe class MultiPolling
{
    private const nint SetParameters = 0x40088A01;                 // EPIOCSPARAMS
    private static readonly nint GetParameters = unchecked((nint)0x80088A02); // EPIOCGPARAMS

    /// <summary><c>struct epoll_params</c>.</summary>
    private struct Parameters
    {
        public uint Microseconds;
        public ushort Budget;
        public byte IsPreferred;
        public byte Padding;
    }

    public static Result Poll(Span<PollEntry> entries, TimeSpan? timeout)
    {
        fixed (PollEntry* first = entries)
        {
            // Without an end, or without waiting, there is no span to read; x86-64 has a call that takes none.
            if (!SystemCallNumber.IsArm64 && (timeout is null || timeout.Value <= TimeSpan.Zero))
            {
                nint found = LibC.Syscall(
                    SystemCallNumber.PollPlain, (nint)first, entries.Length, timeout is null ? -1 : 0);
                return found >= 0 ? Result.Ok(found) : Result.Fail((Errno)Marshal.GetLastSystemError());
            }

            TimeSpec time;
            TimeSpec* limit = ToLimit(timeout, &time);
            return InvokeOnce(SystemCallNumber.Ppoll, (nint)first, entries.Length, (nint)limit);
        }
    }

    /// <summary>The sets are words of 64 bits on both architectures, as the kernel's are.</summary>
    public static Result Select(
        int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout)
    {
        int words = (count + 63) / 64;
        if (count < 0 || readable.Length < words || writable.Length < words || urgent.Length < words)
        {
            return Result.Fail(Errno.EINVAL);
        }

        TimeSpec time;
        TimeSpec* limit = ToLimit(timeout, &time);
        fixed (ulong* read = readable, write = writable, except = urgent)
        {
            return InvokeOnce(
                SystemCallNumber.Pselect6, count, (nint)read, (nint)write, (nint)except, (nint)limit);
        }
    }

    public static Result SetBusyPolling(int epollFd, BusyPolling polling)
    {
        long microseconds = polling.Duration.Ticks / TimeSpan.TicksPerMicrosecond;
        if (microseconds is < 0 or > int.MaxValue || polling.Budget is < 0 or > ushort.MaxValue)
        {
            return Result.Fail(Errno.EINVAL);
        }

        Parameters parameters = new()
        {
            Microseconds = (uint)microseconds,
            Budget = (ushort)polling.Budget,
            IsPreferred = polling.IsPreferred ? (byte)1 : (byte)0,
        };
        return Invoke(SystemCallNumber.Ioctl, epollFd, SetParameters, (nint)(&parameters));
    }

    public static Result GetBusyPolling(int epollFd, out BusyPolling polling)
    {
        Parameters parameters = default;
        Result result = Invoke(SystemCallNumber.Ioctl, epollFd, GetParameters, (nint)(&parameters));
        polling = new BusyPolling(
            TimeSpan.FromTicks(parameters.Microseconds * TimeSpan.TicksPerMicrosecond),
            parameters.Budget,
            parameters.IsPreferred != 0);
        return result;
    }

    private static TimeSpec* ToLimit(TimeSpan? timeout, TimeSpec* time)
    {
        if (timeout is not { } span)
        {
            return null;
        }

        *time = TimeSpec.Of(span < TimeSpan.Zero ? TimeSpan.Zero : span);
        return time;
    }
}
