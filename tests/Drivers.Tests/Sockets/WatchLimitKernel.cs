using Spindle.Kernels;

namespace Spindle.Drivers.Tests.Sockets;

/// <summary>The running kernel, which at times has no more watches to give (<c>fs.epoll.max_user_watches</c>) or no memory.</summary>
public sealed class WatchLimitKernel : LinuxKernel
{
    /// <summary>What the next additions to an epoll fail with.</summary>
    public Errno Refusal { get; set; }

    /// <summary>How many of them fail.</summary>
    public int RefusalsLeft { get; set; }

    public override Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data)
    {
        if (operation == EpollOperation.Add && RefusalsLeft > 0)
        {
            RefusalsLeft--;
            return Result.Fail(Refusal);
        }

        return base.EpollControl(epollFd, operation, fd, events, data);
    }
}
