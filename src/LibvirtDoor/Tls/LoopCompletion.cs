using System;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>Something awaited that the loop's thread completes; what waits for it goes on there and then.</summary>
internal sealed class LoopCompletion : IValueTaskSource<int>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<int> core;

    /// <summary>True: somebody waits.</summary>
    public bool IsPending { get; private set; }

    public ValueTask<int> BeginWithCount()
    {
        core.Reset();
        IsPending = true;
        return new ValueTask<int>(this, core.Version);
    }

    public ValueTask Begin()
    {
        core.Reset();
        IsPending = true;
        return new ValueTask(this, core.Version);
    }

    public void Complete(int count)
    {
        SynchronizationContext? before = Leave();
        try
        {
            core.SetResult(count);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Fail(Exception exception)
    {
        SynchronizationContext? before = Leave();
        try
        {
            core.SetException(exception);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    int IValueTaskSource<int>.GetResult(short token) => core.GetResult(token);

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    // Under a context of its own a task hands what waits for it to the thread pool.
    private SynchronizationContext? Leave()
    {
        IsPending = false;
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        return before;
    }
}
