using System;
using System.Runtime.CompilerServices;
using Spindle.Kernels;
using Spindle.Loop.Async;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>Called when a descriptor is ready.</summary>
/// <param name="source">The source; removing it here is legal.</param>
/// <param name="ready">What it is, of what was asked for; <see cref="FdEvents.Error"/> and <see cref="FdEvents.HangUp"/>
/// come unasked. A hint: what was ready may be gone when it is tried (EAGAIN).</param>
public delegate void FdHandler(FdSource source, FdEvents ready);

/// <summary>Watches a descriptor; unless made otherwise level-triggered: as long as it is ready, every turn says so.</summary>
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
    private bool isSpent;

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

    /// <summary>When readiness is told.</summary>
    public FdTrigger Trigger { get; internal init; }

    /// <summary>
    /// True: of several loops, or processes, that watch one file so, the kernel wakes at least one, not all
    /// (<c>EPOLLEXCLUSIVE</c>); for listeners. The descriptor has no other source then, the interest is
    /// <see cref="FdEvents.Readable"/>, <see cref="FdEvents.Writable"/> or both, and cannot be changed, only taken back and
    /// given again. By poll and select all are woken.
    /// </summary>
    public bool IsExclusive { get; internal init; }

    /// <summary>What it is watched for. With <see cref="FdEvents.None"/> it is left alone, errors included.</summary>
    /// <exception cref="InvalidOperationException">The descriptor was closed before the source was removed; or the source
    /// is exclusive and the change is not one from or to nothing.</exception>
    public FdEvents Interest
    {
        get => interest;
        set => Poller.Require(this, Change(value));
    }

    /// <summary>As setting <see cref="Interest"/>, for a program that goes on when the kernel has no more watches or memory; it
    /// may refuse what was watched for nothing before.</summary>
    /// <returns>ENOSPC (too many watches), ENOMEM, EBADF (closed before the source was removed): it is watched for nothing now.</returns>
    /// <exception cref="InvalidOperationException">The source is exclusive and the change is not one from or to nothing.</exception>
    public Result TrySetInterest(FdEvents value)
    {
        Errno error = Change(value);
        if (error != Errno.None)
        {
            Change(FdEvents.None);
        }

        return new Result(0, error);
    }

    /// <summary>What it is to be told at present: the interest, or nothing while the source is shut.</summary>
    internal FdEvents Wanted
    {
        get;
        private set
        {
            field = value;
            Registration?.UpdateCallable();
        }
    }

    /// <summary>What it may be called for the short way, if it is alone on its descriptor: nothing where there is more to do
    /// than the call.</summary>
    internal FdEvents Callable => Trigger == FdTrigger.OneShot || Part is not null || Wanted == FdEvents.None
        ? FdEvents.None
        : Wanted | Unasked;

    /// <summary>What the descriptor is to be watched for at present, which of a spent one-shot is nothing.</summary>
    internal FdEvents Watching => isSpent ? FdEvents.None : Wanted;

    /// <summary>Who awaits the descriptor: those that do share one handler, which is an object less for each.</summary>
    internal AsyncFd? Awaited { get; set; }

    /// <summary>Whose descriptor it is, if a custom source's.</summary>
    internal SourceFd? Part { get; }

    internal Registration? Registration { get; set; }

    internal override bool IsAlwaysReady => Registration is { IsAlwaysReady: true };

    /// <summary>The next source on the same descriptor.</summary>
    internal FdSource? NextOnFd { get; set; }

    /// <summary>Tells readiness anew: of a one-shot source that was told, and of an edge that was told and is still there.</summary>
    /// <exception cref="InvalidOperationException">The descriptor was closed before the source was removed.</exception>
    public void Rearm()
    {
        if (!IsActive || Trigger == FdTrigger.Level)
        {
            return;
        }

        Loop.VerifyThread();
        isSpent = false;
        if (Wanted != FdEvents.None)
        {
            Loop.Poller.Update(this);
        }
    }

    /// <summary>Throws if an exclusive source cannot have this interest.</summary>
    internal void Verify(FdEvents asked)
    {
        if (!IsExclusive)
        {
            return;
        }

        if (Registration is not null && asked != FdEvents.None && interest != FdEvents.None)
        {
            throw new InvalidOperationException($"The interest of '{this}' cannot be changed: it is exclusive.");
        }

        if (Trigger == FdTrigger.OneShot || (asked & ~(FdEvents.Readable | FdEvents.Writable)) != FdEvents.None)
        {
            throw new ArgumentException($"'{this}' cannot be exclusive: that goes with Readable and Writable alone, and not "
                + "with a one-shot.");
        }
    }

    /// <summary>Takes what the poller found, and offers itself if that concerns it.</summary>
    /// <returns>True if that has spent it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Offer(FdEvents events, ReadyBatch batch)
    {
        FdEvents found = Watching == FdEvents.None ? FdEvents.None : events & (Wanted | Unasked);
        if (found == FdEvents.None)
        {
            return false;
        }

        // An edge adds to what was found before and is not told yet.
        ready = Trigger == FdTrigger.Level ? found : ready | found;
        isSpent = Trigger == FdTrigger.OneShot;
        if (List is null)
        {
            batch.Offer(this);
        }

        return isSpent;
    }

    /// <summary>Calls back the short way.</summary>
    /// <param name="found">What was found, of what it may be called for.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Call(FdEvents found) => handler!(this, found);

    /// <summary>What is not told again stays ready until it is dispatched.</summary>
    internal override void Displaced()
    {
        if (Trigger != FdTrigger.Level)
        {
            Flag();
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
        Loop.Turns.EndRow();
        if (ready != FdEvents.None)
        {
            Displaced();
        }

        Wanted = FdEvents.None;
        Follow();
    }

    private protected override void Open()
    {
        Wanted = interest;
        Follow();
    }

    private Errno Change(FdEvents value)
    {
        if (value == interest)
        {
            return Errno.None;
        }

        Loop.VerifyThread();
        Verify(value);
        interest = value;
        if (!IsOpen || !IsActive)
        {
            return Errno.None;
        }

        Wanted = value;
        return Loop.Poller.TryUpdate(this);
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FdEvents Take()
    {
        FdEvents still = Wanted == FdEvents.None ? FdEvents.None : ready & (Wanted | Unasked);
        bool isDropped = isSpent && still == FdEvents.None && ready != FdEvents.None;
        ready = FdEvents.None;
        if (List is not null)
        {
            Unflag();
        }

        if (isDropped)
        {
            TakeBackSpent();
        }

        return still;
    }

    /// <summary>A one-shot that was not told after all is not spent.</summary>
    private void TakeBackSpent()
    {
        isSpent = false;
        Follow();
    }
}
