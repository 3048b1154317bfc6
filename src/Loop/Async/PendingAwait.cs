using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks.Sources;

namespace Spindle.Loop.Async;

/// <summary>Something awaited on a loop, used again and again: an await of it allocates nothing.</summary>
/// <remarks>
/// It begins, is settled by its source (or by cancellation, or the loop's end), and is free again once the awaiting method
/// has taken the result. Settled in a source's callback, it continues the method at once, on that callback's stack; settled
/// from elsewhere on the loop, in a later turn: so no method runs inside another's call of Cancel or Dispose.
/// All on the loop's thread, but for cancellation.
/// </remarks>
/// <param name="awaits">The loop's.</param>
/// <param name="staysLinked">True: stays among those that wait until it is unlinked, being about to wait again most of the time.</param>
internal abstract class PendingAwait(LoopAwaits awaits, bool staysLinked)
{
    // What every await needs comes first and is little: where many wait, each line of the cache is a miss.
    private Action<object?>? continuation;
    private object? continuationState;
    private PendingExtras? extras;
    private Stage stage;
    private bool isContinued;
    private short version;

    private enum Stage : byte
    {
        Free,
        Waiting,
        Settled,
    }

    /// <summary>True from its beginning until it is settled.</summary>
    public bool IsWaiting => stage == Stage.Waiting;

    /// <summary>True if it can begin.</summary>
    public bool IsFree => stage == Stage.Free;

    public LoopAwaits Awaits { get; } = awaits;

    // The links belong to LoopAwaits.
    public bool IsLinked { get; set; }

    public PendingAwait? Previous { get; set; }

    public PendingAwait? Next { get; set; }

    /// <summary>What the current await is known by.</summary>
    protected short Version => version;

    /// <summary>Settles it with an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="atOnce">True: continues on this stack; false: in a later turn.</param>
    public void Fail(Exception exception, bool atOnce)
    {
        RequireExtras().Error = ExceptionDispatchInfo.Capture(exception);
        Settle(atOnce);
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Verify(token);
        return stage != Stage.Settled ? ValueTaskSourceStatus.Pending
            : extras?.Error is not { } error ? ValueTaskSourceStatus.Succeeded
            : error.SourceException is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Verify(token);
        Awaits.Loop.VerifyThreadAlone();
        if (isContinued)
        {
            throw new InvalidOperationException("This was awaited already.");
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
        {
            RequireExtras().ExecutionContext = ExecutionContext.Capture();
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0
            && SynchronizationContext.Current is { } context && context != Awaits.Context)
        {
            RequireExtras().ForeignContext = context;
        }

        KeepContinuation(continuation, state);
        if (stage == Stage.Settled)
        {
            ContinueLater();
        }
    }

    /// <summary>It waits from here on.</summary>
    protected void Begin(CancellationToken cancellation)
    {
        stage = Stage.Waiting;
        if (!IsLinked)
        {
            Awaits.Link(this);
        }

        if (cancellation.CanBeCanceled)
        {
            PendingExtras known = RequireExtras();
            known.Cancellation = cancellation;
            known.Registration = cancellation.UnsafeRegister(static pending => ((PendingAwait)pending!).Cancel(), this);
        }
    }

    /// <summary>It waits no longer: its outcome is there.</summary>
    protected void Settle(bool atOnce)
    {
        extras?.EndRegistration();
        stage = Stage.Settled;
        if (!staysLinked)
        {
            Awaits.Unlink(this);
        }

        LetGo();
        if (!isContinued)
        {
            return;
        }

        if (atOnce)
        {
            Continue();
        }
        else
        {
            ContinueLater();
        }
    }

    /// <summary>The result is taken: free again. Throws what it was settled with.</summary>
    protected void Finish(short token)
    {
        Verify(token);
        if (stage != Stage.Settled)
        {
            throw new InvalidOperationException("The result is not there yet: await it.");
        }

        version++;
        stage = Stage.Free;
        ExceptionDispatchInfo? thrown = extras?.Clear();
        Recycle();
        thrown?.Throw();
    }

    /// <summary>Lets go of what was to continue last.</summary>
    public void DropContinuation()
    {
        if (!isContinued)
        {
            continuation = null;
            continuationState = null;
        }
    }

    /// <summary>Gives back what it needed only to wait.</summary>
    protected abstract void LetGo();

    /// <summary>It is free, and may be put away for later.</summary>
    protected virtual void Recycle()
    {
    }

    private void Verify(short token)
    {
        if (token != version)
        {
            throw new InvalidOperationException("The result was taken already: a ValueTask can be awaited once.");
        }
    }

    /// <summary>Any thread.</summary>
    private void Cancel()
    {
        if (Awaits.Loop.IsOwnThread)
        {
            CancelNow();
            return;
        }

        // The version stands still: it changes only after the registration was disposed, which waits for us.
        Volatile.Write(ref extras!.CancelledVersion, version);
        Awaits.Loop.Post(static pending => ((PendingAwait)pending!).CancelPosted(), this);
    }

    private void CancelPosted()
    {
        if (Volatile.Read(ref extras!.CancelledVersion) == version)
        {
            CancelNow();
        }
    }

    private void CancelNow()
    {
        if (IsWaiting)
        {
            Fail(new OperationCanceledException(extras!.Cancellation), atOnce: false);
        }
    }

    private void ContinueLater() =>
        Awaits.Continuations.Add(static pending => ((PendingAwait)pending!).Continue(), this);

    // Most of the time the same method waits again: storing what is there already would cost the collector's barrier, twice.
    private void KeepContinuation(Action<object?> call, object? state)
    {
        isContinued = true;
        if (continuation != (object)call)
        {
            continuation = call;
        }

        if (continuationState != state)
        {
            continuationState = state;
        }
    }

    private void Continue()
    {
        Action<object?> call = continuation!;
        object? state = continuationState;
        isContinued = false;
        if (!staysLinked)
        {
            DropContinuation();
        }

        // From there on it may have begun anew: nothing of it is touched.
        if (extras is null)
        {
            call(state);
        }
        else
        {
            extras.Continue(call, state);
        }
    }

    private PendingExtras RequireExtras() => extras ??= new PendingExtras();
}
