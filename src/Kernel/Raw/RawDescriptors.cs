using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Kernels.Linux;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Raw;

/// <summary>Calls on descriptors that a daemon has no use for and a check of the kernel has.</summary>
public static unsafe class RawDescriptors
{
    private const int CloneFiles = 0x400;
    private const int SetPipeSizeCommand = 1031; // F_SETPIPE_SZ
    private const int TimerAbsolute = 1;         // TFD_TIMER_ABSTIME
    private const uint FifoMode = 0x1180;        // S_IFIFO | 0600
    private const int AtCurrentDirectory = -100;
    private const int PathOnly = 0x200000;       // O_PATH

    /// <summary>Gives the calling thread, and threads it starts, a descriptor table of its own. What is open stays open, since
    /// the runtime has its own uses for it, and no number below the answer is free: those who open get it first.</summary>
    public static Result LeaveDescriptors()
    {
        Result own = Invoke(SystemCallNumber.IsArm64 ? 97 : 272, CloneFiles);
        List<string> numbers = [];
        Result listed = own.IsOk ? Files.ListDirectory("/proc/thread-self/fd", numbers) : own;
        if (!listed.IsOk)
        {
            return listed;
        }

        // The listing's own descriptor is among them; it is free again by now, and gets filled like any gap.
        int highest = 2;
        foreach (string number in numbers)
        {
            highest = Math.Max(highest, int.Parse(number, CultureInfo.InvariantCulture));
        }

        Result filled;
        do
        {
            filled = Descriptors.Duplicate(0);
        }
        while (filled.IsOk && filled.Value <= highest);

        Descriptors.Close(filled.Int);
        return filled;
    }

    /// <summary>Closes this descriptor and all above it.</summary>
    public static Result CloseFrom(int fd) => Invoke(436, fd, unchecked((nint)uint.MaxValue));

    /// <summary>A descriptor of where a file is (O_PATH), not of what is in it.</summary>
    public static Result OpenPath(string path)
    {
        using CString file = new(path);
        return Invoke(SystemCallNumber.Openat, AtCurrentDirectory, file.Address, PathOnly | Descriptors.CloseOnExec, 0);
    }

    /// <summary>pipe2; blocking where asked for.</summary>
    public static Result Pipe(Span<int> descriptors, bool isBlocking)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(descriptors.Length, 2);
        fixed (int* pair = descriptors)
        {
            return Invoke(SystemCallNumber.Pipe2, (nint)pair, isBlocking ? Descriptors.CloseOnExec : Descriptors.Ours);
        }
    }

    /// <summary>eventfd2; a semaphore where asked for.</summary>
    public static Result EventFd(uint initial, bool isSemaphore) =>
        Invoke(SystemCallNumber.EventFd2, (nint)initial, Descriptors.Ours | (isSemaphore ? 1 : 0));

    /// <summary>read(2) that a signal may interrupt.</summary>
    public static Result Read(int fd, Span<byte> destination)
    {
        fixed (byte* octets = destination)
        {
            return InvokeOnce(SystemCallNumber.Read, fd, (nint)octets, destination.Length);
        }
    }

    /// <summary>dup3 with O_CLOEXEC, which refuses equal numbers as dup2 does not: those are answered here.</summary>
    public static Result Duplicate(int fd, int number)
    {
        if (fd == number)
        {
            Result flags = Invoke(SystemCallNumber.Fcntl, fd, 1);
            return flags.IsOk ? Result.Ok(number) : flags;
        }

        return Invoke(SystemCallNumber.IsArm64 ? 24 : 292, fd, number, Descriptors.CloseOnExec);
    }

    /// <summary>F_SETPIPE_SZ; the value is the size that came to be.</summary>
    public static Result SetPipeSize(int fd, uint octets) => Invoke(SystemCallNumber.Fcntl, fd, SetPipeSizeCommand, (nint)octets);

    /// <summary>timerfd_settime, in nanoseconds; a value of 0 disarms.</summary>
    public static Result SetTimer(int fd, long value, long interval, bool isAbsolute)
    {
        const long Second = 1_000_000_000;
        Span<long> setting = [interval / Second, interval % Second, value / Second, value % Second];
        fixed (long* start = setting)
        {
            return Invoke(SystemCallNumber.TimerfdSettime, fd, isAbsolute ? TimerAbsolute : 0, (nint)start);
        }
    }

    /// <summary>mkfifo.</summary>
    public static Result MakeFifo(string path)
    {
        using CString name = new(path);
        return Invoke(SystemCallNumber.IsArm64 ? 33 : 259, AtCurrentDirectory, name.Address, (nint)FifoMode, 0);
    }

    /// <summary>chmod: changes a file so that nothing but an event comes of it.</summary>
    public static Result ChangeMode(string path, uint mode)
    {
        using CString name = new(path);
        return Invoke(SystemCallNumber.IsArm64 ? 53 : 268, AtCurrentDirectory, name.Address, (nint)mode);
    }

    /// <summary>pidfd_send_signal.</summary>
    public static Result SendSignal(int pidFd, int signal) => Invoke(424, pidFd, signal);

    /// <summary>The most descriptors the process may have (RLIMIT_NOFILE).</summary>
    public static int DescriptorLimit()
    {
        Span<ulong> limits = stackalloc ulong[2];
        fixed (ulong* start = limits)
        {
            Result result = Invoke(SystemCallNumber.Prlimit64, 0, 7, 0, (nint)start);
            return result.IsOk ? (int)Math.Min(limits[0], int.MaxValue) : int.MaxValue;
        }
    }
}
