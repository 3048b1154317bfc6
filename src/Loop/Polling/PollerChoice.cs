using System;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Makes the poller that the options ask for.</summary>
internal static class PollerChoice
{
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="fallbackReason">Why it is another one; null: it is not.</param>
    public static Poller Make(Kernel kernel, EventLoopOptions options, out string? fallbackReason)
    {
        fallbackReason = null;
        ArgumentOutOfRangeException.ThrowIfNegative(options.EventsMax);
        if (options.BusyPolling is not null && options.Waiting != WaitingBy.Epoll)
        {
            throw new ArgumentException($"Busy polling goes with epoll, not with {options.Waiting}.");
        }

        return options.Waiting switch
        {
            WaitingBy.Epoll => new EpollPoller(kernel, options.EventsMax, options.BusyPolling),
            WaitingBy.Poll => new PollPoller(kernel),
            WaitingBy.Select => new SelectPoller(kernel),
            WaitingBy.IoUring => MakeIoUring(kernel, options, out fallbackReason),
        };
    }

    /// <summary>A poller on the ring, or on epoll if there is none.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="created">What the kernel said when it was asked for the ring.</param>
    /// <param name="ring">The ring.</param>
    /// <param name="fallbackReason">Why it is epoll; null: it is not.</param>
    internal static Poller Make(
        Kernel kernel, EventLoopOptions options, Result created, IoUring? ring, out string? fallbackReason)
    {
        if (ring is not null)
        {
            fallbackReason = null;
            return new IoUringPoller(kernel, ring);
        }

        fallbackReason =
            $"The kernel refuses io_uring ({created.Error}: {Explain(created.Error)}); the loop waits by epoll.";
        return new EpollPoller(kernel, options.EventsMax, busyPolling: null);
    }

    private static Poller MakeIoUring(Kernel kernel, EventLoopOptions options, out string? fallbackReason)
    {
        Result created = IoUringPoller.CreateRing(kernel, out IoUring? ring);
        return Make(kernel, options, created, ring, out fallbackReason);
    }

    private static string Explain(Errno error) => error switch
    {
        Errno.ENOSYS => "it has none",
        Errno.EPERM or Errno.EACCES => "kernel.io_uring_disabled, or a filter of system calls",
        Errno.EINVAL => "older than Linux 6.1",
        _ => "no room",
    };
}
