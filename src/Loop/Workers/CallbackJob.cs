using System;
using System.Threading;

namespace Spindle.Loop.Workers;

/// <summary>A job that answers with a callback on the loop. One that cannot be cancelled is used again afterwards: nobody but the
/// pool has ever known of it.</summary>
internal sealed class CallbackJob : WorkerJob
{
    private static readonly Action Nothing = static () => { };
    private static readonly Action<Exception?> Nobody = static _ => { };

    private Delegate work;
    private Action<Exception?> completed;

    public CallbackJob(
        WorkerPool pool, Delegate work, Action<Exception?> completed, JobPriority priority, CancellationToken cancellation)
        : base(pool, priority, cancellation)
    {
        this.work = work;
        this.completed = completed;
    }

    /// <summary>True: once it is complete nobody knows of it.</summary>
    public bool IsReusable => !Cancellation.CanBeCanceled;

    /// <summary>Takes on other work, as if it were new.</summary>
    public void Renew(Delegate next, Action<Exception?> told, JobPriority priority)
    {
        Renew(priority);
        work = next;
        completed = told;
    }

    public override void Complete() => completed(Thrown);

    /// <summary>Lets go of what it was about.</summary>
    public void Clear()
    {
        work = Nothing;
        completed = Nobody;
    }

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
