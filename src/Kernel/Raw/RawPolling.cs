using System;
using System.Numerics;
using Spindle.Kernels.Linux;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Raw;

/// <summary>The waiting calls of the running kernel with any arguments, wrong ones too, and with every error told: for those
/// who hold the kernel itself against what they believe of it.</summary>
public static unsafe class RawPolling
{
    private const int SetParameters = 0x40088A01; // EPIOCSPARAMS
    private const int GetParameters = unchecked((int)0x80088A02); // EPIOCGPARAMS

    // The kernel's own half begins there or before, on both architectures.
    private static nint KernelAddress => (nint)(-1) << 47;

    // More registrations than this no check has, whatever count it tells the kernel.
    private const int RoomEnough = 65536;

    internal static nint Ppoll => SystemCallNumber.IsArm64 ? 73 : 271;
    private static int EventSize => SystemCallNumber.IsArm64 ? sizeof(EpollEvent) : Polling.PackedEventSize;
    private static nint Pselect6 => SystemCallNumber.IsArm64 ? 72 : 270;

    /// <summary>epoll_create1.</summary>
    public static Result EpollCreate(int flags) => Invoke(SystemCallNumber.EpollCreate1, flags);

    /// <summary>epoll_ctl with any operation number.</summary>
    public static Result EpollControl(int epollFd, int operation, int fd, uint events, ulong data) =>
        Polling.Control(epollFd, (EpollOperation)operation, fd, events, data);

    /// <summary>epoll_ctl with an event that cannot be read.</summary>
    public static Result EpollControlWithoutEvent(int epollFd, int operation, int fd) =>
        Invoke(SystemCallNumber.EpollControl, epollFd, operation, fd, 0);

    /// <summary>epoll_pwait; a signal's interruption is told.</summary>
    /// <param name="epollFd">The epoll.</param>
    /// <param name="events">Where events go.</param>
    /// <param name="max">How many, as the kernel is told; <paramref name="events"/> must have room for them, or for 65,536.</param>
    /// <param name="milliseconds">How long; below 0 without end.</param>
    /// <param name="signals">The signals blocked meanwhile, one bit each; null leaves them as they are.</param>
    public static Result EpollWait(int epollFd, Span<EpollEvent> events, int max, int milliseconds, ulong? signals = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Clamp(max, 0, RoomEnough), events.Length);
        ulong mask = signals.GetValueOrDefault();
        fixed (EpollEvent* buffer = events)
        {
            Result result = InvokeOnce(
                SystemCallNumber.EpollPwait, epollFd, (nint)buffer, max, milliseconds, signals is null ? 0 : (nint)(&mask), SignalSet.Size);
            return Unpacked(events, result);
        }
    }

    /// <summary>epoll_pwait2 with any time.</summary>
    public static Result EpollWait(int epollFd, Span<EpollEvent> events, long seconds, long nanoseconds)
    {
        TimeSpec time = new() { Seconds = seconds, Nanoseconds = nanoseconds };
        fixed (EpollEvent* buffer = events)
        {
            Result result = InvokeOnce(SystemCallNumber.EpollPwait2, epollFd, (nint)buffer, events.Length, (nint)(&time), 0, SignalSet.Size);
            return Unpacked(events, result);
        }
    }

    /// <summary>epoll_wait into a buffer of which only the first entries can be written.</summary>
    public static Result EpollWaitFaulting(int epollFd, GuardedMemory memory, int writable, int max, Span<EpollEvent> events)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Min(writable, max), events.Length);
        return EpollWait(epollFd, memory.EndOfWritable(writable * EventSize), max, events);
    }

    /// <summary>epoll_wait into a buffer of which only the first entries are there; the call stands still in the middle of the
    /// copy of the next, until <see cref="HeldMemory.Release"/>.</summary>
    public static Result EpollWaitHeld(int epollFd, HeldMemory memory, int present, int max, Span<EpollEvent> events)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, events.Length);
        return EpollWait(epollFd, memory.EndOfPresent(present * EventSize), max, events);
    }

    /// <summary>epoll_wait into a buffer outside of what a program can address.</summary>
    public static Result EpollWaitOutside(int epollFd, int max) =>
        InvokeOnce(SystemCallNumber.EpollPwait, epollFd, KernelAddress, max, 0, 0, SignalSet.Size);

    /// <summary>ppoll that does not wait, or waits for so long.</summary>
    public static Result Poll(Span<RawPollEntry> entries, int milliseconds)
    {
        TimeSpec time = TimeSpec.Of(TimeSpan.FromMilliseconds(Math.Max(milliseconds, 0)));
        fixed (RawPollEntry* array = entries)
        {
            return InvokeOnce(Ppoll, (nint)array, entries.Length, milliseconds < 0 ? 0 : (nint)(&time), 0, SignalSet.Size);
        }
    }

    /// <summary>select of one descriptor, without waiting; nfds is one more than it.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="asked">Read, write and exception set: bits 0, 1 and 2.</param>
    /// <param name="found">The bits still set afterwards.</param>
    public static Result Select(int fd, int asked, out int found)
    {
        found = asked;
        int words = (Math.Max(fd, 0) / 64) + 1;
        Span<ulong> sets = words <= 64 ? stackalloc ulong[words * 3] : new ulong[words * 3];
        sets.Clear();
        for (int set = 0; set < 3 && fd >= 0; set++)
        {
            sets[(set * words) + (fd / 64)] = (ulong)(asked >> set & 1) << (fd % 64);
        }

        TimeSpec none = default;
        Result result;
        fixed (ulong* start = sets)
        {
            result = InvokeOnce(Pselect6, fd + 1, (nint)start, (nint)(start + words), (nint)(start + (2 * words)), (nint)(&none), 0);
        }

        if (result.IsOk && fd >= 0)
        {
            found = 0;
            for (int set = 0; set < 3; set++)
            {
                found |= BitOperations.PopCount(sets[(set * words) + (fd / 64)]) << set;
            }
        }

        return result;
    }

    /// <summary>EPIOCSPARAMS: microseconds, budget, preference, padding.</summary>
    public static Result SetBusyPoll(int fd, uint microseconds, ushort budget, byte prefer, byte padding)
    {
        ulong parameters = microseconds | ((ulong)budget << 32) | ((ulong)prefer << 48) | ((ulong)padding << 56);
        return Invoke(SystemCallNumber.Ioctl, fd, SetParameters, (nint)(&parameters));
    }

    /// <summary>EPIOCGPARAMS; fields as in <see cref="SetBusyPoll"/>, the first lowest.</summary>
    public static Result GetBusyPoll(int fd, out ulong parameters)
    {
        ulong found = 0;
        Result result = Invoke(SystemCallNumber.Ioctl, fd, GetParameters, (nint)(&found));
        parameters = found;
        return result;
    }

    private static Result EpollWait(int epollFd, nint start, int max, Span<EpollEvent> events)
    {
        Result result = InvokeOnce(SystemCallNumber.EpollPwait, epollFd, start, max, 0, 0, SignalSet.Size);
        if (result.Int > 0)
        {
            fixed (EpollEvent* buffer = events)
            {
                Buffer.MemoryCopy((void*)start, buffer, events.Length * sizeof(EpollEvent), result.Int * EventSize);
            }
        }

        return Unpacked(events, result);
    }

    private static Result Unpacked(Span<EpollEvent> events, Result result)
    {
        if (!SystemCallNumber.IsArm64 && result.Int > 0)
        {
            Polling.Unpack(events, result.Int);
        }

        return result;
    }
}
