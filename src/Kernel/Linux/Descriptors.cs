using System;
using Spindle.Basics;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>What any descriptor can do, and the descriptors that are only counters: pipe, eventfd, timerfd.</summary>
internal static unsafe class Descriptors
{
    /// <summary><c>O_CLOEXEC</c>, also under its names <c>SOCK_CLOEXEC</c>, <c>EFD_CLOEXEC</c> ….</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary><c>O_NONBLOCK</c>, also under its names <c>SOCK_NONBLOCK</c>, <c>EFD_NONBLOCK</c> ….</summary>
    public const int NonBlocking = 0x800;

    /// <summary>What every descriptor that we make has.</summary>
    public const int Ours = CloseOnExec | NonBlocking;

    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int TimerAbsolute = 1;           // TFD_TIMER_ABSTIME
    private const int TimerCancelOnSet = 2;        // TFD_TIMER_CANCEL_ON_SET

    private const int LimitOfDescriptors = 7;      // RLIMIT_NOFILE

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    private struct TimerSetting
    {
        public TimeSpec Interval;
        public TimeSpec Value;
    }

    /// <summary>Never made again: after EINTR the descriptor is gone, and its number may be another thread's by now.</summary>
    public static Result Close(int fd)
    {
        Result result = InvokeOnce(SystemCallNumber.Close, fd);
        return result.Is(Errno.EINTR) ? Result.Ok() : result;
    }

    public static Result Read(int fd, Span<byte> destination)
    {
        fixed (byte* octets = destination)
        {
            return InvokeShort(SystemCallNumber.Read, fd, (nint)octets, destination.Length);
        }
    }

    public static Result Write(int fd, ReadOnlySpan<byte> source)
    {
        fixed (byte* octets = source)
        {
            return InvokeShort(SystemCallNumber.Write, fd, (nint)octets, source.Length);
        }
    }

    public static Result Duplicate(int fd, int atLeast = 0) =>
        Invoke(SystemCallNumber.Fcntl, fd, DuplicateCloseOnExec, atLeast);

    /// <summary>setrlimit: the soft limit becomes the hard one.</summary>
    public static Result RaiseLimit()
    {
        Limit limit;
        Result result = Invoke(SystemCallNumber.Prlimit64, 0, LimitOfDescriptors, 0, (nint)(&limit));
        if (result.IsOk && limit.Soft < limit.Hard)
        {
            limit.Soft = limit.Hard;
            result = Invoke(SystemCallNumber.Prlimit64, 0, LimitOfDescriptors, (nint)(&limit), 0);
        }

        return result.IsOk ? Result.Ok((int)Math.Min(limit.Soft, int.MaxValue)) : result;
    }

    public static Result Pipe(Span<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(descriptors.Length, 2);
        fixed (int* pair = descriptors)
        {
            return Invoke(SystemCallNumber.Pipe2, (nint)pair, Ours);
        }
    }

    public static Result EventFd(uint initial) => Invoke(SystemCallNumber.EventFd2, (nint)initial, Ours);

    public static Result TimerFdCreate(ClockId clock) => Invoke(SystemCallNumber.TimerfdCreate, (nint)clock, Ours);

    public static Result TimerFdSet(int fd, Instant at, bool cancelOnSet)
    {
        // An instant of zero would disarm: what is long past is due at the clock's first nanosecond.
        Instant due = at.IsNever ? Instant.Zero : Instant.Max(at, new Instant(1));
        TimerSetting setting = new() { Value = TimeSpec.Of(due) };
        int flags = TimerAbsolute | (cancelOnSet ? TimerCancelOnSet : 0);
        return Invoke(SystemCallNumber.TimerfdSettime, fd, flags, (nint)(&setting));
    }
}
