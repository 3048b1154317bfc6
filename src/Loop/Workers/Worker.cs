using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Workers;

/// <summary>One thread of a pool. Its fields are under the pool's lock.</summary>
internal sealed class Worker(WorkerPool pool, bool isPriority)
{
    private SteppingThread? thread;

    /// <summary>True: takes high jobs alone.</summary>
    public bool IsPriority { get; } = isPriority;

    public WorkerState State { get; set; } = WorkerState.Arriving;

    /// <summary>Since when it rests.</summary>
    public Instant IdleSince { get; set; }

    /// <summary>Runs one job, or finds that there is none. The thread's step.</summary>
    public ThreadStep Step(SteppingThread self)
    {
        thread = self;
        return pool.Step(this);
    }

    /// <summary>Any thread, but only a worker that rested once: its thread is known by then.</summary>
    public void Wake() => thread!.Wake();
}

/// <summary>What a worker is about.</summary>
internal enum WorkerState
{
    /// <summary>On its way to the queue: being started, woken, or back from a job.</summary>
    Arriving,

    /// <summary>Has a job.</summary>
    Busy,

    /// <summary>Rests, and is to be woken for a job.</summary>
    Idle,

    /// <summary>Leaves the pool with its next step.</summary>
    Leaving,
}
