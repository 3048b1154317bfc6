using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Spindle.Loop.Async;

/// <summary>What few awaits need: cancellation, an exception, another context to continue in. Made once for each that does.</summary>
internal sealed class PendingExtras
{
    /// <summary>The version of the await that was cancelled from another thread.</summary>
    public int CancelledVersion = -1;

    public ExecutionContext? ExecutionContext { get; set; }

    public SynchronizationContext? ForeignContext { get; set; }

    public CancellationToken Cancellation { get; set; }

    public CancellationTokenRegistration Registration { get; set; }

    public ExceptionDispatchInfo? Error { get; set; }

    /// <summary>A cancellation that runs right now on another thread is over after this.</summary>
    public void EndRegistration()
    {
        if (Cancellation.CanBeCanceled)
        {
            Registration.Dispose();
            Registration = default;
        }
    }

    /// <summary>The await is over.</summary>
    /// <returns>What it ended with.</returns>
    public ExceptionDispatchInfo? Clear()
    {
        ExceptionDispatchInfo? error = Error;
        Error = null;
        Cancellation = default;
        return error;
    }

    public void Continue(Action<object?> call, object? state)
    {
        SynchronizationContext? elsewhere = ForeignContext;
        ExecutionContext? context = ExecutionContext;
        ForeignContext = null;
        ExecutionContext = null;

        // From here on the await may have begun anew: nothing of it is touched.
        if (elsewhere is not null)
        {
            elsewhere.Post(new SendOrPostCallback(call), state);
        }
        else if (context is not null)
        {
            ExecutionContext.Run(context, new ContextCallback(call), state);
        }
        else
        {
            call(state);
        }
    }
}
