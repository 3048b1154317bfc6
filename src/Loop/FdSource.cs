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

    private readonly FdHandler? handler;
    private FdEvents interest;
    private FdEvents ready;

    internal FdSource(EventLoop loop, int fd, FdEvents interest, FdHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        Fd = fd;
        this.interest = interest;
        this.handler = handler;
        Wanted = interest;
    }

    /// <summary>A descriptor of a custom source: never called itself.</summary>
    internal FdSource(EventLoop loop, int fd, FdEvents interest, SourceFd part, CustomSource owner)
        : base(loop, owner.Priority, owner.Name, owner.IsOpen ? SourceState.Open : SourceState.Detached)
    {
        Fd = fd;
        this.interest = interest;
        Part = part;
        Wanted = owner.IsOpen ? interest : FdEvents.None;
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
            if (IsOpen && IsActive)
            {
                Wanted = value;
                Loop.Poller.Update(this);
            }
        }
    }

    /// <summary>What the descriptor is to be watched for at present: the interest, or nothing while the source is shut.</summary>
    internal FdEvents Wanted { get; private set; }

    /// <summary>Whose descriptor it is, if a custom source's.</summary>
    internal SourceFd? Part { get; }

    internal Registration? Registration { get; set; }

    internal override bool IsAlwaysReady => Registration is { IsAlwaysReady: true };

    /// <summary>The next source on the same descriptor.</summary>
    internal FdSource? NextOnFd { get; set; }

    /// <summary>Takes what the poller found, and offers itself if that concerns it.</summary>
    internal void Offer(FdEvents events, ReadyBatch batch)
    {
        FdEvents found = Wanted == FdEvents.None ? FdEvents.None : events & (Wanted | Unasked);
        if (found != FdEvents.None)
        {
            ready = found;
            if (List is null)
            {
                batch.Offer(this);
            }
        }
    }

    /// <summary>Tells the custom source whose descriptor it is.</summary>
    internal void TellPart()
    {
        Part!.Ready = ready;
        ready = FdEvents.None;
        Loop.Full.Customs.NoteReady(Part);
    }

    internal override bool Dispatch(long turn)
    {
        FdEvents still = Take();
        if (still == FdEvents.None)
        {
            return false;
        }

        handler!(this, still);
        return true;
    }

    internal override bool DispatchForChild(long turn)
    {
        handler!(this, Take());
        return true;
    }

    internal override void Detach() => Loop.Poller.Detach(this);

    private protected override void Shut()
    {
        Wanted = FdEvents.None;
        Follow();
    }

    private protected override void Open()
    {
        Wanted = interest;
        Follow();
    }

    // A descriptor that was closed meanwhile is forgotten silently, as epoll does.
    private void Follow()
    {
        if (Registration is not null)
        {
            Loop.Poller.TryUpdate(this);
        }
    }

    /// <summary>What was found; a callback before ours may have asked for less.</summary>
    private FdEvents Take()
    {
        FdEvents still = Wanted == FdEvents.None ? FdEvents.None : ready & (Wanted | Unasked);
        ready = FdEvents.None;
        if (List is not null)
        {
            Unflag();
        }

        return still;
    }
}
