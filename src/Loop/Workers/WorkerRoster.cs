using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Loop.Workers;

/// <summary>The decisions of a <see cref="WorkerPool"/>: who takes which job, who is woken, started and sent away. Knows no
/// thread, clock or lock; the pool calls it under its lock and does what it says.</summary>
/// <remarks>
/// The law: for every job in the queue a worker that may take it is on its way, unless all that there may be are busy.
/// A worker counts as on its way from the moment it is woken, started, or done with its last job: so each job of a burst
/// gets one of its own until the maximum is reached, and jobs that come one after the other share one.
/// </remarks>
internal sealed class WorkerRoster(WorkerPool pool, WorkerLimits limits)
{
    private readonly WorkerCrew ordinary = new();
    private readonly WorkerCrew priority = new();
    private readonly JobQueue queue = new();
    private int threads;
    private int running;
    private int runningPriority;
    private long done;
    private long cancelled;
    private long refused;
    private long startFailures;
    private TimeSpan longestWait;
    private int largestQueue;
    private int mostWorkers;

    public WorkerLimits Limits { get; set; } = limits;

    /// <summary>True: no job is accepted, and a worker without one leaves.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Jobs that were accepted and whose completion has not run yet.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Threads that have not left yet.</summary>
    public bool HasThreads => threads > 0;

    /// <summary>False: no worker is missing.</summary>
    public bool IsShort => !(IsStopping && queue.Count == 0)
        && (Uncovered > 0 || ordinary.Count < Limits.Minimum || priority.Count < Limits.Priority);

    /// <summary>When a worker beyond the minimum has rested long enough; never, if there is none.</summary>
    public Instant DismissAt => ordinary.Count > Limits.Minimum && ordinary.Oldest is { } oldest
        ? oldest.IdleSince + Limits.IdleTime
        : Instant.Never;

    /// <summary>Jobs that wait without a worker on its way to them.</summary>
    private int Uncovered => queue.Count - ordinary.Arriving - Math.Min(priority.Arriving, queue.HighCount);

    /// <summary>Takes a job into the queue, if there is room.</summary>
    public bool Accept(WorkerJob job, Instant now)
    {
        if (Surplus(job.Priority) > Limits.QueueMax)
        {
            Refuse(job);
            return false;
        }

        job.State = JobState.Queued;
        job.QueuedAt = now;
        queue.Append(job);
        Outstanding++;
        largestQueue = Math.Max(largestQueue, queue.Count);
        return true;
    }

    /// <summary>Takes a job out again that no worker is there for, since none could be started.</summary>
    public bool RefuseUnserved(WorkerJob job)
    {
        bool isServed = ordinary.Count > 0 || (job.Priority == JobPriority.High && priority.Count > 0);
        if (isServed || job.State != JobState.Queued)
        {
            return false;
        }

        queue.Remove(job);
        Outstanding--;
        Refuse(job);
        return true;
    }

    /// <summary>Takes a job back that no worker has yet.</summary>
    public bool TakeBack(WorkerJob job)
    {
        JobState before = job.State;
        if (before == JobState.Queued)
        {
            queue.Remove(job);
            cancelled++;
        }

        job.State = before == JobState.Running ? JobState.Running : JobState.Over;
        return before == JobState.Queued;
    }

    /// <summary>Takes the first job back, or gives null.</summary>
    public WorkerJob? TakeBackFirst()
    {
        WorkerJob? job = queue.First;
        if (job is not null)
        {
            TakeBack(job);
        }

        return job;
    }

    /// <summary>A job's completion begins to run on the loop.</summary>
    public void Complete() => Outstanding--;

    /// <summary>The next worker that the law asks for: woken, or new and to be started.</summary>
    public Worker? Reinforce(out bool isNew)
    {
        isNew = false;
        if (!IsShort)
        {
            return null;
        }

        int uncovered = Uncovered;
        if (uncovered > 0)
        {
            Worker? called = (queue.HighCount > priority.Arriving ? priority.Call() : null) ?? ordinary.Call();
            if (called is not null)
            {
                return called;
            }
        }

        bool wantsOrdinary = ordinary.Count < Limits.Minimum || (uncovered > 0 && ordinary.Count < Limits.Maximum);
        isNew = wantsOrdinary || priority.Count < Limits.Priority;
        return isNew ? Hire(!wantsOrdinary) : null;
    }

    /// <summary>A new worker's thread could not be had.</summary>
    public void StartFailed(Worker worker)
    {
        startFailures++;
        threads--;
        CrewOf(worker).Arrived(worker, WorkerState.Leaving);
    }

    /// <summary>A worker looks into the queue.</summary>
    /// <returns>Its job. Null: its state says whether it rests or leaves.</returns>
    public WorkerJob? Arrive(Worker worker, Instant now)
    {
        WorkerCrew crew = CrewOf(worker);
        mostWorkers = Math.Max(mostWorkers, ordinary.Count + priority.Count);
        bool isTooMany = crew.Count > (worker.IsPriority ? Limits.Priority : Limits.Maximum);
        WorkerJob? job = isTooMany ? null : queue.Take(worker.IsPriority);
        if (job is null)
        {
            bool isDismissed = !worker.IsPriority && crew.Count > Limits.Minimum && Limits.IdleTime == TimeSpan.Zero;
            worker.IdleSince = now;
            crew.Arrived(worker, isTooMany || isDismissed || IsStopping ? WorkerState.Leaving : WorkerState.Idle);
            return null;
        }

        crew.Arrived(worker, WorkerState.Busy);
        job.State = JobState.Running;
        running++;
        runningPriority += worker.IsPriority ? 1 : 0;
        TimeSpan wait = now - job.QueuedAt;
        longestWait = wait > longestWait ? wait : longestWait;
        return job;
    }

    /// <summary>A worker is done with its job and comes back.</summary>
    public void Finish(Worker worker, WorkerJob job)
    {
        job.State = JobState.Over;
        running--;
        runningPriority -= worker.IsPriority ? 1 : 0;
        done++;
        CrewOf(worker).Arrive(worker);
    }

    /// <summary>A worker's thread ends.</summary>
    public void Leave() => threads--;

    /// <summary>Adds the resting workers to a list that have to leave: too many for the limits, too long without a job, or
    /// the end has come.</summary>
    public void Dismiss(Instant now, List<Worker> leaving)
    {
        while (ordinary.Idle > 0 && (IsStopping || ordinary.Count > Limits.Maximum || DismissAt <= now))
        {
            leaving.Add(ordinary.Dismiss());
        }

        while (priority.Idle > 0 && (IsStopping || priority.Count > Limits.Priority))
        {
            leaving.Add(priority.Dismiss());
        }
    }

    public WorkerFigures Figures(Instant now)
    {
        TimeSpan waiting = queue.First is { } first ? now - first.QueuedAt : TimeSpan.Zero;
        return new WorkerFigures(
            ordinary.Count,
            priority.Count,
            ordinary.Count + priority.Count - running,
            queue.Count,
            running,
            done,
            cancelled,
            refused,
            startFailures,
            waiting > longestWait ? waiting : longestWait,
            largestQueue,
            mostWorkers,
            priority.Count - runningPriority);
    }

    public void Refuse(WorkerJob job)
    {
        job.State = JobState.Over;
        refused++;
    }

    private Worker Hire(bool isPriority)
    {
        Worker worker = new(pool, isPriority);
        CrewOf(worker).Join(worker);
        threads++;
        return worker;
    }

    /// <summary>How many jobs would wait for a busy worker, with one more of this priority.</summary>
    private int Surplus(JobPriority added)
    {
        int high = queue.HighCount + (added == JobPriority.High ? 1 : 0);
        int free = ordinary.Arriving + ordinary.Idle + Math.Max(0, Limits.Maximum - ordinary.Count);
        int freePriority = priority.Arriving + priority.Idle + Math.Max(0, Limits.Priority - priority.Count);
        return queue.Count + 1 - free - Math.Min(high, freePriority);
    }

    private WorkerCrew CrewOf(Worker worker) => worker.IsPriority ? priority : ordinary;
}
