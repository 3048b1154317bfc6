using System;

namespace Spindle.Loop;

/// <summary>Something that a loop waits for and answers with a callback. Belongs to one loop, and to its thread.</summary>
public abstract class Source
{
    private int priority;
    private SourceState state;
    private bool isFlagged;

    private protected Source(EventLoop loop, int priority, string name, SourceState state = SourceState.Open)
    {
        Loop = loop;
        Name = name;
        Band = loop.Bands.Join(priority);
        Sequence = loop.NextSequence();
        this.priority = priority;
        this.state = state;
    }

    /// <summary>The loop it belongs to.</summary>
    public EventLoop Loop { get; }

    /// <summary>What people call it; need not be unique.</summary>
    public string Name { get; }

    /// <summary>
    /// Lower goes first, and strictly so: while a source of a lower number is ready, this one waits. Setting it is legal
    /// at any time and puts the source behind all others of its new priority; its children come along.
    /// </summary>
    /// <exception cref="InvalidOperationException">The source is a child: its parent's priority is its own.</exception>
    public int Priority
    {
        get => priority;
        set
        {
            if (!IsActive)
            {
                return;
            }

            Loop.VerifyThread();
            if (Parent is not null)
            {
                throw new InvalidOperationException($"'{this}' is a child of '{Parent}' and has its priority.");
            }

            SourceFamily.Reprioritise(this, value);
        }
    }

    /// <summary>False once the source was removed, or its loop disposed.</summary>
    public bool IsActive => (state & SourceState.Removed) == 0 && !Loop.IsDisposed;

    /// <summary>False: it stays in the loop, but nothing of it is waited for and nothing calls it, also not in this very
    /// turn. A timer keeps its deadline, and what came meanwhile (a signal, say) waits.</summary>
    public bool IsEnabled
    {
        get => (state & SourceState.Disabled) == 0;
        set
        {
            if (IsActive && value != IsEnabled)
            {
                Loop.VerifyThread();
                Change(SourceState.Disabled, !value);
            }
        }
    }

    /// <summary>True: it may be called again while its callback runs the loop (<see cref="EventLoop.Run"/>,
    /// <see cref="EventLoop.Iterate"/>). Otherwise it is blocked there, with its children.</summary>
    public bool CanRecurse { get; set; }

    /// <summary>The source that is called whenever this one is ready, right behind it; null: none.</summary>
    public Source? Parent => Extras?.Parent;

    /// <summary>True while its rate limit keeps it off-line.</summary>
    public bool IsRateLimited => (state & SourceState.Limited) != 0;

    /// <summary>Grows with every source that joins a priority: the order of dispatch within it.</summary>
    internal long Sequence { get; private set; }

    internal Band Band { get; private set; }

    /// <summary>What few sources have; null: nothing of it.</summary>
    internal SourceExtras? Extras { get; private set; }

    /// <summary>True unless something shuts it: it is waited for, and may be called.</summary>
    internal bool IsOpen => state == SourceState.Open;

    /// <summary>True if it is ready until it takes that back, whether or not it is open.</summary>
    internal bool IsFlagged => isFlagged;

    /// <summary>True if it was ready, when called last, by its nature and not because something happened.</summary>
    internal virtual bool IsAlwaysReady => false;

    // The links belong to SourceList.
    internal SourceList? List { get; set; }

    internal Source? Previous { get; set; }

    internal Source? Next { get; set; }

    /// <summary>Ends it: no callback comes from here on, also none that is due in this very turn. Legal from everywhere
    /// on the loop's thread, this source's own callback included, and any number of times. Its children end with it.</summary>
    public void Remove()
    {
        if (!IsActive)
        {
            return;
        }

        Loop.VerifyThread();
        state |= SourceState.Removed;
        List?.Remove(this);
        if (Extras is not null)
        {
            SourceFamily.Dissolve(this);
            Extras.Limiter?.End();
        }

        Detach();
        Loop.Bands.Leave(Band);
    }

    /// <summary>Makes another source a child: it takes this one's priority, goes directly before it, and whenever the
    /// child is ready this source is called as well, once, behind it. A custom source that waits to be attached is.</summary>
    /// <remarks>
    /// A timer called for its child is disarmed as if it were due. An <see cref="FdSource"/> is told what was found on its
    /// own descriptor, which may be nothing. A signal or process source is called only if it has something to tell.
    /// </remarks>
    /// <exception cref="ArgumentException">The other belongs to another loop, was removed, is a child already, or is an
    /// ancestor.</exception>
    public void AddChild(Source child)
    {
        ArgumentNullException.ThrowIfNull(child);
        Loop.VerifyThread();
        SourceFamily.Add(this, child);
    }

    /// <summary>Removes a child, as <see cref="Remove"/> does.</summary>
    /// <exception cref="ArgumentException">It is not a child of this source.</exception>
    public void RemoveChild(Source child)
    {
        ArgumentNullException.ThrowIfNull(child);
        if (child.Parent != this)
        {
            throw new ArgumentException($"'{child}' is no child of '{this}'.", nameof(child));
        }

        child.Remove();
    }

    /// <summary>Lets the source be called at most so often in an interval. Is it ready once more, it goes off-line until
    /// the interval is over, without a turn being spent on it.</summary>
    /// <param name="interval">How long a burst lasts, from its first call on.</param>
    /// <param name="burst">The most calls in an interval.</param>
    /// <param name="notice">Called when the limit bites, and when the source is back.</param>
    public void SetRateLimit(TimeSpan interval, int burst, RateLimitHandler? notice = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        if (!IsActive)
        {
            throw new InvalidOperationException($"'{this}' was removed.");
        }

        Loop.VerifyThread();
        ClearRateLimit();
        RequireExtras().Limiter = new RateLimiter(this, interval, burst, notice);
    }

    /// <summary>Ends a rate limit. A source that is off-line is back at once, without notice.</summary>
    public void ClearRateLimit()
    {
        if (Extras?.Limiter is { } limiter)
        {
            Loop.VerifyThread();
            Extras.Limiter = null;
            limiter.End();
        }
    }

    /// <summary>The name, or the kind.</summary>
    public override string ToString() => Name.Length > 0 ? Name : GetType().Name;

    /// <summary>Calls back, if the source is still ready.</summary>
    /// <returns>False if it no longer was.</returns>
    internal abstract bool Dispatch(long turn);

    /// <summary>Gives back what the source holds in the loop and in the kernel.</summary>
    internal abstract void Detach();

    /// <summary>It was offered, and something of a better priority goes before it: it must not forget what it was told.</summary>
    internal virtual void Displaced()
    {
    }

    /// <summary>Calls back because a child is ready.</summary>
    internal virtual bool DispatchForChild(long turn)
    {
        Unflag();
        return Dispatch(turn);
    }

    /// <summary>Ready from now on, until it takes that back.</summary>
    internal void Flag()
    {
        isFlagged = true;
        if (List is null && IsOpen && !Loop.IsDisposed)
        {
            Band.Flagged.Append(this);
        }
    }

    /// <summary>No longer ready.</summary>
    internal void Unflag()
    {
        isFlagged = false;
        if (List == Band.Flagged)
        {
            List.Remove(this);
        }
    }

    /// <summary>To be called in this turn because a child is ready.</summary>
    internal void Force()
    {
        Extras!.IsForced = true;
        if (List == Band.Due)
        {
            // Behind its child, not in the order of deadlines.
            List.Remove(this);
        }

        Flag();
    }

    /// <summary>Takes back <see cref="Force"/>.</summary>
    /// <returns>True if a child was the reason to call it.</returns>
    internal bool TakeForced()
    {
        if (Extras is not { IsForced: true })
        {
            return false;
        }

        Extras.IsForced = false;
        return true;
    }

    /// <summary>Adds or takes away a reason to be shut.</summary>
    internal void Change(SourceState reason, bool isShut)
    {
        bool wasOpen = IsOpen;
        state = isShut ? state | reason : state & ~reason;
        if (wasOpen == IsOpen)
        {
            return;
        }

        if (wasOpen)
        {
            List?.Remove(this);
            Shut();
        }
        else
        {
            if (isFlagged)
            {
                Flag();
            }

            Open();
        }
    }

    internal SourceExtras RequireExtras() => Extras ??= new SourceExtras();

    /// <summary>Moves to the end of a priority.</summary>
    internal void Move(int to)
    {
        Band old = Band;
        SourceList? list = List;
        priority = to;
        Band = Loop.Bands.Join(to);
        Sequence = Loop.NextSequence();
        if (list is not null)
        {
            list.Remove(this);
            (list == old.Due ? Band.Due : Band.Flagged).Append(this);
        }

        Moved(old);
        Loop.Bands.Leave(old);
    }

    /// <summary>Takes a place in the order of its priority.</summary>
    internal void Place(long sequence)
    {
        if (sequence != Sequence)
        {
            Sequence = sequence;
            Moved(Band);
        }
    }

    /// <summary>It no longer waits for anything: what it has in the poller and in queues goes out of them.</summary>
    private protected virtual void Shut()
    {
    }

    /// <summary>It waits again.</summary>
    private protected virtual void Open()
    {
    }

    /// <summary>Its priority or its place in it is new.</summary>
    private protected virtual void Moved(Band old)
    {
    }
}
