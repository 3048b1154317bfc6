using System;

namespace Spindle.Loop.Workers;

/// <summary>How many workers a <see cref="WorkerPool"/> has, and how many jobs may wait for them.</summary>
public sealed record WorkerLimits
{
    /// <summary>The most workers of one kind that can be asked for.</summary>
    public const int WorkersMax = 4096;

    /// <summary>One thread, one job after the other, and the thread there only while there are jobs.</summary>
    public static WorkerLimits OneOnDemand { get; } = new() { Maximum = 1, QueueMax = 256, IdleTime = TimeSpan.Zero };

    /// <summary>Ordinary workers that are always there, from 0; started with the pool.</summary>
    public int Minimum { get; init; }

    /// <summary>The most ordinary workers, from 1. Beyond the minimum they come as jobs need them, at once.</summary>
    public int Maximum { get; init; } = 4;

    /// <summary>Workers for jobs of <see cref="JobPriority.High"/> alone, from 0; always there.</summary>
    public int Priority { get; init; }

    /// <summary>The most jobs that wait for a worker, from 0; one more is refused with EAGAIN. Jobs for which a worker is
    /// free or can be started do not count.</summary>
    public int QueueMax { get; init; } = 1024;

    /// <summary>How long a worker beyond the minimum stays without a job. Zero: it leaves as soon as no job waits.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Throws for numbers that make no pool.</summary>
    internal WorkerLimits Verified()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Maximum, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Maximum, WorkersMax);
        ArgumentOutOfRangeException.ThrowIfNegative(Minimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Minimum, Maximum);
        ArgumentOutOfRangeException.ThrowIfNegative(Priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Priority, WorkersMax);
        ArgumentOutOfRangeException.ThrowIfNegative(QueueMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(IdleTime, TimeSpan.Zero);
        return this;
    }
}
