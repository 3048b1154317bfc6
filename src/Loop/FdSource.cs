using System;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>Called when a descriptor is ready.</summary>
/// <param name="source">The source; removing it here is legal.</param>
/// <param name="ready">What it is, of what was asked for; <see cref="FdEvents.Error"/> and <see cref="FdEvents.HangUp"/>
/// come unasked. A hint: what was ready may be gone when it is tried (EAGAIN).</param>
public delegate void FdHandler(FdSource source, FdEvents ready);

/// <summary>Watches a descriptor, level-triggered: as long as it is ready, every turn says so.</summary>
/// <remarks>
/// Several sources may watch one descriptor. A kind of file that cannot be watched (a regular file, <c>/dev/null</c>)
/// is always readable and writable, as poll(2) says. The source does not own the descriptor: remove it, then close.
/// </remarks>
public sealed class FdSource : Source
{
    private const FdEvents Unasked = FdEvents.Error | FdEvents.HangUp;

    private readonly FdHandler handler;
    private FdEvents interest;
    private FdEvents ready;
    private long readyTurn;

    internal FdSource(EventLoop loop, int fd, FdEvents interest, FdHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        Fd = fd;
        this.interest = interest;
        this.handler = handler;
    }

    /// <summary>The descriptor.</summary>
    public int Fd { get; }

    /// <summary>What it is watched for. With <see cref="FdEvents.None"/> it is left alone, errors included.</summary>
    /// <exception cref="InvalidOperationException">The descriptor was closed before the source was removed.</exception>
    public FdEvents Interest
    {
        get => interest;
        set
        {
            if (value == interest)
            {
                return;
            }

            Loop.VerifyThread();
            interest = value;
            if (IsActive)
            {
                Loop.Poller.Update(this);
            }
        }
    }

    internal Registration? Registration { get; set; }

    /// <summary>The next source on the same descriptor.</summary>
    internal FdSource? NextOnFd { get; set; }

    /// <summary>Takes what epoll said, and offers itself if that concerns it.</summary>
    internal void Offer(FdEvents events, long turn, ReadyBatch batch)
    {
        FdEvents found = interest == FdEvents.None ? FdEvents.None : events & (interest | Unasked);
        if (found != FdEvents.None)
        {
            ready = found;
            readyTurn = turn;
            batch.Offer(this);
        }
    }

    internal override bool Dispatch(long turn)
    {
        // A callback before ours may have removed us, or asked for less.
        if (Registration is null || readyTurn != turn || interest == FdEvents.None)
        {
            return false;
        }

        FdEvents still = ready & (interest | Unasked);
        readyTurn = 0;
        if (still == FdEvents.None)
        {
            return false;
        }

        handler(this, still);
        return true;
    }

    internal override void Detach() => Loop.Poller.Detach(this);
}
