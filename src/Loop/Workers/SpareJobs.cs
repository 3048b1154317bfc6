using System;
using System.Collections.Generic;
using System.Threading;

namespace Spindle.Loop.Workers;

/// <summary>Jobs of a pool that are over and can be used again: calls one after the other leave no garbage.</summary>
internal sealed class SpareJobs(WorkerPool pool)
{
    // As many as are on their way at one time, as a rule; what a burst needed beyond that is let go.
    private const int Most = 64;

    // Not the pool's lock: that one is held while decisions are made.
    private readonly Lock gate = new();
    private readonly Stack<CallbackJob> spare = new();

    /// <summary>Any thread.</summary>
    public CallbackJob Take(Delegate work, Action<Exception?> completed, JobPriority priority, CancellationToken cancellation)
    {
        CallbackJob? job = null;
        if (!cancellation.CanBeCanceled)
        {
            lock (gate)
            {
                spare.TryPop(out job);
            }
        }

        if (job is null)
        {
            return new CallbackJob(pool, work, completed, priority, cancellation);
        }

        job.Renew(work, completed, priority);
        return job;
    }

    /// <summary>On the loop: a job is over.</summary>
    public void Give(WorkerJob over)
    {
        if (over is not CallbackJob { IsReusable: true } job)
        {
            return;
        }

        job.Clear();
        lock (gate)
        {
            if (spare.Count < Most)
            {
                spare.Push(job);
            }
        }
    }
}
