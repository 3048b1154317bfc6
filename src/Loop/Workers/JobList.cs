namespace Spindle.Loop.Workers;

/// <summary>Jobs linked through themselves, in their order: out at any place in constant time.</summary>
internal sealed class JobList
{
    private WorkerJob? last;

    public WorkerJob? First { get; private set; }

    public int Count { get; private set; }

    public void Append(WorkerJob job)
    {
        job.Previous = last;
        if (last is null)
        {
            First = job;
        }
        else
        {
            last.Next = job;
        }

        last = job;
        Count++;
    }

    public void Remove(WorkerJob job)
    {
        if (job.Previous is null)
        {
            First = job.Next;
        }
        else
        {
            job.Previous.Next = job.Next;
        }

        if (job.Next is null)
        {
            last = job.Previous;
        }
        else
        {
            job.Next.Previous = job.Previous;
        }

        job.Previous = null;
        job.Next = null;
        Count--;
    }
}
