using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Waiting;

/// <summary>A system call that sleeps: woken, it looks again at what it waits for, and may find nothing.</summary>
internal abstract class BlockedCall(SimulatedMachine machine)
{
    private bool isRunnable;
    private Alarm? timeout;

    public bool IsDone { get; private set; }

    /// <summary>What the call returned, once it is done.</summary>
    public Result Result { get; private set; }

    /// <summary>True once its time has run out.</summary>
    protected bool HasTimedOut { get; private set; }

    /// <summary>Begins the call; it may be done at once.</summary>
    /// <remarks>A file stays open while a call on it sleeps, whoever closes its descriptor meanwhile.</remarks>
    /// <param name="deadline">Until when it sleeps at the most; <see cref="Instant.Never"/> without end.</param>
    public void Start(Instant deadline)
    {
        HasTimedOut = deadline <= machine.Monotonic.Now;
        if (!deadline.IsNever && !HasTimedOut)
        {
            timeout = machine.Monotonic.Set(deadline, OnTimeout);
        }

        Hold();
        Run();
    }

    /// <summary>Called by a wake: the call runs again when the machine gets to it.</summary>
    public void MakeRunnable()
    {
        if (!isRunnable && !IsDone)
        {
            isRunnable = true;
            machine.Runnable.Enqueue(this);
        }
    }

    /// <summary>Runs until the call is done or sleeps again.</summary>
    public void Run()
    {
        isRunnable = false;
        if (!IsDone && TryFinish(out Result result))
        {
            Finish(result);
        }
    }

    /// <summary>Ends the call from outside, as the end of its process does.</summary>
    public void Abandon()
    {
        if (!IsDone)
        {
            Finish(Result.Fail(Errno.EINTR));
        }
    }

    /// <summary>Looks at what is waited for. If that is not there, the call is queued for its wake by then.</summary>
    protected abstract bool TryFinish(out Result result);

    /// <summary>Takes references to the files that the call is on.</summary>
    protected virtual void Hold()
    {
    }

    /// <summary>Leaves all wait queues, and gives the references back.</summary>
    protected abstract void Leave();

    private void Finish(Result result)
    {
        timeout?.Cancel();
        timeout = null;
        Result = result;
        IsDone = true;
        Leave();
    }

    private void OnTimeout()
    {
        HasTimedOut = true;
        timeout = null;
        MakeRunnable();
    }
}
