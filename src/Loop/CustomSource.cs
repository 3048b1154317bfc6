using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>A kind of source of your own, in GLib's way: asked before each wait and after it whether it is ready.</summary>
/// <remarks>
/// A turn with custom sources goes over them twice, best priority first, in the order of attachment, and no further than
/// the best priority that is ready. One that said yes stays ready, unasked, until it is called. <see cref="Prepare"/> and
/// <see cref="Check"/> may change sources, but not run the loop. It takes part from <see cref="Attach"/> on.
/// </remarks>
public abstract class CustomSource : Source
{
    private readonly List<SourceFd> descriptors = [];
    private long readyAt = Instant.Never.Nanoseconds;
    private bool isAttached;

    /// <summary>A source that is not attached yet.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    protected CustomSource(EventLoop loop, int priority = global::Spindle.Loop.Priority.Default, string name = "")
        : base(Verified(loop), priority, name, SourceState.Detached)
    {
    }

    /// <summary>True from <see cref="Attach"/> on.</summary>
    public bool IsAttached => isAttached;

    /// <summary>
    /// From this instant of the monotonic clock on it is ready, whatever it answers; <see cref="Instant.Never"/>: not by
    /// time. It is not reset by being called. May be set from any thread; that wakes a loop that waits.
    /// </summary>
    public Instant ReadyAt
    {
        get => new(Volatile.Read(ref readyAt));
        set
        {
            if (Interlocked.Exchange(ref readyAt, value.Nanoseconds) != value.Nanoseconds)
            {
                Loop.NoteChange();
            }
        }
    }

    internal override bool IsAlwaysReady => IsReadyUnasked;

    /// <summary>True if prepare said yes, or a time that has come: nothing else happened.</summary>
    internal bool IsReadyUnasked { get; set; }

    // The links belong to CustomTable.
    internal CustomSource? PreviousCustom { get; set; }

    internal CustomSource? NextCustom { get; set; }

    /// <summary>Joins the loop, behind all others of its priority.</summary>
    /// <exception cref="InvalidOperationException">It is attached already, or was removed, or it is a child, which is attached
    /// with its parent.</exception>
    public void Attach()
    {
        if (isAttached || !IsActive || Parent is not null)
        {
            string why = Parent is null ? "is attached already, or was removed" : "is a child: its parent is to be attached";
            throw new InvalidOperationException($"'{this}' {why}.");
        }

        Loop.VerifyThread();
        Place(Loop.NextSequence());
        SourceFamily.Attach(this);
        BeAttached();
    }

    /// <summary>Watches a descriptor for this source: when it is ready, so is the source.</summary>
    /// <param name="fd">The descriptor; stays the caller's.</param>
    /// <param name="interest">What for.</param>
    /// <exception cref="ArgumentException">The kernel refuses it.</exception>
    public SourceFd AddFd(int fd, FdEvents interest)
    {
        if (!IsActive)
        {
            throw new InvalidOperationException($"'{this}' was removed.");
        }

        Loop.VerifyThread();
        SourceFd part = new(this, fd, interest);
        descriptors.Add(part);
        return part;
    }

    internal void BeAttached()
    {
        if (!isAttached)
        {
            isAttached = true;
            Loop.Full.Customs.Add(this);
            Loop.Turns.RequireFull(LoopFeatures.Customs);
            Change(SourceState.Detached, isShut: false);
            foreach (Source child in Extras?.Children ?? [])
            {
                (child as CustomSource)?.BeAttached();
            }
        }
    }

    internal void Forget(SourceFd part) => descriptors.Remove(part);

    internal bool CallPrepare(out TimeSpan? timeout) => Prepare(out timeout);

    internal bool CallCheck() => Check();

    internal bool HasReadyFd()
    {
        foreach (SourceFd part in descriptors)
        {
            if (part.Ready != FdEvents.None)
            {
                return true;
            }
        }

        return false;
    }

    internal sealed override bool Dispatch(long turn)
    {
        Unflag();
        if (!Dispatch())
        {
            Remove();
        }

        return true;
    }

    internal sealed override void Detach()
    {
        while (descriptors.Count > 0)
        {
            descriptors[^1].Remove();
        }

        if (isAttached)
        {
            Loop.Full.Customs.Remove(this, Band);
            Loop.Turns.ReleaseFull(LoopFeatures.Customs);
        }

        Removed();
    }

    /// <summary>Before the wait: is it ready already?</summary>
    /// <param name="timeout">If not: how long the loop may wait at most before it checks; null: without end.</param>
    protected abstract bool Prepare(out TimeSpan? timeout);

    /// <summary>After the wait: is it ready? One of its descriptors being ready is reason enough, whatever the answer.</summary>
    protected abstract bool Check();

    /// <summary>It is ready, and its turn has come.</summary>
    /// <returns>False to end it.</returns>
    protected abstract bool Dispatch();

    /// <summary>It was removed, or its loop disposed: the last call it gets.</summary>
    protected virtual void Removed()
    {
    }

    private protected override void Shut() => descriptors.ForEach(static part => part.Follow());

    private protected override void Open() => descriptors.ForEach(static part => part.Follow());

    private protected override void Moved(Band old)
    {
        if (isAttached)
        {
            Loop.Full.Customs.Reorder(this, old);
        }

        if (old != Band)
        {
            descriptors.ForEach(static part => part.Follow());
        }
    }

    private static EventLoop Verified(EventLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        loop.VerifyOpen();
        return loop;
    }
}
