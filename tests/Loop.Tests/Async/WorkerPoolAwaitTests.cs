using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop.Async;
using Spindle.Loop.Tests.Workers;
using Spindle.Loop.Workers;

namespace Spindle.Loop.Tests.Async;

public sealed class WorkerPoolAwaitTests : WorkerPoolTest
{
    [Fact]
    public void A_job_is_awaited_and_its_result_or_exception_comes_back_to_the_loop()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 2 });
        int home = Environment.CurrentManagedThreadId;
        Loop.Run(async () =>
        {
            int there = await pool.RunAsync(() => Environment.CurrentManagedThreadId);
            Assert.NotEqual(home, there);
            Assert.Equal(home, Environment.CurrentManagedThreadId);
            await Assert.ThrowsAsync<FormatException>(async () => await pool.RunAsync<int>(() => throw new FormatException()));
            Assert.Equal(home, Environment.CurrentManagedThreadId);
            Assert.Equal("high", await pool.RunAsync(_ => "high", JobPriority.High));
        });
    }

    [Fact]
    public void Many_jobs_are_awaited_at_once_with_all_workers()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 4 });
        using Barrier barrier = new(4);
        Loop.Run(async () =>
        {
            Task<bool>[] jobs = new Task<bool>[16];
            for (int job = 0; job < jobs.Length; job++)
            {
                // Four at a time, or never.
                jobs[job] = pool.RunAsync(() =>
                {
                    barrier.SignalAndWait();
                    return true;
                }).AsTask();
            }

            Assert.DoesNotContain(false, await Task.WhenAll(jobs));
        });
    }

    [Fact]
    public void An_awaited_job_is_taken_back_told_and_refused()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1, QueueMax = 1 });
        Loop.Run(async () =>
        {
            using CancellationTokenSource source = new();
            bool isInside = false; // a worker that has the job may not have begun it: then it would be taken back
            ValueTask<bool> running = pool.RunAsync(
                token =>
                {
                    Volatile.Write(ref isInside, true);
                    return token.WaitHandle.WaitOne();
                },
                cancellation: source.Token);
            ValueTask<int> waiting = pool.RunAsync(() => 1, cancellation: source.Token);
            Assert.Equal(
                Errno.EAGAIN, Assert.Throws<WorkRefusedException>(() => { _ = pool.RunAsync(() => 2); }).Error);
            Await(() => Volatile.Read(ref isInside));
            source.Cancel();
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);
            Assert.True(await running);
            Assert.True(pool.RunAsync(() => 3, cancellation: source.Token).IsCanceled);
            Assert.Equal(4, await pool.RunAsync(() => 4));
            Assert.True(await pool.DrainAsync(TimeSpan.MaxValue));
            Assert.True(await pool.StopAsync(TimeSpan.MaxValue));
            Assert.Equal(
                Errno.ESHUTDOWN, Assert.Throws<WorkRefusedException>(() => { _ = pool.RunAsync(() => 5); }).Error);
        });
    }

    [Fact]
    public void An_await_of_a_job_ends_with_the_loop()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        using LoopSynchronizationContext.Scope scope = LoopSynchronizationContext.Of(Loop).Install();
        Task first = Wait();
        Task second = Wait();
        AwaitHeld(1);
        Loop.Dispose();
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
        Open();

        async Task Wait() => await Assert.ThrowsAsync<LoopDisposedException>(async () => await pool.RunAsync(() =>
        {
            Block();
            return 0;
        }));
    }

    [Fact]
    public void Drain_and_stop_say_when_time_runs_out()
    {
        WorkerPool pool = Pool(new WorkerLimits { Maximum = 1 });
        StartBlocking(pool);
        Loop.Run(async () =>
        {
            Assert.False(await pool.DrainAsync(TimeSpan.FromMilliseconds(1)));
            Assert.False(await pool.StopAsync(TimeSpan.FromMilliseconds(1)));
        });
        Open();
    }
}
