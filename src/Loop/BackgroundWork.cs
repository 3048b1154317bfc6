using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>Runs what may block, a slow disk for instance, on one thread of its own, one job after the other; the thread is
/// there only while there are jobs.</summary>
/// <remarks>A job sees nothing but what it was given; its outcome comes back to the loop as a post.</remarks>
/// <param name="loop">Where completions run.</param>
/// <param name="name">The thread's name; Linux shows 15 octets of it.</param>
/// <param name="queueMax">The most jobs that wait; one more is refused.</param>
public sealed class BackgroundWork(EventLoop loop, string name = "background", int queueMax = 256)
{
    private readonly Lock gate = new();
    private readonly Queue<Job> jobs = new();
    private bool hasThread;

    private readonly record struct Job(Action Work, Action<Exception?> Completed);

    /// <summary>True if no job waits or runs. A completion may still be on its way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return !hasThread;
            }
        }
    }

    /// <summary>Queues a job.</summary>
    /// <param name="work">Runs on the thread.</param>
    /// <param name="completed">Runs on the loop afterwards, with what <paramref name="work"/> threw, or null.</param>
    /// <returns>EAGAIN if too many jobs wait or no thread can be had; then neither is called.</returns>
    public Result Start(Action work, Action<Exception?> completed)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(completed);
        lock (gate)
        {
            if (jobs.Count >= queueMax)
            {
                return Result.Fail(Errno.EAGAIN);
            }

            jobs.Enqueue(new Job(work, completed));
            if (hasThread)
            {
                return Result.Ok();
            }

            // The new thread waits at the gate until we are through.
            Result started = loop.Kernel.StartThread(name, RunJobs);
            hasThread = started.IsOk;
            if (!hasThread)
            {
                jobs.Clear();
            }

            return started;
        }
    }

    private void RunJobs()
    {
        while (TryTake(out Job job))
        {
            Exception? thrown = null;
            try
            {
                job.Work();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }

            Action<Exception?> completed = job.Completed;
            loop.Post(() => completed(thrown));
        }
    }

    private bool TryTake(out Job job)
    {
        lock (gate)
        {
            hasThread = jobs.TryDequeue(out job);
            return hasThread;
        }
    }
}
