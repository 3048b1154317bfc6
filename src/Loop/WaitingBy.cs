namespace Spindle.Loop;

/// <summary>How a loop waits for its descriptors. What it tells is the same by all of them.</summary>
public enum WaitingBy
{
    /// <summary>epoll: the cost of a turn follows what is ready, not what is watched. The default.</summary>
    Epoll,

    /// <summary>poll: every turn hands all descriptors to the kernel. For a handful, or as a yardstick.</summary>
    Poll,

    /// <summary>select: as poll, and descriptors from 1024 on are refused. While one is watched for
    /// <see cref="FdEvents.ReadHangUp"/> or <see cref="FdEvents.Priority"/> without <see cref="FdEvents.Readable"/>, which
    /// select cannot tell apart from data, the loop waits by poll.</summary>
    Select,

    /// <summary>io_uring, Linux 6.1: multishot polls, changes handed over by the system call that waits. Where the kernel
    /// refuses it the loop takes epoll and says why in <see cref="EventLoop.FallbackReason"/>.</summary>
    IoUring,
}
