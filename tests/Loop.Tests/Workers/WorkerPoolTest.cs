using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Kernels;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Workers;

/// <summary>Pools whose jobs the test holds at a gate.</summary>
public abstract class WorkerPoolTest : LoopTest
{
    private readonly List<WorkerPool> pools = [];
    private readonly ManualResetEventSlim gate = new();
    private int held;

    /// <summary>Jobs that have come to the gate so far.</summary>
    protected int Held => Volatile.Read(ref held);

    protected int Completed { get; set; }

    protected override void Dispose(bool disposing)
    {
        gate.Set();
        pools.ForEach(pool => pool.Dispose());
        base.Dispose(disposing);
    }

    protected WorkerPool Pool(WorkerLimits limits, string name = "worker")
    {
        WorkerPool pool = new(Loop, limits, name);
        pools.Add(pool);
        return pool;
    }

    /// <summary>Starts a job that blocks until <see cref="Open"/>.</summary>
    protected Result StartBlocking(WorkerPool pool, JobPriority priority = JobPriority.Ordinary) =>
        pool.Start(Block, Count, priority);

    protected void Block()
    {
        Interlocked.Increment(ref held);
        gate.Wait();
    }

    protected void Count(Exception? thrown)
    {
        Assert.Null(thrown);
        Completed++;
    }

    /// <summary>Lets all blocking jobs end, those to come as well.</summary>
    protected void Open() => gate.Set();

    /// <summary>Waits until this many jobs block.</summary>
    protected void AwaitHeld(int count) => SpinWait.SpinUntil(() => Held >= count);

    /// <summary>Waits for what happens on the pool's threads alone.</summary>
    protected static void Await(Func<bool> condition) => SpinWait.SpinUntil(condition);

    /// <summary>Turns until a pool has told all outcomes.</summary>
    protected void Finish(WorkerPool pool) => TurnUntil(() => pool.IsIdle);
}
