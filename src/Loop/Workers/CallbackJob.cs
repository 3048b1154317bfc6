using System;
using System.Threading;

namespace Spindle.Loop.Workers;

/// <summary>A job that answers with a callback on the loop.</summary>
internal sealed class CallbackJob(
    WorkerPool pool, Delegate work, Action<Exception?> completed, JobPriority priority, CancellationToken cancellation)
    : WorkerJob(pool, priority, cancellation)
{
    public override void Complete() => completed(Thrown);

    private protected override void Work(CancellationToken stopping)
    {
        if (work is Action plain)
        {
            plain();
            return;
        }

        Action<CancellationToken> cancellable = (Action<CancellationToken>)work;
        if (!Cancellation.CanBeCanceled)
        {
            cancellable(stopping);
            return;
        }

        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(Cancellation, stopping);
        cancellable(either.Token);
    }
}
