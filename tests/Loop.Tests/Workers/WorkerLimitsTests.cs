using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Workers;

public sealed class WorkerLimitsTests : WorkerPoolTest
{
    [Fact]
    public void The_minimum_and_the_priority_workers_are_there_from_the_start()
    {
        WorkerPool pool = Pool(new WorkerLimits { Minimum = 3, Maximum = 5, Priority = 2 });
        Assert.Equal((3, 2, 5), (pool.Figures.Workers, pool.Figures.PriorityWorkers, pool.Figures.Free));
    }

    [Fact]
    public void Idle_workers_beyond_the_minimum_leave_after_a_while_and_not_before()
    {
        TimeSpan idleTime = TimeSpan.FromMilliseconds(20);
        WorkerPool pool = Pool(new WorkerLimits { Minimum = 2, Maximum = 6, Priority = 1, IdleTime = idleTime });
        for (int job = 0; job < 6; job++)
        {
            StartBlocking(pool);
        }

        AwaitHeld(6);
        Instant opened = Kernel.Now(ClockId.Monotonic);
        Open();
        TurnUntil(() => pool.Figures.Workers < 6);
        Assert.True(Kernel.Now(ClockId.Monotonic) - opened >= idleTime);
        TurnUntil(() => pool.Figures.Workers == 2);
        Exhaust();
        Assert.Equal((2, 1, 3), (pool.Figures.Workers, pool.Figures.PriorityWorkers, pool.Figures.Free));
        Assert.True(StartBlocking(pool).IsOk);
        Finish(pool);
        Assert.Equal(7, Completed);
    }

    [Fact]
    public void A_worker_on_demand_is_there_only_while_it_has_jobs()
    {
        WorkerPool pool = Pool(WorkerLimits.OneOnDemand);
        for (int round = 0; round < 200; round++)
        {
            Assert.True(pool.Start(() => { }, Count).IsOk);
            Finish(pool);
            Await(() => pool.Figures.Workers == 0);
        }

        Assert.Equal((200, 1), (Completed, pool.Figures.MostWorkers));
    }

    [Fact]
    public void An_endless_idle_time_keeps_them_and_sets_no_timer()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2, IdleTime = TimeSpan.MaxValue });
        StartBlocking(pool);
        StartBlocking(pool);
        Open();
        Finish(pool);
        Exhaust();
        Assert.Equal(2, pool.Figures.Workers);
        pool.Limits = pool.Limits with { IdleTime = TimeSpan.FromMilliseconds(1) };
        TurnUntil(() => pool.Figures.Workers == 0);
    }

    [Fact]
    public void A_greater_minimum_brings_workers_at_once()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 8 });
        Assert.Equal(0, pool.Figures.Workers);
        pool.Limits = pool.Limits with { Minimum = 5, Priority = 2 };
        Assert.Equal((5, 2), (pool.Figures.Workers, pool.Figures.PriorityWorkers));
    }

    [Fact]
    public void A_greater_maximum_brings_workers_for_the_jobs_that_wait()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2 });
        for (int job = 0; job < 10; job++)
        {
            StartBlocking(pool);
        }

        AwaitHeld(2);
        Assert.Equal(8, pool.Figures.Queued);
        pool.Limits = pool.Limits with { Maximum = 7 };
        AwaitHeld(7);
        Assert.Equal((7, 3), (pool.Figures.Workers, pool.Figures.Queued));
        Open();
        Finish(pool);
    }

    [Fact]
    public void With_a_smaller_maximum_the_surplus_leaves_after_its_job()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 6 });
        for (int job = 0; job < 20; job++)
        {
            StartBlocking(pool);
        }

        AwaitHeld(6);
        pool.Limits = pool.Limits with { Maximum = 2 };
        Assert.Equal((6, 6), (pool.Figures.Workers, pool.Figures.Running));
        Open();
        Finish(pool);
        Await(() => pool.Figures.Workers == 2);
        Assert.Equal(20, Completed);
    }

    [Fact]
    public void With_a_smaller_maximum_idle_workers_leave_at_once()
    {
        WorkerPool pool = Pool(new WorkerLimits { Minimum = 6, Maximum = 6, Priority = 3 });
        pool.Start(() => { }, Count);
        Finish(pool);
        pool.Limits = new WorkerLimits { Maximum = 1, Priority = 1, IdleTime = TimeSpan.MaxValue };
        Await(() => pool.Figures is { Workers: 1, PriorityWorkers: 1 });
        StartBlocking(pool);
        StartBlocking(pool);
        AwaitHeld(1);
        Assert.Equal((1, 1), (pool.Figures.Running, pool.Figures.Queued));
        Open();
        Finish(pool);
    }

    [Fact]
    public void Priority_workers_can_be_added_while_a_high_job_waits_and_sent_away()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        StartBlocking(pool);
        AwaitHeld(1);
        bool isDone = false;
        pool.Start(() => { }, _ => isDone = true, JobPriority.High);
        Assert.Equal(1, pool.Figures.Queued);
        pool.Limits = pool.Limits with { Priority = 1 };
        TurnUntil(() => isDone);
        pool.Limits = pool.Limits with { Priority = 0 };
        Await(() => pool.Figures.PriorityWorkers == 0);
        pool.Start(() => { }, Count, JobPriority.High);
        Assert.Equal(1, pool.Figures.Queued);
        Open();
        Finish(pool);
    }

    [Fact]
    public void A_smaller_queue_keeps_the_jobs_that_wait_and_takes_no_more()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1, QueueMax = 10 });
        for (int job = 0; job < 11; job++)
        {
            Assert.True(StartBlocking(pool).IsOk);
        }

        pool.Limits = pool.Limits with { QueueMax = 2 };
        Assert.Equal(Errno.EAGAIN, StartBlocking(pool).Error);
        Open();
        Finish(pool);
        Assert.Equal(11, Completed);
    }

    [Fact]
    public void Limits_that_change_under_load_lose_no_job()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 4, Priority = 2, QueueMax = 100_000 });
        int seed = Environment.TickCount;
        PseudoRandom random = new((ulong)seed);
        const int Jobs = 20_000;
        for (int job = 0; job < Jobs; job++)
        {
            JobPriority priority = random.NextBelow(3) == 0 ? JobPriority.High : JobPriority.Ordinary;
            Assert.True(pool.Start(() => { }, Count, priority).IsOk, $"seed {seed}");
            if (job % 50 == 0)
            {
                int maximum = 1 + (int)random.NextBelow(6);
                pool.Limits = pool.Limits with
                {
                    Minimum = (int)random.NextBelow((uint)maximum + 1),
                    Maximum = maximum,
                    Priority = (int)random.NextBelow(3),
                    IdleTime = random.NextBelow(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(random.NextBelow(200)),
                };
                Loop.Iterate(mayBlock: false);
            }
        }

        Finish(pool);
        Assert.True(Completed == Jobs, $"seed {seed}: {Completed}");
    }
}
