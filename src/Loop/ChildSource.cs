using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>Called when a child has ended.</summary>
/// <param name="source">The source, removed by then.</param>
/// <param name="status">How it ended; the child is waited for.</param>
public delegate void ChildHandler(ChildSource source, ExitStatus status);

/// <summary>Watches for the end of a child, by its pidfd: the number cannot come to mean another process meanwhile.</summary>
/// <remarks>Removed before the child ended, it leaves the child for somebody else to wait for.</remarks>
public sealed class ChildSource : Source
{
    private readonly ChildHandler handler;
    private int pidFd;

    internal ChildSource(
        EventLoop loop, int processId, int pidFd, ChildHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        ProcessId = processId;
        this.pidFd = pidFd;
        this.handler = handler;
        loop.Poller.AddWaker(pidFd, Flag);
        loop.Hold(this);
    }

    /// <summary>The child.</summary>
    public int ProcessId { get; }

    internal override bool Dispatch(long turn)
    {
        Result result = Loop.Kernel.WaitForChild(pidFd, out ExitStatus status);
        if (result.Is(Errno.EAGAIN))
        {
            Unflag();
            return false;
        }

        // ECHILD: somebody else has waited for it, and only they know how it ended.
        Remove();
        handler(this, result.IsOk ? status : new ExitStatus(ProcessId, IsSignalled: false, Code: -1));
        return true;
    }

    internal override void Detach()
    {
        if (pidFd < 0)
        {
            return;
        }

        Loop.Poller.RemoveWaker(pidFd);
        Loop.Kernel.Close(pidFd);
        Loop.Release(this);
        pidFd = -1;
    }
}
