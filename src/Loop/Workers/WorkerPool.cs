using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Workers;

/// <summary>
/// Threads for what may block: a slow disk, a key derivation, a request that takes its time. A job runs on one of them and
/// sees nothing but what it was given; its outcome comes back to the loop, as a post.
/// </summary>
/// <remarks>
/// There is one queue, in the order of coming. Workers beyond the minimum come as jobs need them, each job of a burst its
/// own until the maximum is reached, and leave when they were idle for a while. Priority workers take high jobs alone.
/// A job may be started from any thread, a running job's too; all other members belong to the loop's thread.
/// A pool ends with its loop: jobs that wait are dropped then, and those that run come back to nobody.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly EventLoop loop;
    private readonly string name;
    private readonly WorkerRoster roster;
    private readonly SpareJobs spare;
    private readonly CancellationTokenSource stopping = new();
    private readonly List<PoolWait> waits = [];
    private TimerSource? dismissal;
    private bool isDismissalWanted;

    /// <summary>A pool whose outcomes come to this loop. The minimum and the priority workers are started at once; what the
    /// kernel refuses of them is tried again with the next job.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="limits">How many workers; can be changed later.</param>
    /// <param name="name">The threads' name, with <c>prio-</c> before it for priority workers; Linux shows 15 octets of it.</param>
    public WorkerPool(EventLoop loop, WorkerLimits limits, string name = "worker")
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(limits);
        ObjectDisposedException.ThrowIf(loop.IsDisposed, loop);
        this.loop = loop;
        this.name = name;
        roster = new WorkerRoster(this, limits.Verified());
        spare = new SpareJobs(this);
        loop.Disposing += Dispose;
        Reinforce();
    }

    /// <summary>How many workers there may be. Set, it holds at once: workers too many leave, those with a job after it; new
    /// ones come if jobs wait. Jobs that wait already stay, also beyond a smaller queue.</summary>
    public WorkerLimits Limits
    {
        get
        {
            lock (gate)
            {
                return roster.Limits;
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            loop.VerifyThread();
            value.Verified();
            List<Worker> leaving = [];
            lock (gate)
            {
                roster.Limits = value;
                roster.Dismiss(Now(), leaving);
            }

            leaving.ForEach(static worker => worker.Wake());
            Reinforce();
            ArmDismissal();
        }
    }

    /// <summary>The pool as it is now. Any thread.</summary>
    public WorkerFigures Figures
    {
        get
        {
            lock (gate)
            {
                return roster.Figures(Now());
            }
        }
    }

    /// <summary>True if no job waits or runs, and all outcomes have been told. Any thread.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return roster.Outstanding == 0;
            }
        }
    }

    /// <summary>Where outcomes go.</summary>
    internal EventLoop Loop => loop;

    /// <summary>Any thread: queues a job.</summary>
    /// <param name="work">Runs on a worker.</param>
    /// <param name="completed">Runs on the loop afterwards, with what <paramref name="work"/> threw, or null; with an
    /// <see cref="OperationCanceledException"/> if the job was taken back before it ran.</param>
    /// <param name="priority">Which workers it may wait for.</param>
    /// <param name="cancellation">Takes the job back while it waits.</param>
    /// <returns>EAGAIN: too many jobs wait, or no thread can be had. ECANCELED: cancelled already. ESHUTDOWN: the pool was
    /// stopped. Neither delegate is called then.</returns>
    public Result Start(
        Action work,
        Action<Exception?> completed,
        JobPriority priority = JobPriority.Ordinary,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(completed);
        return Queue(spare.Take(work, completed, priority, cancellation));
    }

    /// <summary>Any thread: queues a job that can be told to end early.</summary>
    /// <param name="work">Runs on a worker. Its token is cancelled by <paramref name="cancellation"/>, by
    /// <see cref="Dispose"/> and by the deadline of <see cref="Stop"/>.</param>
    /// <param name="completed">As above.</param>
    /// <param name="priority">Which workers it may wait for.</param>
    /// <param name="cancellation">Takes the job back while it waits, tells it to end while it runs.</param>
    /// <returns>As above.</returns>
    public Result Start(
        Action<CancellationToken> work,
        Action<Exception?> completed,
        JobPriority priority = JobPriority.Ordinary,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(completed);
        return Queue(spare.Take(work, completed, priority, cancellation));
    }

    /// <summary>Waits until no job waits or runs, those started meanwhile included.</summary>
    /// <param name="deadline">How long at most; <see cref="TimeSpan.MaxValue"/>: without end.</param>
    /// <param name="drained">Called on the loop, in a later turn: true if nothing is left, false if time ran out.</param>
    public void Drain(TimeSpan deadline, Action<bool> drained) => Wait(deadline, drained, isForEnd: false);

    /// <summary>Ends the pool in good order: no job is accepted any more, those that wait still run, then the threads leave.</summary>
    /// <param name="deadline">How long at most, <see cref="TimeSpan.MaxValue"/>: without end. Then jobs that wait are taken
    /// back, and those that run are told by their token; a thread that blocks leaves when its job ends.</param>
    /// <param name="stopped">Called on the loop, in a later turn: true if all jobs are done and all threads have left,
    /// false if time ran out.</param>
    public void Stop(TimeSpan deadline, Action<bool> stopped)
    {
        Wait(deadline, stopped, isForEnd: true);
        End();
    }

    /// <summary>Ends the pool without waiting: jobs that wait are taken back, those that run are told by their token.</summary>
    public void Dispose()
    {
        End();
        loop.Disposing -= Dispose;
        List<WorkerJob> taken = [];
        lock (gate)
        {
            while (roster.TakeBackFirst() is { } job)
            {
                taken.Add(job);
            }
        }

        taken.ForEach(ReturnTaken);
        stopping.Cancel();
    }

    /// <summary>Any thread: a job's token was cancelled.</summary>
    internal void Cancel(WorkerJob job)
    {
        bool isTaken;
        lock (gate)
        {
            isTaken = roster.TakeBack(job);
        }

        if (isTaken)
        {
            ReturnTaken(job);
        }
    }

    /// <summary>A worker's step: one job, or none.</summary>
    internal ThreadStep Step(Worker worker)
    {
        WorkerJob? job = Arrive(worker, out ThreadStep next);
        if (job is null)
        {
            return next;
        }

        job.Run(stopping.Token);
        lock (gate)
        {
            roster.Finish(worker, job);
        }

        job.Return(loop);
        return ThreadStep.Again;
    }

    /// <summary>On the loop: a job is over.</summary>
    internal void Complete(WorkerJob job)
    {
        lock (gate)
        {
            roster.Complete();
        }

        try
        {
            job.Complete();
        }
        finally
        {
            spare.Give(job);
            EndWaits();
        }
    }

    /// <summary>Any thread: accepts a job, or says why not.</summary>
    internal Result Queue(WorkerJob job)
    {
        // Before it is accepted: a cancellation between the two would be missed.
        job.Watch();
        Errno error;
        bool isShort;
        lock (gate)
        {
            error = job.State != JobState.New ? Errno.ECANCELED
                : roster.IsStopping ? Errno.ESHUTDOWN
                : roster.Accept(job, Now()) ? Errno.None
                : Errno.EAGAIN;
            isShort = roster.IsShort;
        }

        if (isShort && !Reinforce() && error == Errno.None)
        {
            lock (gate)
            {
                error = roster.RefuseUnserved(job) ? Errno.EAGAIN : Errno.None;
            }
        }

        if (error != Errno.None)
        {
            job.Unwatch();
        }

        return new Result(0, error);
    }

    private WorkerJob? Arrive(Worker worker, out ThreadStep next)
    {
        WorkerJob? job = null;
        bool wantsDismissal;
        bool isLast;
        bool isShort;
        lock (gate)
        {
            if (worker.State == WorkerState.Arriving)
            {
                job = roster.Arrive(worker, Now());
            }

            next = worker.State == WorkerState.Leaving ? ThreadStep.End : ThreadStep.Rest;
            if (next == ThreadStep.End)
            {
                roster.Leave();
            }

            isLast = roster.IsStopping && !roster.HasThreads;
            wantsDismissal = !isDismissalWanted && !roster.DismissAt.IsNever;
            isDismissalWanted |= wantsDismissal;
            isShort = roster.IsShort;
        }

        if (isShort)
        {
            Reinforce();
        }

        if (wantsDismissal)
        {
            loop.Post(static pool => ((WorkerPool)pool!).ArmDismissal(), this);
        }

        if (isLast)
        {
            loop.Post(static pool => ((WorkerPool)pool!).EndWaits(), this);
        }

        return job;
    }

    /// <summary>Wakes and starts workers until every job that may have one has one on its way.</summary>
    /// <returns>False if a thread could not be had.</returns>
    private bool Reinforce()
    {
        while (true)
        {
            Worker? worker;
            bool isNew;
            lock (gate)
            {
                worker = roster.Reinforce(out isNew);
            }

            if (worker is null)
            {
                return true;
            }

            if (!isNew)
            {
                worker.Wake();
            }
            else if (!loop.Kernel.StartThread(worker.IsPriority ? $"prio-{name}" : name, worker.Step).IsOk)
            {
                lock (gate)
                {
                    roster.StartFailed(worker);
                }

                return false;
            }
        }
    }

    private void ReturnTaken(WorkerJob job)
    {
        job.TakeBack();
        job.Unwatch();
        job.Return(loop);
    }

    /// <summary>From here on no job is accepted, and who has none leaves.</summary>
    private void End()
    {
        List<Worker> leaving = [];
        lock (gate)
        {
            roster.IsStopping = true;
            roster.Dismiss(Now(), leaving);
        }

        leaving.ForEach(static worker => worker.Wake());
    }

    private void Wait(TimeSpan deadline, Action<bool> over, bool isForEnd)
    {
        ArgumentNullException.ThrowIfNull(over);
        PoolWait wait = new(over, isForEnd);
        TimerSource timer = loop.AddTimer((_, _) => Expire(wait), name: $"{name}: deadline");
        timer.ArmAfter(deadline);
        wait.Deadline = timer;
        waits.Add(wait);
        loop.Post(static pool => ((WorkerPool)pool!).EndWaits(), this);
    }

    private void Expire(PoolWait wait)
    {
        waits.Remove(wait);
        if (wait.IsForEnd)
        {
            Dispose();
        }

        wait.End(isInTime: false);
    }

    /// <summary>On the loop: tells those who wait for what has come true.</summary>
    private void EndWaits()
    {
        for (int index = 0; index < waits.Count; index++)
        {
            PoolWait wait = waits[index];
            bool isOver;
            lock (gate)
            {
                isOver = roster.Outstanding == 0 && !(wait.IsForEnd && roster.HasThreads);
            }

            if (isOver)
            {
                waits.RemoveAt(index);
                index = -1;
                wait.End(isInTime: true);
            }
        }
    }

    /// <summary>On the loop: sets the timer that sends idle workers away.</summary>
    private void ArmDismissal()
    {
        Instant at;
        lock (gate)
        {
            at = roster.DismissAt;
            isDismissalWanted = !at.IsNever;
        }

        if (dismissal is not null || !at.IsNever)
        {
            dismissal ??= loop.AddTimer((_, now) => DismissIdle(now), global::Spindle.Loop.Priority.Low, $"{name}: idle");
            dismissal.ArmAt(at);
        }
    }

    private void DismissIdle(Instant now)
    {
        List<Worker> leaving = [];
        lock (gate)
        {
            roster.Dismiss(now, leaving);
        }

        leaving.ForEach(static worker => worker.Wake());
        ArmDismissal();
    }

    private Instant Now() => loop.Kernel.Now(ClockId.Monotonic);
}
