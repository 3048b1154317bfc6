using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Spindle.Kernels;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Workers;

public sealed class WorkerPoolTests : WorkerPoolTest
{
    [Fact]
    public void A_job_that_was_cancelled_before_its_turn_does_not_run_though_the_one_before_it_is_told_first()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        using CancellationTokenSource source = new();
        using ManualResetEventSlim started = new();
        StartBlocking(pool);
        pool.Start(
            token =>
            {
                started.Set();
                token.WaitHandle.WaitOne();
            },
            Count,
            cancellation: source.Token);
        Exception? told = null;
        bool isRun = false;
        pool.Start(() => isRun = true, thrown => told = thrown, cancellation: source.Token);

        // What was registered last is called first: the job that runs, then this, then the one that waits.
        source.Token.Register(() => Await(() => pool.Figures is { Running: 0, Queued: 0 }));
        Open();
        started.Wait();
        source.Cancel();
        Finish(pool);
        Assert.False(isRun);
        Assert.IsType<OperationCanceledException>(told);
        Assert.Equal((2, 1), (pool.Figures.Done, pool.Figures.Cancelled));
    }

    [Fact]
    public void A_job_runs_on_a_worker_and_completes_on_the_loop()
    {
        WorkerPool pool = Pool(new WorkerLimits(), "spindle-pool");
        int home = Environment.CurrentManagedThreadId;
        string status = "";
        int completedOn = 0;
        Assert.True(pool.Start(
            () => status = File.ReadAllText("/proc/thread-self/status"),
            thrown =>
            {
                Assert.Null(thrown);
                completedOn = Environment.CurrentManagedThreadId;
            }).IsOk);
        Assert.False(pool.IsIdle);
        Finish(pool);
        Assert.Equal(home, completedOn);
        Assert.StartsWith("Name:\tspindle-pool\n", status, StringComparison.Ordinal);
        string mask = status.Split("SigBlk:\t")[1][..16];
        Assert.NotEqual(0UL, Convert.ToUInt64(mask, 16) & (1UL << (15 - 1)));
    }

    [Fact]
    public void A_priority_workers_thread_says_so_by_its_name()
    {
        WorkerPool pool = Pool(new WorkerLimits { Minimum = 0, Maximum = 1, Priority = 1 }, "rpc-virtinterfaced");
        Assert.True(StartBlocking(pool).IsOk);
        AwaitHeld(1);
        string name = "";
        Assert.True(pool.Start(
            () => Volatile.Write(ref name, File.ReadAllText("/proc/thread-self/comm")), static _ => { }, JobPriority.High).IsOk);
        SpinWait.SpinUntil(() => Volatile.Read(ref name).Length > 0);
        Assert.Equal("prio-rpc-virtin\n", name);
    }

    [Fact]
    public void A_full_burst_of_blocking_jobs_gets_the_maximum_at_once()
    {
        WorkerPool pool = Pool(new WorkerLimits { Minimum = 5, Maximum = 20, Priority = 5 });
        for (int job = 0; job < 64; job++)
        {
            Assert.True(StartBlocking(pool).IsOk);
        }

        // No job ends: all twenty must have come for the burst alone.
        AwaitHeld(20);
        WorkerFigures figures = pool.Figures;
        Assert.Equal((20, 5, 20, 44, 5), (figures.Workers, figures.PriorityWorkers, figures.Running, figures.Queued, figures.Free));
        Open();
        Finish(pool);
        figures = pool.Figures;
        Assert.Equal((64, 64L, 20, 0), (Completed, figures.Done, figures.Workers, figures.Queued));
        Assert.True(figures.LargestQueue >= 44);
        Assert.Equal(25, figures.MostWorkers);
    }

    [Fact]
    public void Jobs_one_after_the_other_share_one_worker()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 20 });
        int left = 2000;
        HashSet<int> threads = [];
        void Next(Exception? thrown)
        {
            if (left-- > 0)
            {
                pool.Start(() => threads.Add(Environment.CurrentManagedThreadId), Next);
            }
        }

        Next(null);
        Finish(pool);
        Assert.Single(threads);
        Assert.Equal((1, 2000L), (pool.Figures.MostWorkers, pool.Figures.Done));
    }

    [Fact]
    public void One_worker_takes_jobs_in_the_order_of_the_queue_high_ones_too()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        StartBlocking(pool);
        for (int job = 0; job < 9; job++)
        {
            string name = $"{job}";
            pool.Start(() => Trace.Add(name), Count, job % 3 == 1 ? JobPriority.High : JobPriority.Ordinary);
        }

        Open();
        Finish(pool);
        Assert.Equal("0 1 2 3 4 5 6 7 8", TakeTrace());
    }

    [Fact]
    public void Ordinary_jobs_that_block_all_ordinary_workers_do_not_hold_up_a_high_one()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 3, Priority = 1 });
        for (int job = 0; job < 10; job++)
        {
            StartBlocking(pool);
        }

        AwaitHeld(3);
        for (int job = 0; job < 20; job++)
        {
            bool isDone = false;
            pool.Start(() => { }, _ => isDone = true, JobPriority.High);
            TurnUntil(() => isDone);
        }

        Assert.Equal((3, 7), (Held, pool.Figures.Queued));
        Open();
        Finish(pool);
        Assert.Equal(10, Completed);
    }

    [Fact]
    public void A_priority_worker_never_takes_an_ordinary_job()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1, Priority = 3 });
        StartBlocking(pool);
        AwaitHeld(1);
        bool isTaken = false;
        pool.Start(() => isTaken = true, Count);
        for (int job = 0; job < 50; job++)
        {
            bool isDone = false;
            pool.Start(() => { }, _ => isDone = true, JobPriority.High);
            TurnUntil(() => isDone);
        }

        Assert.False(isTaken);
        Open();
        Finish(pool);
        Assert.True(isTaken);
    }

    [Fact]
    public void High_jobs_that_block_every_priority_worker_wait_for_the_ordinary_ones_in_their_turn()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2, Priority = 2 });
        for (int job = 0; job < 6; job++)
        {
            StartBlocking(pool, JobPriority.High);
        }

        AwaitHeld(4);
        pool.Start(() => Trace.Add("ordinary"), Count);
        Assert.Equal((4, 3), (pool.Figures.Running, pool.Figures.Queued));
        Open();
        Finish(pool);
        Assert.Equal((7, "ordinary"), (Completed, TakeTrace()));
    }

    [Fact]
    public void What_a_job_throws_comes_back_and_leaves_no_trace_in_the_next()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        List<string?> outcomes = [];
        pool.Start(() => throw new FormatException("torn"), thrown => outcomes.Add(thrown?.Message));
        pool.Start(() => { }, thrown => outcomes.Add(thrown?.Message));
        Finish(pool);
        Assert.Equal(["torn", null], outcomes);
        Assert.Equal(2, pool.Figures.Done);
    }

    [Fact]
    public void A_completion_that_throws_goes_to_the_loop_and_the_pool_goes_on()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        List<string> thrown = [];
        Loop.UnhandledException = (_, exception) => thrown.Add(exception.Message);
        bool isDrained = false;
        pool.Start(() => { }, _ => throw new FormatException("mine"));
        pool.Start(() => { }, Count);
        pool.Drain(TimeSpan.MaxValue, isInTime => isDrained = isInTime);
        TurnUntil(() => isDrained);
        Assert.Equal(["mine"], thrown);
        Assert.Equal(1, Completed);
    }

    [Fact]
    public void A_full_queue_refuses_and_says_so()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2, QueueMax = 3 });
        for (int job = 0; job < 5; job++)
        {
            Assert.True(StartBlocking(pool).IsOk);
        }

        bool isCalled = false;
        Assert.Equal(Errno.EAGAIN, pool.Start(() => isCalled = true, _ => isCalled = true).Error);
        Assert.Equal(1, pool.Figures.Refused);
        Open();
        Finish(pool);
        Assert.Equal((5, false), (Completed, isCalled));
        Assert.True(pool.Start(() => { }, Count).IsOk);
        Finish(pool);
    }

    [Fact]
    public void Without_a_queue_a_job_is_taken_while_a_worker_is_free_for_it()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2, Priority = 1, QueueMax = 0 });
        Assert.True(StartBlocking(pool).IsOk);
        Assert.True(StartBlocking(pool).IsOk);
        Assert.Equal(Errno.EAGAIN, StartBlocking(pool).Error);
        Assert.True(StartBlocking(pool, JobPriority.High).IsOk);
        Assert.Equal(Errno.EAGAIN, StartBlocking(pool, JobPriority.High).Error);
        Open();
        Finish(pool);
        Assert.Equal(3, Completed);
    }

    [Fact]
    public void A_job_may_start_another()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        int depth = 0;
        void Work()
        {
            if (++depth < 100)
            {
                Assert.True(pool.Start(Work, Count).IsOk);
            }
        }

        pool.Start(Work, Count);
        TurnUntil(() => Completed == 100);
        Assert.Equal(1, pool.Figures.MostWorkers);
    }

    [Fact]
    public void Two_loops_have_their_own_outcomes_of_one_kernel()
    {
        int there = 0;
        using ManualResetEventSlim isReady = new();
        Thread thread = new(() =>
        {
            using EventLoop other = new(Kernel);
            using WorkerPool pool = new(other, new WorkerLimits { Maximum = 2 });
            for (int job = 0; job < 100; job++)
            {
                Assert.True(pool.Start(() => { }, _ => there++).IsOk);
            }

            pool.Drain(TimeSpan.MaxValue, _ => other.Quit());
            other.Run();
        });
        thread.Start();
        WorkerPool here = Pool(new WorkerLimits { Maximum = 2 });
        for (int job = 0; job < 100; job++)
        {
            here.Start(() => { }, Count);
        }

        Finish(here);
        thread.Join();
        Assert.Equal((100, 100), (Completed, there));
    }

    [Fact]
    public void Numbers_that_make_no_pool_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool(new WorkerLimits { Maximum = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool(new WorkerLimits { Minimum = 2, Maximum = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool(new WorkerLimits { Minimum = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool(new WorkerLimits { Priority = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool(new WorkerLimits { QueueMax = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool(new WorkerLimits { IdleTime = TimeSpan.FromTicks(-1) }));
        WorkerPool pool = Pool(new WorkerLimits());
        Assert.Throws<ArgumentNullException>(() => pool.Start((Action)null!, Count));
        Assert.Throws<ArgumentNullException>(() => pool.Start(() => { }, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Limits = new WorkerLimits { Maximum = 0 });
    }
}
