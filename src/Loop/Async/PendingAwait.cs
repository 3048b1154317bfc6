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
    private Action<object?>? continuation;
    private object? continuationState;
    private ExecutionContext? executionContext;
    private SynchronizationContext? foreignContext;
    private CancellationToken cancellation;
    private CancellationTokenRegistration registration;
    private ExceptionDispatchInfo? error;
    private Stage stage;
    private short version;
    private int cancelledVersion = -1;

    private enum Stage
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
        error = ExceptionDispatchInfo.Capture(exception);
        Settle(atOnce);
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Verify(token);
        return stage != Stage.Settled ? ValueTaskSourceStatus.Pending
            : error is null ? ValueTaskSourceStatus.Succeeded
            : error.SourceException is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Verify(token);
        Awaits.Loop.VerifyThreadAlone();
        if (this.continuation is not null)
        {
            throw new InvalidOperationException("This was awaited already.");
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0)
        {
            executionContext = ExecutionContext.Capture();
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0
            && SynchronizationContext.Current is { } context && context != Awaits.Context)
        {
            foreignContext = context;
        }

        this.continuation = continuation;
        continuationState = state;
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
            this.cancellation = cancellation;
            registration = cancellation.UnsafeRegister(static pending => ((PendingAwait)pending!).Cancel(), this);
        }
    }

    /// <summary>It waits no longer: its outcome is there.</summary>
    protected void Settle(bool atOnce)
    {
        if (cancellation.CanBeCanceled)
        {
            // A cancellation that runs right now on another thread is over after this.
            registration.Dispose();
            registration = default;
        }

        stage = Stage.Settled;
        if (!staysLinked)
        {
            Awaits.Unlink(this);
        }

        LetGo();
        if (continuation is null)
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
        if (cancellation.CanBeCanceled)
        {
            cancellation = default;
        }

        if (error is null)
        {
            Recycle();
            return;
        }

        ExceptionDispatchInfo thrown = error;
        error = null;
        Recycle();
        thrown.Throw();
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
        Volatile.Write(ref cancelledVersion, version);
        Awaits.Loop.Post(static pending => ((PendingAwait)pending!).CancelPosted(), this);
    }

    private void CancelPosted()
    {
        if (Volatile.Read(ref cancelledVersion) == version)
        {
            CancelNow();
        }
    }

    private void CancelNow()
    {
        if (IsWaiting)
        {
            Fail(new OperationCanceledException(cancellation), atOnce: false);
        }
    }

    private void ContinueLater() =>
        Awaits.Continuations.Add(static pending => ((PendingAwait)pending!).Continue(), this);

    private void Continue()
    {
        Action<object?> call = continuation!;
        object? state = continuationState;
        SynchronizationContext? elsewhere = foreignContext;
        ExecutionContext? context = executionContext;
        continuation = null;
        continuationState = null;
        if (elsewhere is not null)
        {
            foreignContext = null;
        }

        if (context is not null)
        {
            executionContext = null;
        }

        // From here on it may have begun anew: nothing of it is touched.
        if (elsewhere is null && context is null)
        {
            call(state);
        }
        else if (elsewhere is null)
        {
            ExecutionContext.Run(context!, new ContextCallback(call), state);
        }
        else
        {
            elsewhere.Post(new SendOrPostCallback(call), state);
        }
    }
}
