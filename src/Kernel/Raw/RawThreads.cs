using System;
using System.Buffers.Text;
using Spindle.Kernels.Linux;

namespace Spindle.Kernels.Raw;

/// <summary>What other threads and children of this process are doing.</summary>
public static unsafe class RawThreads
{
    private const uint CapabilityVersion = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
    private const uint NetworkAdministration = 1 << 12; // CAP_NET_ADMIN

    /// <summary>Makes a call without CAP_NET_ADMIN, which the calling thread has again afterwards if it had it.</summary>
    public static Result WithoutNetworkAdministration(Func<Result> call)
    {
        // The version and a process, 0 for the calling thread; effective, permitted and inheritable, lower half and upper.
        ulong header = CapabilityVersion;
        uint* sets = stackalloc uint[6];
        Result read = SystemCall.Invoke(SystemCallNumber.IsArm64 ? 90 : 125, (nint)(&header), (nint)sets);
        if (!read.IsOk)
        {
            return read;
        }

        uint before = sets[0];
        sets[0] &= ~NetworkAdministration;
        SystemCall.Invoke(SystemCallNumber.IsArm64 ? 91 : 126, (nint)(&header), (nint)sets);
        try
        {
            return call();
        }
        finally
        {
            sets[0] = before;
            SystemCall.Invoke(SystemCallNumber.IsArm64 ? 91 : 126, (nint)(&header), (nint)sets);
        }
    }

    /// <summary>Waits for the end of a child, whoever else may have done so before.</summary>
    public static Result WaitForChild(int processId) => SystemCall.Invoke(SystemCallNumber.IsArm64 ? 260 : 61, processId);

    /// <summary>True if <c>/proc/PID/task/TID/syscall</c> says that the thread sleeps in epoll_wait, poll or read.</summary>
    public static bool SleepsInWait(ReadOnlySpan<byte> text)
    {
        return Utf8Parser.TryParse(text, out int number, out _)
            && (number == SystemCallNumber.EpollPwait || number == RawPolling.Ppoll || number == SystemCallNumber.Read);
    }
}
