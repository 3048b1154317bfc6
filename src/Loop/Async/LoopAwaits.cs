using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;

namespace Spindle.Loop.Async;

/// <summary>What is awaited on one loop, and what continues there.</summary>
internal sealed class LoopAwaits
{
    private const int DelaysKeptMax = 256;

    private readonly Stack<DelayAwait> delays = new();
    private PendingAwait? first;

    private LoopAwaits(EventLoop loop)
    {
        Loop = loop;
        Kernel = loop.Kernel;
        Turns = loop.Turns;
        Continuations = new ContinuationSource(loop);
        Context = new LoopSynchronizationContext(this);
        loop.Disposing += End;
    }

    public EventLoop Loop { get; }

    public Kernel Kernel { get; }

    public TurnMaker Turns { get; }

    public ContinuationSource Continuations { get; }

    public LoopSynchronizationContext Context { get; }

    /// <summary>True once the loop goes: nothing can be awaited any more.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Those of a loop.</summary>
    public static LoopAwaits Of(EventLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        if (loop.Awaits is { } known)
        {
            return known;
        }

        loop.VerifyThread();
        ObjectDisposedException.ThrowIf(loop.IsDisposed, loop);
        return loop.Awaits = new LoopAwaits(loop);
    }

    /// <summary>Those of a loop for one more await.</summary>
    public static LoopAwaits Enter(EventLoop loop)
    {
        LoopAwaits awaits = Of(loop);
        awaits.Verify();
        return awaits;
    }

    /// <summary>Throws where nothing can be awaited.</summary>
    public void Verify()
    {
        Loop.VerifyThread();
        VerifyGoing();
    }

    /// <summary>As <see cref="Verify"/>, for what has no effect before the next turn: that one is refused to a forked child.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void VerifyAlone()
    {
        Loop.VerifyThreadAlone();
        VerifyGoing();
    }

    public void Link(PendingAwait pending)
    {
        pending.IsLinked = true;
        pending.Next = first;
        if (first is not null)
        {
            first.Previous = pending;
        }

        first = pending;
    }

    public void Unlink(PendingAwait pending)
    {
        if (pending.Previous is null)
        {
            first = pending.Next;
        }
        else
        {
            pending.Previous.Next = pending.Next;
        }

        if (pending.Next is not null)
        {
            pending.Next.Previous = pending.Previous;
        }

        pending.IsLinked = false;
        pending.Next = null;
        pending.Previous = null;
    }

    /// <summary>As <see cref="Unlink"/>, if it is there.</summary>
    public void Forget(PendingAwait pending)
    {
        if (pending.IsLinked)
        {
            Unlink(pending);
        }
    }

    public DelayAwait TakeDelay() => delays.TryPop(out DelayAwait? known) ? known : new DelayAwait(this);

    /// <summary>Keeps a delay for later.</summary>
    /// <returns>False: enough are kept.</returns>
    public bool Keep(DelayAwait delay)
    {
        if (IsEnding || delays.Count == DelaysKeptMax)
        {
            return false;
        }

        delays.Push(delay);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void VerifyGoing()
    {
        if (IsEnding)
        {
            throw new LoopDisposedException();
        }
    }

    /// <summary>The loop goes: what is awaited ends with an exception, on this very stack.</summary>
    private void End()
    {
        IsEnding = true;
        using LoopSynchronizationContext.Scope scope = Context.Install();
        LoopDisposedException exception = new();
        while (first is { } pending)
        {
            if (pending.IsWaiting)
            {
                pending.Fail(exception, atOnce: false);
            }

            Forget(pending);
        }

        Continuations.RunOut();
    }
}
