using System;
using System.Buffers.Text;
using Spindle.Kernels.Linux;

namespace Spindle.Kernels.Raw;

/// <summary>What other threads and children of this process are doing.</summary>
public static class RawThreads
{
    /// <summary>Waits for the end of a child, whoever else may have done so before.</summary>
    public static Result WaitForChild(int processId) => SystemCall.Invoke(SystemCallNumber.IsArm64 ? 260 : 61, processId);

    /// <summary>True if <c>/proc/PID/task/TID/syscall</c> says that the thread sleeps in epoll_wait, poll or read.</summary>
    public static bool SleepsInWait(ReadOnlySpan<byte> text)
    {
        return Utf8Parser.TryParse(text, out int number, out _)
            && (number == SystemCallNumber.EpollPwait || number == RawPolling.Ppoll || number == SystemCallNumber.Read);
    }
}
