using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Async;

/// <summary>Awaiting the jobs of a <see cref="WorkerPool"/>, on its loop's thread.</summary>
public static class WorkerPoolAwaits
{
    /// <summary>Runs a function on a worker and comes back to the loop with its result, or with what it threw.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="work">Runs on a worker; sees nothing but what it was given.</param>
    /// <param name="priority">Which workers it may wait for.</param>
    /// <param name="cancellation">Takes the job back while it waits, which ends the await; while it runs, only its token is
    /// cancelled, and the await goes on until it ends.</param>
    /// <exception cref="WorkRefusedException">The pool did not take the job: thrown at once.</exception>
    public static ValueTask<TResult> RunAsync<TResult>(
        this WorkerPool pool,
        Func<CancellationToken, TResult> work,
        JobPriority priority = JobPriority.Ordinary,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(work);
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TResult>(cancellation);
        }

        AwaitedJob<TResult> job = new(pool, work, priority, cancellation);
        ValueTask<TResult> wait = job.Wait();
        Result queued = pool.Queue(job);
        if (queued.IsOk)
        {
            return wait;
        }

        // Cancelled in this very moment, or refused: what waits is settled, so that nothing is left behind.
        Exception refusal = queued.Is(Errno.ECANCELED)
            ? new OperationCanceledException(cancellation)
            : new WorkRefusedException(queued.Error);
        job.Refuse(refusal);
        return queued.Is(Errno.ECANCELED) ? wait : throw refusal;
    }

    /// <inheritdoc cref="RunAsync{TResult}(WorkerPool, Func{CancellationToken, TResult}, JobPriority, CancellationToken)"/>
    public static ValueTask<TResult> RunAsync<TResult>(
        this WorkerPool pool,
        Func<TResult> work,
        JobPriority priority = JobPriority.Ordinary,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(pool, _ => work(), priority, cancellation);
    }

    /// <summary>As <see cref="WorkerPool.Drain"/>.</summary>
    /// <returns>True if nothing is left, false if time ran out.</returns>
    public static ValueTask<bool> DrainAsync(this WorkerPool pool, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ResultAwait<bool> pending = new(LoopAwaits.Enter(pool.Loop));
        pool.Drain(deadline, isInTime => Settle(pending, isInTime));
        return pending.Wait();
    }

    /// <summary>As <see cref="WorkerPool.Stop"/>.</summary>
    /// <returns>True if all jobs are done and all threads have left, false if time ran out.</returns>
    public static ValueTask<bool> StopAsync(this WorkerPool pool, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ResultAwait<bool> pending = new(LoopAwaits.Enter(pool.Loop));
        pool.Stop(deadline, isInTime => Settle(pending, isInTime));
        return pending.Wait();
    }

    private static void Settle(ResultAwait<bool> pending, bool isInTime)
    {
        if (pending.IsWaiting)
        {
            pending.Complete(isInTime, atOnce: true);
        }
    }
}
