using System;
using System.Threading;
using Spindle.Basics;

namespace Spindle.Loop.Workers;

/// <summary>A job on its way: queued, run on a worker, completed on the loop.</summary>
internal abstract class WorkerJob(WorkerPool pool, JobPriority priority, CancellationToken cancellation)
{
    private CancellationTokenRegistration registration;

    public JobPriority Priority { get; private set; } = priority;

    /// <summary>Asks for the job to be taken back, or for the work to end early.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>What the work threw, or that it never ran.</summary>
    public Exception? Thrown { get; private set; }

    // Under the pool's lock.
    public JobState State { get; set; }

    public Instant QueuedAt { get; set; }

    // The links belong to JobList.
    public WorkerJob? Previous { get; set; }

    public WorkerJob? Next { get; set; }

    /// <summary>Its place among all jobs. Belongs to <see cref="JobQueue"/>.</summary>
    public long Number { get; set; }

    /// <summary>Hears of cancellation from here on.</summary>
    public void Watch()
    {
        if (Cancellation.CanBeCanceled)
        {
            registration = Cancellation.UnsafeRegister(static job => ((WorkerJob)job!).Cancel(), this);
        }
    }

    public void Unwatch() => registration.Unregister();

    /// <summary>True if it never ran.</summary>
    public bool IsTakenBack { get; private set; }

    /// <summary>On a worker.</summary>
    public void Run(CancellationToken stopping)
    {
        Unwatch();
        if (Cancellation.IsCancellationRequested)
        {
            // Whoever cancels is about to take it back, and tells others first: perhaps the job that this worker had before.
            TakeBack();
            return;
        }

        try
        {
            Work(stopping);
        }
        catch (Exception exception)
        {
            Thrown = exception;
        }
    }

    /// <summary>It will not run.</summary>
    public void TakeBack()
    {
        IsTakenBack = true;
        Thrown = new OperationCanceledException("The job was taken back before it ran.", Cancellation);
    }

    /// <summary>On the loop, once.</summary>
    public abstract void Complete();

    /// <summary>Sends it to the loop, to be completed there.</summary>
    public void Return(EventLoop loop) => loop.Post(static job => ((WorkerJob)job!).Arrive(), this);

    /// <summary>As if it were new.</summary>
    private protected void Renew(JobPriority next)
    {
        Priority = next;
        Thrown = null;
        IsTakenBack = false;
        State = JobState.New;
    }

    private protected abstract void Work(CancellationToken stopping);

    private void Cancel() => pool.Cancel(this);

    private void Arrive() => pool.Complete(this);
}

/// <summary>How far a job is.</summary>
internal enum JobState
{
    /// <summary>Not yet accepted.</summary>
    New,

    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker has it.</summary>
    Running,

    /// <summary>Done, taken back or refused.</summary>
    Over,
}
