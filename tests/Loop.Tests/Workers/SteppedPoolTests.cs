using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Workers;

/// <summary>The pool without a second thread: every order of steps that the seed draws, and threads that cannot be had.</summary>
public sealed class SteppedPoolTests : IDisposable
{
    private readonly SteppedKernel kernel = new();
    private readonly EventLoop loop;
    private PseudoRandom random = new(1);

    public SteppedPoolTests() => loop = new EventLoop(kernel);

    public void Dispose() => loop.Dispose();

    [Fact]
    public void A_job_runs_on_the_one_thread_when_its_step_is_made()
    {
        using WorkerPool pool = new(loop, new WorkerLimits());
        List<string> trace = [];
        pool.Start(() => trace.Add("work"), _ => trace.Add("completed"));
        loop.Iterate(mayBlock: false);
        Assert.Empty(trace);
        StepAll();
        Assert.Equal(["work"], trace);
        loop.Iterate(mayBlock: false);
        Assert.Equal(["work", "completed"], trace);
    }

    [Fact]
    public void No_order_of_steps_loses_a_job_or_leaves_one_without_a_worker()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            random = new PseudoRandom(seed);
            using WorkerPool pool = new(loop, RandomLimits());
            int accepted = 0;
            int over = 0;
            for (int action = 0; action < 200; action++)
            {
                Act(pool, ref accepted, () => over++);
                VerifyLaw(pool, seed);
            }

            pool.Limits = pool.Limits with { Minimum = 0, Maximum = 2 };
            while (!pool.IsIdle)
            {
                StepAll();
                loop.Iterate(mayBlock: false);
            }

            Assert.True(over == accepted, $"seed {seed}: {over} of {accepted}");
            bool? isStopped = null;
            pool.Stop(TimeSpan.MaxValue, isInTime => isStopped = isInTime);
            while (isStopped is null)
            {
                StepAll();
                loop.Iterate(mayBlock: false);
            }

            Assert.True(isStopped.Value && kernel.Threads == 0, $"seed {seed}: {kernel.Threads} threads left");
        }
    }

    [Fact]
    public void Without_a_thread_for_it_a_job_is_refused()
    {
        kernel.ThreadsLeft = 0;
        using WorkerPool pool = new(loop, new WorkerLimits { Minimum = 1, Priority = 1 });
        Assert.Equal(Errno.EAGAIN, pool.Start(() => { }, _ => { }).Error);
        Assert.Equal(Errno.EAGAIN, pool.Start(() => { }, _ => { }, JobPriority.High).Error);
        Assert.True(pool.IsIdle);
        Assert.True(pool.Figures is { Workers: 0, PriorityWorkers: 0, Refused: 2, StartFailures: >= 2, Queued: 0 });
    }

    [Fact]
    public void With_too_few_threads_jobs_wait_for_those_there_are()
    {
        kernel.ThreadsLeft = 1;
        using WorkerPool pool = new(loop, new WorkerLimits { Maximum = 5 });
        int completed = 0;
        for (int job = 0; job < 10; job++)
        {
            Assert.True(pool.Start(() => { }, _ => completed++).IsOk);
        }

        Assert.Equal((1, 10), (pool.Figures.Workers, pool.Figures.Queued));
        StepAll();
        loop.Iterate(mayBlock: false);
        Assert.Equal((10, 0), (completed, pool.Figures.Refused));

        // Once there are threads again, the pool grows again.
        kernel.ThreadsLeft = 10;
        for (int job = 0; job < 3; job++)
        {
            Assert.True(pool.Start(() => { }, _ => completed++).IsOk);
        }

        Assert.Equal(3, pool.Figures.Workers);
    }

    private WorkerLimits RandomLimits()
    {
        int maximum = 1 + (int)random.NextBelow(4);
        return new WorkerLimits
        {
            Minimum = (int)random.NextBelow((uint)maximum + 1),
            Maximum = maximum,
            Priority = (int)random.NextBelow(3),
            QueueMax = (int)random.NextBelow(8),
            IdleTime = random.NextBelow(2) == 0 ? TimeSpan.Zero : TimeSpan.MaxValue,
        };
    }

    private void Act(WorkerPool pool, ref int accepted, Action over)
    {
        switch (random.NextBelow(10))
        {
            case < 4:
                JobPriority priority = random.NextBelow(3) == 0 ? JobPriority.High : JobPriority.Ordinary;
                using (CancellationTokenSource source = new())
                {
                    accepted += pool.Start(() => { }, _ => over(), priority, source.Token).IsOk ? 1 : 0;
                    if (random.NextBelow(5) == 0)
                    {
                        source.Cancel();
                    }
                }

                break;
            case < 8 when kernel.HasSteps:
                kernel.Step(ref random);
                break;
            case 8:
                pool.Limits = RandomLimits();
                break;
            default:
                loop.Iterate(mayBlock: false);
                break;
        }
    }

    /// <summary>A job waits only while every worker that may take it is busy or on its way.</summary>
    private void VerifyLaw(WorkerPool pool, ulong seed)
    {
        WorkerFigures figures = pool.Figures;
        Assert.True(figures.Queued == 0 || kernel.HasSteps, $"seed {seed}: {figures}");
        Assert.True(figures.Free >= 0 && figures.Running >= 0, $"seed {seed}: {figures}");
    }

    private void StepAll()
    {
        while (kernel.HasSteps)
        {
            kernel.Step(ref random);
        }
    }
}
