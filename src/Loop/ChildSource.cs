using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>Called when a child has ended.</summary>
/// <param name="source">The source, removed by then.</param>
/// <param name="status">How it ended; the child is waited for, unless <see cref="ChildSource.LeavesStatus"/>.</param>
public delegate void ChildHandler(ChildSource source, ExitStatus status);

/// <summary>Watches for the end of a child, by its pidfd: the number cannot come to mean another process meanwhile.</summary>
/// <remarks>
/// Removed before the child ended, it leaves the child for somebody else to wait for, unless
/// <see cref="KillsOnRemoval"/>. If somebody else has waited for the child first, only they know how it ended:
/// the status is <see cref="ExitStatus.Unknown"/>.
/// </remarks>
public sealed class ChildSource : Source
{
    private const int SignalKill = 9;

    private readonly ChildHandler handler;
    private int pidFd;
    private bool isReaping;

    internal ChildSource(
        EventLoop loop, int processId, int pidFd, ChildHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        ProcessId = processId;
        this.pidFd = pidFd;
        this.handler = handler;
        loop.Poller.AddWaker(pidFd, SeeEnd);
        loop.Hold(this);
    }

    /// <summary>The child.</summary>
    public int ProcessId { get; }

    /// <summary>True: the child is ours alone. If the source is removed while the child runs, the child is killed, and the
    /// loop waits for it without a word; if the loop is disposed, it is killed as well.</summary>
    public bool KillsOnRemoval { get; set; }

    /// <summary>True: the loop tells how the child ended and does not wait for it (<c>WNOWAIT</c>): whoever does so afterwards, a
    /// library that has started the child for instance, finds the exit status there.</summary>
    public bool LeavesStatus { get; set; }

    /// <summary>Sends the child a signal; it cannot reach another process, however long ago the child ended.</summary>
    /// <returns>ESRCH if it has ended.</returns>
    public Result Send(int signal) =>
        pidFd < 0 ? Result.Fail(Errno.ESRCH) : Loop.Kernel.SendSignalTo(pidFd, signal);

    internal override bool Dispatch(long turn)
    {
        ExitStatus status;
        Result result = LeavesStatus
            ? Loop.Kernel.LookAtChild(pidFd, out status)
            : Loop.Kernel.WaitForChild(pidFd, out status);
        if (result.Is(Errno.EAGAIN))
        {
            Unflag();
            return false;
        }

        Close();
        Remove();
        handler(this, result.IsOk ? status : ExitStatus.Unknown(ProcessId));
        return true;
    }

    internal override void Detach()
    {
        if (pidFd < 0)
        {
            return;
        }

        // Not removed, and yet detached: the loop goes. And of what a removed source still reaps the loop goes, too.
        bool isLast = IsActive || isReaping;
        if (KillsOnRemoval && !isReaping)
        {
            Loop.Kernel.SendSignalTo(pidFd, SignalKill);
            isReaping = Loop.Kernel.WaitForChild(pidFd, out _).Is(Errno.EAGAIN);
        }

        if (!isReaping || isLast)
        {
            Close();
        }
    }

    private void SeeEnd()
    {
        if (!isReaping)
        {
            Flag();
        }
        else if (!Loop.Kernel.WaitForChild(pidFd, out _).Is(Errno.EAGAIN))
        {
            Close();
        }
    }

    private void Close()
    {
        Loop.Poller.RemoveWaker(pidFd);
        Loop.Kernel.Close(pidFd);
        Loop.Release(this);
        pidFd = -1;
    }
}
