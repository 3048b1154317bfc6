using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>epoll. The kernel's event is packed (12 octets) on x86-64 and aligned (16, as ours) on arm64.</summary>
internal static unsafe class Polling
{
    /// <summary>Octets of <c>struct epoll_event</c> on x86-64.</summary>
    public const int PackedEventSize = 12;

    // epoll_pwait2 came with Linux 5.11. Once refused it is not tried again.
    private static volatile bool hasNanoseconds = true;

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct PackedEvent
    {
        public uint Events;
        public ulong Data;
    }

    public static Result Create() => Invoke(SystemCallNumber.EpollCreate1, Descriptors.CloseOnExec);

    public static Result Control(int epollFd, EpollOperation operation, int fd, uint events, ulong data)
    {
        if (SystemCallNumber.IsArm64)
        {
            EpollEvent aligned = new(events, data);
            return Invoke(SystemCallNumber.EpollControl, epollFd, (nint)operation, fd, (nint)(&aligned));
        }

        PackedEvent packed = new() { Events = events, Data = data };
        return Invoke(SystemCallNumber.EpollControl, epollFd, (nint)operation, fd, (nint)(&packed));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Result Wait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout)
    {
        // The way of most turns: one call, and nothing of errno unless it fails. Without an end, or without waiting, there is no
        // span for the kernel to read.
        if (timeout is { Ticks: > 0 } span)
        {
            return WaitSpan(epollFd, events, span);
        }

        fixed (EpollEvent* buffer = events)
        {
            nint count = WaitPlain(epollFd, buffer, events.Length, timeout is null ? -1 : 0);
            return count >= 0 ? Unpacked(buffer, count) : Result.Fail((Errno)Marshal.GetLastSystemError());
        }
    }

    /// <summary>epoll_wait's timeout: milliseconds, rounded up; a longer one than it can say is cut, which only wakes the loop once in 24 days.</summary>
    public static int ToMilliseconds(TimeSpan? timeout)
    {
        if (timeout is not { } span)
        {
            return -1;
        }

        long whole = span.Ticks / TimeSpan.TicksPerMillisecond;
        long rounded = span.Ticks % TimeSpan.TicksPerMillisecond > 0 ? whole + 1 : whole;
        return (int)Math.Clamp(rounded, 0, int.MaxValue);
    }

    /// <summary>Spreads packed events to ours in their own buffer, last one first, so that none is overwritten unread.</summary>
    public static void Unpack(Span<EpollEvent> buffer, int count)
    {
        fixed (EpollEvent* first = buffer[..count])
        {
            Unpack((PackedEvent*)first, first, count);
        }
    }

    // Both pointers are the same buffer, with room for that many of the larger ones.
    private static void Unpack(PackedEvent* packed, EpollEvent* buffer, int count)
    {
        for (int index = count - 1; index >= 0; index--)
        {
            PackedEvent taken = packed[index];
            buffer[index] = new EpollEvent(taken.Events, taken.Data);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Result Unpacked(EpollEvent* buffer, nint count)
    {
        if (!SystemCallNumber.IsArm64)
        {
            if (count == 1)
            {
                PackedEvent only = *(PackedEvent*)buffer;
                *buffer = new EpollEvent(only.Events, only.Data);
            }
            else
            {
                Unpack((PackedEvent*)buffer, buffer, (int)count);
            }
        }

        return Result.Ok(count);
    }

    // x86-64 has a call with nothing of signals in it, arm64 has not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint WaitPlain(int epollFd, EpollEvent* buffer, int count, int milliseconds) => SystemCallNumber.IsArm64
        ? LibC.Syscall(SystemCallNumber.EpollPwait, epollFd, (nint)buffer, count, milliseconds, 0, 0)
        : LibC.Syscall(SystemCallNumber.EpollWait, epollFd, (nint)buffer, count, milliseconds);

    private static Result WaitSpan(int epollFd, Span<EpollEvent> events, TimeSpan span)
    {
        TimeSpec limit = TimeSpec.Of(span);
        fixed (EpollEvent* buffer = events)
        {
            if (hasNanoseconds)
            {
                nint count = LibC.Syscall(
                    SystemCallNumber.EpollPwait2, epollFd, (nint)buffer, events.Length, (nint)(&limit), 0, 0);
                Errno error = count >= 0 ? Errno.None : (Errno)Marshal.GetLastSystemError();
                if (error != Errno.ENOSYS)
                {
                    return count >= 0 ? Unpacked(buffer, count) : Result.Fail(error);
                }

                hasNanoseconds = false;
            }

            nint again = WaitPlain(epollFd, buffer, events.Length, ToMilliseconds(span));
            return again >= 0 ? Unpacked(buffer, again) : Result.Fail((Errno)Marshal.GetLastSystemError());
        }
    }
}
