using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>Signal masks and signalfd.</summary>
internal static unsafe class Signals
{
    private const int Block = 0;     // SIG_BLOCK
    private const int SetMask = 2;   // SIG_SETMASK
    private const int InfoSize = 128; // struct signalfd_siginfo; and siginfo_t
    private const int CodeQueue = -1; // SI_QUEUE

    /// <summary>Stands for this process.</summary>
    public static readonly object Process = new();

    public static Result BlockSignals(SignalSet signals, out SignalSet previous) => Mask(Block, signals, out previous);

    public static Result SetSignals(SignalSet signals) => Mask(SetMask, signals, out _);

    public static Result SignalFd(ReadOnlySpan<int> signals)
    {
        ulong bits = SignalSet.Of(signals).Bits;
        return Invoke(SystemCallNumber.Signalfd4, -1, (nint)(&bits), SignalSet.Size, Descriptors.Ours);
    }

    public static Result ReadSignal(int fd) => ReadSignal(fd, out _);

    /// <summary>Of <c>struct signalfd_siginfo</c>: number at 0, code at 8, process at 12, user at 16, value at 44.</summary>
    public static Result ReadSignal(int fd, out SignalInfo info)
    {
        Span<byte> octets = stackalloc byte[InfoSize];
        Result result = Descriptors.Read(fd, octets);
        if (!result.IsOk)
        {
            info = default;
            return result;
        }

        info = new SignalInfo(
            MemoryMarshal.Read<int>(octets),
            MemoryMarshal.Read<int>(octets[8..]),
            MemoryMarshal.Read<int>(octets[12..]),
            MemoryMarshal.Read<uint>(octets[16..]),
            MemoryMarshal.Read<int>(octets[44..]));
        return Result.Ok(info.Signal);
    }

    public static Result Send(int processId, int signal) => Invoke(SystemCallNumber.Kill, processId, signal);

    /// <summary>rt_sigqueueinfo. Of <c>siginfo_t</c>: number at 0, code at 8, process at 16, user at 20, value at 24.</summary>
    public static Result Queue(int processId, int signal, int value)
    {
        Span<int> info = stackalloc int[InfoSize / sizeof(int)];
        info.Clear();
        info[0] = signal;
        info[2] = CodeQueue;
        info[4] = Invoke(SystemCallNumber.Getpid).Int;
        info[5] = Invoke(SystemCallNumber.Getuid).Int;
        info[6] = value;
        fixed (int* buffer = info)
        {
            return Invoke(SystemCallNumber.RtSigqueueinfo, processId, signal, (nint)buffer);
        }
    }

    /// <summary>SIGCHLD is ignored, or SA_NOCLDWAIT set. The kernel's <c>struct sigaction</c>: handler, flags, and more.</summary>
    public static bool DiscardsExitStatus()
    {
        const int ChildSignal = 17;
        const nint Ignore = 1;      // SIG_IGN
        const nint NoChildWait = 2; // SA_NOCLDWAIT
        Span<nint> action = stackalloc nint[8];
        action.Clear();
        fixed (nint* buffer = action)
        {
            Result asked = Invoke(SystemCallNumber.RtSigaction, ChildSignal, 0, (nint)buffer, SignalSet.Size);
            return asked.IsOk && (buffer[0] == Ignore || (buffer[1] & NoChildWait) != 0);
        }
    }

    /// <summary>Reads the mask of each thread in <c>/proc/self/task</c>. A thread that ends meanwhile does not count.</summary>
    public static bool IsBlockedInAllThreads(int signal)
    {
        List<string> threads = [];
        if (!Files.ListDirectory("/proc/self/task", threads).IsOk)
        {
            return false;
        }

        foreach (string thread in threads)
        {
            if (TryReadMask(thread, out SignalSet mask) && !mask.Contains(signal))
            {
                return false;
            }
        }

        return threads.Count > 0;
    }

    /// <summary>Finds the line <c>SigBlk:</c> in the text of <c>/proc/PID/status</c>.</summary>
    public static bool TryParseMask(ReadOnlySpan<byte> status, out SignalSet mask)
    {
        mask = default;
        int start = status.IndexOf("\nSigBlk:\t"u8);
        if (start < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> line = status[(start + 9)..];
        int end = line.IndexOf((byte)'\n');
        Span<char> digits = stackalloc char[16];
        if (end != digits.Length)
        {
            return false;
        }

        Encoding.ASCII.GetChars(line[..end], digits);
        bool ok = ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits);
        mask = new SignalSet(bits);
        return ok;
    }

    private static bool TryReadMask(string thread, out SignalSet mask)
    {
        mask = default;
        Result file = Files.Open($"/proc/self/task/{thread}/status", FileFlags.Read, 0);
        if (!file.IsOk)
        {
            return false;
        }

        // The file has some 1,500 octets; /proc gives it in one read.
        Span<byte> status = stackalloc byte[4096];
        Result read = Descriptors.Read(file.Int, status);
        Descriptors.Close(file.Int);
        return read.IsOk && TryParseMask(status[..read.Int], out mask);
    }

    private static Result Mask(int how, SignalSet signals, out SignalSet previous)
    {
        ulong wanted = signals.Bits;
        ulong before = 0;
        Result result = Invoke(SystemCallNumber.RtSigprocmask, how, (nint)(&wanted), (nint)(&before), SignalSet.Size);
        previous = new SignalSet(before);
        return result;
    }
}
