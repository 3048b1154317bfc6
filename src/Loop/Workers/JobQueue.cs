namespace Spindle.Loop.Workers;

/// <summary>One queue in the order of coming, of which the high jobs can also be taken alone.</summary>
internal sealed class JobQueue
{
    private readonly JobList ordinary = new();
    private readonly JobList high = new();
    private long number;

    public int Count => ordinary.Count + high.Count;

    public int HighCount => high.Count;

    /// <summary>The job that came first of all.</summary>
    public WorkerJob? First => IsHighFirst ? high.First : ordinary.First;

    private bool IsHighFirst =>
        high.First is { } job && (ordinary.First is not { } other || job.Number < other.Number);

    public void Append(WorkerJob job)
    {
        job.Number = ++number;
        ListOf(job).Append(job);
    }

    public void Remove(WorkerJob job) => ListOf(job).Remove(job);

    /// <summary>Takes the first job, or the first high one; null if there is none.</summary>
    public WorkerJob? Take(bool onlyHigh)
    {
        WorkerJob? job = onlyHigh ? high.First : First;
        if (job is not null)
        {
            Remove(job);
        }

        return job;
    }

    private JobList ListOf(WorkerJob job) => job.Priority switch
    {
        JobPriority.Ordinary => ordinary,
        JobPriority.High => high,
    };
}
