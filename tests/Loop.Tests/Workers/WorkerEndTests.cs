using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Workers;

public sealed class WorkerEndTests : WorkerPoolTest
{
    [Fact]
    public void A_job_that_waits_is_taken_back()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        using CancellationTokenSource source = new();
        StartBlocking(pool);
        AwaitHeld(1);
        bool isRun = false;
        Exception? outcome = null;
        pool.Start(() => isRun = true, thrown => outcome = thrown, cancellation: source.Token);
        pool.Start(() => Trace.Add("after"), Count);
        source.Cancel();
        Assert.Null(outcome);
        Assert.Equal((1, 1L), (pool.Figures.Queued, pool.Figures.Cancelled));
        TurnUntil(() => outcome is not null);
        Assert.Equal(source.Token, Assert.IsType<OperationCanceledException>(outcome).CancellationToken);
        Open();
        Finish(pool);
        Assert.Equal((false, "after"), (isRun, TakeTrace()));
    }

    [Fact]
    public void A_job_that_runs_is_told_and_may_go_on()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2 });
        using CancellationTokenSource source = new();
        Exception? obedient = null;
        bool isStubbornDone = false;
        bool isInside = false; // a worker that has the job may not have begun it: then it would be taken back
        pool.Start(
            token =>
            {
                Volatile.Write(ref isInside, true);
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
            },
            thrown => obedient = thrown,
            cancellation: source.Token);
        pool.Start(Block, thrown => isStubbornDone = thrown is null, cancellation: source.Token);
        AwaitHeld(1);
        Await(() => Volatile.Read(ref isInside));
        source.Cancel();
        TurnUntil(() => obedient is not null);
        Assert.IsType<OperationCanceledException>(obedient);
        Assert.Equal((1, 0L), (pool.Figures.Running, pool.Figures.Cancelled));
        Open();
        TurnUntil(() => isStubbornDone);
    }

    [Fact]
    public void A_token_that_is_cancelled_already_starts_nothing()
    {
        WorkerPool pool = Pool(new WorkerLimits());
        bool isCalled = false;
        Result result = pool.Start(() => isCalled = true, _ => isCalled = true, cancellation: new CancellationToken(true));
        Assert.Equal(Errno.ECANCELED, result.Error);
        Exhaust();
        Assert.True(pool.IsIdle);
        Assert.False(isCalled);
    }

    [Fact]
    public void Every_job_is_over_exactly_once_however_cancellation_races()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2, QueueMax = 100_000 });
        const int Jobs = 5000;
        int[] outcomes = new int[Jobs];
        int ran = 0;
        int back = 0;
        using SemaphoreSlim cancels = new(0);
        Queue<CancellationTokenSource> sources = new();
        Thread canceller = new(() =>
        {
            for (int job = 0; job < Jobs; job++)
            {
                cancels.Wait();
                CancellationTokenSource source;
                lock (sources)
                {
                    source = sources.Dequeue();
                }

                source.Cancel();
            }
        });
        canceller.Start();
        for (int job = 0; job < Jobs; job++)
        {
            int number = job;
            CancellationTokenSource source = new();
            Result result = pool.Start(
                () => Interlocked.Increment(ref ran),
                thrown =>
                {
                    outcomes[number]++;
                    back += thrown is null ? 0 : 1;
                },
                cancellation: source.Token);
            Assert.True(result.IsOk);
            lock (sources)
            {
                sources.Enqueue(source);
            }

            cancels.Release();
        }

        Finish(pool);
        canceller.Join();
        Assert.All(outcomes, count => Assert.Equal(1, count));
        Assert.Equal(Jobs, ran + back);
        Assert.Equal((ran, back), ((int)pool.Figures.Done, (int)pool.Figures.Cancelled));
    }

    [Fact]
    public void Draining_waits_for_jobs_and_their_completions_and_the_pool_goes_on()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2 });
        for (int job = 0; job < 5; job++)
        {
            StartBlocking(pool);
        }

        int completedByThen = 0;
        pool.Drain(TimeSpan.MaxValue, isInTime => completedByThen = isInTime ? Completed : -1);
        Exhaust();
        Assert.Equal(0, completedByThen);
        Open();
        TurnUntil(() => completedByThen != 0);
        Assert.Equal(5, completedByThen);
        Assert.True(pool.Start(() => { }, Count).IsOk);
        Finish(pool);
    }

    [Fact]
    public void An_empty_pool_is_drained_in_a_later_turn()
    {
        WorkerPool pool = Pool(new WorkerLimits());
        bool? isDrained = null;
        pool.Drain(TimeSpan.Zero, isInTime => isDrained = isInTime);
        Assert.Null(isDrained);
        TurnUntil(() => isDrained is not null);
    }

    [Fact]
    public void A_drain_whose_time_runs_out_says_so_and_takes_nothing_away()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        StartBlocking(pool);
        StartBlocking(pool);
        bool? isDrained = null;
        pool.Drain(TimeSpan.FromMilliseconds(1), isInTime => isDrained = isInTime);
        TurnUntil(() => isDrained is not null);
        Assert.False(isDrained);
        Open();
        Finish(pool);
        Assert.Equal(2, Completed);
    }

    [Fact]
    public void A_pool_that_stops_takes_no_job_runs_those_that_wait_and_loses_its_threads()
    {
        WorkerPool pool = Pool(new WorkerLimits { Minimum = 2, Maximum = 2, Priority = 2 });
        for (int job = 0; job < 10; job++)
        {
            StartBlocking(pool, job % 2 == 0 ? JobPriority.High : JobPriority.Ordinary);
        }

        bool? isStopped = null;
        int completedByThen = 0;
        pool.Stop(TimeSpan.MaxValue, isInTime => (isStopped, completedByThen) = (isInTime, Completed));
        Assert.Equal(Errno.ESHUTDOWN, pool.Start(() => { }, Count).Error);
        Exhaust();
        Assert.Null(isStopped);
        Open();
        TurnUntil(() => isStopped is not null);
        Assert.Equal((true, 10), (isStopped, completedByThen));
        Assert.Equal((0, 0), (pool.Figures.Workers, pool.Figures.PriorityWorkers));
    }

    [Fact]
    public void At_the_deadline_of_a_stop_waiting_jobs_are_taken_back_and_running_ones_told()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2 });
        List<string> outcomes = [];
        pool.Start(Block, thrown => outcomes.Add(thrown is null ? "stubborn" : "wrong"));
        pool.Start(token => token.WaitHandle.WaitOne(), thrown => outcomes.Add(thrown is null ? "told" : "wrong"));
        pool.Start(() => { }, thrown => outcomes.Add(thrown is OperationCanceledException ? "back" : "wrong"));
        bool? isStopped = null;
        pool.Stop(TimeSpan.FromMilliseconds(5), isInTime => isStopped = isInTime);
        TurnUntil(() => isStopped is not null && outcomes.Count == 2);
        Assert.False(isStopped);
        outcomes.Sort(StringComparer.Ordinal);
        Assert.Equal(["back", "told"], outcomes);
        Assert.Equal(1, pool.Figures.Running);
        Open();
        TurnUntil(() => outcomes.Count == 3);
        Assert.Contains("stubborn", outcomes);
        Await(() => pool.Figures.Workers == 0);
    }

    [Fact]
    public void A_disposed_pool_takes_back_what_waits_and_waits_for_nothing()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        StartBlocking(pool);
        AwaitHeld(1);
        int back = 0;
        for (int job = 0; job < 10; job++)
        {
            pool.Start(() => { }, thrown => back += thrown is OperationCanceledException ? 1 : 0);
        }

        pool.Dispose();
        pool.Dispose();
        Assert.Equal(Errno.ESHUTDOWN, pool.Start(() => { }, Count).Error);
        TurnUntil(() => back == 10);
        Open();
        Finish(pool);
        Assert.Equal(1, Completed);
    }

    [Fact]
    public void A_pool_ends_with_its_loop_and_a_late_job_comes_back_to_nobody()
    {
        WorkerPool pool = Pool(new WorkerLimits { Minimum = 2, Maximum = 2, Priority = 1 });
        StartBlocking(pool);
        StartBlocking(pool);
        StartBlocking(pool);
        AwaitHeld(2);
        Loop.Dispose();
        Assert.Equal(Errno.ESHUTDOWN, pool.Start(() => { }, Count).Error);
        Open();
        Await(() => pool.Figures is { Workers: 0, PriorityWorkers: 0, Running: 0 });
        Assert.Equal((0, 0, 1L), (Completed, pool.Figures.Queued, pool.Figures.Cancelled));
    }

    [Fact]
    public void Figures_add_up_after_a_storm_from_many_threads()
    {
        int seed = Environment.TickCount;
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 5, Priority = 2, QueueMax = 200 });
        const int Producers = 4;
        const int JobsEach = 3000;
        int accepted = 0;
        int refused = 0;
        int done = 0;
        List<Thread> producers = [];
        for (int producer = 0; producer < Producers; producer++)
        {
            PseudoRandom random = new((ulong)(seed + producer));
            producers.Add(new Thread(() =>
            {
                for (int job = 0; job < JobsEach; job++)
                {
                    JobPriority priority = random.NextBelow(4) == 0 ? JobPriority.High : JobPriority.Ordinary;
                    Result result = pool.Start(() => Thread.SpinWait(20), _ => done++, priority);
                    Interlocked.Increment(ref result.IsOk ? ref accepted : ref refused);
                }
            }));
        }

        producers.ForEach(thread => thread.Start());
        TurnUntil(() => Volatile.Read(ref accepted) + Volatile.Read(ref refused) == Producers * JobsEach && pool.IsIdle);
        producers.ForEach(thread => thread.Join());
        WorkerFigures figures = pool.Figures;
        Assert.True(done == accepted, $"seed {seed}");
        Assert.Equal((accepted, refused), ((int)figures.Done, (int)figures.Refused));
        Assert.True(figures is { Queued: 0, Running: 0, MostWorkers: <= 7, StartFailures: 0, LargestQueue: <= 207 });
        Assert.True(figures.LongestWait > TimeSpan.Zero);
    }
}
