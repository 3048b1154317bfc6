using System;

namespace Spindle.Loop.Workers;

/// <summary>A <see cref="WorkerPool"/> at one moment.</summary>
/// <param name="Workers">Ordinary workers, those being started included.</param>
/// <param name="PriorityWorkers">Priority workers, likewise.</param>
/// <param name="Free">Workers of either kind without a job.</param>
/// <param name="Queued">Jobs that wait.</param>
/// <param name="Running">Jobs that run.</param>
/// <param name="Done">Jobs that ran to their end, or threw, so far.</param>
/// <param name="Cancelled">Jobs that were taken back before they ran.</param>
/// <param name="Refused">Jobs that were not taken: the queue was full, or no thread could be had.</param>
/// <param name="StartFailures">Threads that the kernel did not give us.</param>
/// <param name="LongestWait">The longest time from queueing to running, of jobs that ran and of the one waiting longest.</param>
/// <param name="LargestQueue">The most jobs that waited at one time.</param>
/// <param name="MostWorkers">The most workers, of both kinds together, at one time.</param>
/// <param name="FreePriority">Priority workers without a job; they are among <paramref name="Free"/>.</param>
public readonly record struct WorkerFigures(
    int Workers,
    int PriorityWorkers,
    int Free,
    int Queued,
    int Running,
    long Done,
    long Cancelled,
    long Refused,
    long StartFailures,
    TimeSpan LongestWait,
    int LargestQueue,
    int MostWorkers,
    int FreePriority);
