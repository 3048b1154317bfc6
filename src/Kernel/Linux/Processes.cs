using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>This process, its threads and its children.</summary>
internal static unsafe class Processes
{
    // A worker of ours calls fsync, rename and the like. Managed frames are small, the runtime wants some room to
    // collect and to unwind an exception.
    private const int ThreadStackSize = 256 * 1024;

    private const int SetTimerSlackOption = 29; // PR_SET_TIMERSLACK
    private const int SetNameOption = 15;       // PR_SET_NAME
    private const int IdTypePidFd = 3;          // P_PIDFD
    private const int NoHang = 1;               // WNOHANG
    private const int Exited = 4;               // WEXITED
    private const int NoWait = 0x1000000;       // WNOWAIT
    private const int CodeExited = 1;           // CLD_EXITED: of si_code's values the only one that is no signal

    public static Result PidFdOpen(int processId) => Invoke(SystemCallNumber.PidfdOpen, processId);

    /// <summary>waitid on the pidfd. <c>siginfo_t</c> (128 octets) has si_code at 8, si_pid at 16, si_status at 24.</summary>
    public static Result WaitForChild(int pidFd, out ExitStatus status, bool isLook)
    {
        status = default;
        Span<int> info = stackalloc int[32];
        info.Clear();
        int options = Exited | NoHang | (isLook ? NoWait : 0);
        fixed (int* buffer = info)
        {
            Result result = Invoke(SystemCallNumber.Waitid, IdTypePidFd, pidFd, (nint)buffer, options);
            if (!result.IsOk)
            {
                return result;
            }
        }

        if (info[4] == 0)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        status = new ExitStatus(info[4], info[2] != CodeExited, info[6]);
        return Result.Ok(info[4]);
    }

    public static Result Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        using CString file = new(path);
        using CStringList argv = new(arguments);
        using CStringList envp = new(environment);
        return Invoke(SystemCallNumber.Execve, file.Address, (nint)argv.Pointer, (nint)envp.Pointer);
    }

    public static Result SetTimerSlack(TimeSpan slack)
    {
        // Zero would mean the default slack: the smallest there is, is 1 ns.
        long nanoseconds = Math.Max(1, slack.Ticks * TimeSpan.NanosecondsPerTick);
        return Invoke(SystemCallNumber.Prctl, SetTimerSlackOption, (nint)nanoseconds);
    }

    /// <summary>A thread begins with the mask of its maker, so signals are blocked around the start: no gap is left.</summary>
    public static Result StartThread(string name, Action body)
    {
        Thread thread = new(() => RunNamed(name, body), ThreadStackSize) { Name = name, IsBackground = true };
        Result masked = Signals.BlockSignals(SignalSet.Asynchronous, out SignalSet previous);
        if (!masked.IsOk)
        {
            return masked;
        }

        try
        {
            thread.Start();
            return Result.Ok();
        }
        catch (Exception refused) when (refused is OutOfMemoryException or ThreadStartException)
        {
            return Result.Fail(Errno.EAGAIN);
        }
        finally
        {
            Signals.SetSignals(previous);
        }
    }

    /// <summary>The kernel is told the name as well, of which it keeps 15 octets: not every runtime of .NET passes it on.</summary>
    private static void RunNamed(string name, Action body)
    {
        using (CString told = new(name))
        {
            Invoke(SystemCallNumber.Prctl, SetNameOption, told.Address);
        }

        body();
    }
}
