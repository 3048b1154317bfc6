using System.Collections.Generic;

namespace Spindle.Loop.Workers;

/// <summary>The workers of one kind: how many there are, on their way to the queue, and resting.</summary>
internal sealed class WorkerCrew
{
    private readonly List<Worker> idle = [];

    /// <summary>All but those that leave.</summary>
    public int Count { get; private set; }

    /// <summary>Those that will look into the queue without being told.</summary>
    public int Arriving { get; private set; }

    public int Idle => idle.Count;

    /// <summary>The one that rests longest.</summary>
    public Worker? Oldest => idle.Count > 0 ? idle[0] : null;

    public void Join(Worker worker)
    {
        Count++;
        Arrive(worker);
    }

    public void Arrive(Worker worker)
    {
        worker.State = WorkerState.Arriving;
        Arriving++;
    }

    /// <summary>It has looked into the queue.</summary>
    public void Arrived(Worker worker, WorkerState next)
    {
        Arriving--;
        worker.State = next;
        if (next == WorkerState.Idle)
        {
            idle.Add(worker);
        }
        else if (next == WorkerState.Leaving)
        {
            Count--;
        }
    }

    /// <summary>Takes the one that rested shortest, whose stack is still in the cache, out for a job.</summary>
    public Worker? Call()
    {
        if (idle.Count == 0)
        {
            return null;
        }

        Worker worker = idle[^1];
        idle.RemoveAt(idle.Count - 1);
        Arrive(worker);
        return worker;
    }

    /// <summary>Takes the one that rests longest out for good.</summary>
    public Worker Dismiss()
    {
        Worker worker = idle[0];
        idle.RemoveAt(0);
        worker.State = WorkerState.Leaving;
        Count--;
        return worker;
    }
}
