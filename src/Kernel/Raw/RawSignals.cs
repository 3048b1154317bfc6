using System;
using System.Runtime.InteropServices;
using Spindle.Kernels.Linux;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Raw;

/// <summary>Signals to single threads, for checks of how waits are interrupted.</summary>
public static unsafe class RawSignals
{
    /// <summary>The calling thread's number in the kernel.</summary>
    public static int ThreadId => Invoke(SystemCallNumber.IsArm64 ? 178 : 186).Int;

    /// <summary>Blocks exactly these signals in the calling thread, one bit each; the value before.</summary>
    public static ulong SetBlocked(ulong signals)
    {
        ulong before = 0;
        Invoke(SystemCallNumber.RtSigprocmask, 2, (nint)(&signals), (nint)(&before), SignalSet.Size);
        return before;
    }

    /// <summary>Sends a signal to one thread of this process.</summary>
    public static Result SendToThread(int threadId, int signal) =>
        Invoke(SystemCallNumber.IsArm64 ? 131 : 234, Invoke(SystemCallNumber.Getpid).Int, threadId, signal);

    /// <summary>Takes a pending, blocked signal of the calling thread away; EAGAIN if there is none.</summary>
    public static Result Take(int signal)
    {
        ulong set = 1ul << (signal - 1);
        TimeSpec none = default;
        return Invoke(SystemCallNumber.IsArm64 ? 137 : 128, (nint)(&set), 0, (nint)(&none), SignalSet.Size);
    }

    /// <summary>Gives a signal a handler that does nothing, so that it interrupts and does not kill.</summary>
    public static void Handle(int signal)
    {
        // Any harmless function will do that may be called from a handler: getpid asks the kernel and returns.
        nint libc = NativeLibrary.Load("libc.so.6");
        var install = (delegate* unmanaged<int, nint, nint>)NativeLibrary.GetExport(libc, "signal");
        install(signal, NativeLibrary.GetExport(libc, "getpid"));

        // A read that it interrupts is not begun again.
        var interrupt = (delegate* unmanaged<int, int, int>)NativeLibrary.GetExport(libc, "siginterrupt");
        interrupt(signal, 1);
    }
}
