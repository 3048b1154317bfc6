using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Async;

/// <summary>A job whose result is awaited.</summary>
internal sealed class AwaitedJob<TResult>(
    WorkerPool pool, Func<CancellationToken, TResult> work, JobPriority priority, CancellationToken cancellation)
    : WorkerJob(pool, priority, cancellation)
{
    private readonly ResultAwait<TResult> pending = new(LoopAwaits.Enter(pool.Loop));
    private TResult? result;

    public ValueTask<TResult> Wait() => pending.Wait();

    /// <summary>It was not taken: nothing waits for it.</summary>
    public void Refuse(Exception exception) => pending.Fail(exception, atOnce: false);

    public override void Complete()
    {
        if (!pending.IsWaiting)
        {
            return;
        }

        if (Thrown is null)
        {
            pending.Complete(result!, atOnce: true);
        }
        else
        {
            pending.Fail(Thrown, atOnce: true);
        }
    }

    private protected override void Work(CancellationToken stopping)
    {
        if (!Cancellation.CanBeCanceled)
        {
            result = work(stopping);
            return;
        }

        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(Cancellation, stopping);
        result = work(either.Token);
    }
}
