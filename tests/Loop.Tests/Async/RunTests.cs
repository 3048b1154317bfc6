using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop.Async;

namespace Spindle.Loop.Tests.Async;

public sealed class RunTests : LoopTest
{
    [Fact]
    public void A_method_runs_on_the_loop_and_its_result_comes_out()
    {
        int home = Environment.CurrentManagedThreadId;
        int result = Loop.Run(async () =>
        {
            await Loop.Delay(TimeSpan.FromMilliseconds(1));
            Assert.Equal(home, Environment.CurrentManagedThreadId);
            await Task.Yield();
            Assert.Equal(home, Environment.CurrentManagedThreadId);
            return 42;
        });
        Assert.Equal(42, result);
        Assert.Equal(7, Loop.Run(() => Task.FromResult(7)));
    }

    [Fact]
    public void What_the_method_throws_comes_out_and_the_loop_can_run_again()
    {
        Assert.Throws<FormatException>(() => Loop.Run(Fail));
        bool isRun = false;
        Loop.Run(async () =>
        {
            await Loop.Yield();
            isRun = true;
        });
        Assert.True(isRun);

        async Task Fail()
        {
            await Loop.Yield();
            throw new FormatException();
        }
    }

    [Fact]
    public void A_method_that_ends_on_another_thread_ends_the_run_too()
    {
        int home = Environment.CurrentManagedThreadId;
        int there = home;
        Loop.Run(async () =>
        {
            await Elsewhere().ConfigureAwait(false);
            there = Environment.CurrentManagedThreadId;
        });
        Assert.NotEqual(home, there);
        Assert.False(Loop.Iterate(mayBlock: false) && Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void An_await_of_a_task_from_elsewhere_comes_back()
    {
        int home = Environment.CurrentManagedThreadId;
        Loop.Run(async () =>
        {
            for (int round = 0; round < 100; round++)
            {
                int there = await Elsewhere();
                Assert.NotEqual(home, there);
                Assert.Equal(home, Environment.CurrentManagedThreadId);
            }
        });
    }

    [Fact]
    public void Quitting_the_loop_before_the_end_is_said()
    {
        Assert.Throws<OperationCanceledException>(() => Loop.Run(async () =>
        {
            Loop.Post(Loop.Quit);
            await Loop.Delay(TimeSpan.MaxValue);
        }));

        // The method that was left behind must not end this run.
        Loop.Run(async () => await Loop.Delay(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void The_context_is_there_during_the_run_alone()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        Loop.Run(() =>
        {
            Assert.Same(LoopSynchronizationContext.Of(Loop), SynchronizationContext.Current);
            return Task.CompletedTask;
        });
        Assert.Same(before, SynchronizationContext.Current);
    }

    [Fact]
    public void A_method_may_run_the_loop_and_await_there_what_it_awaited_itself()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd fd = new(Loop, reader);
        byte[] buffer = new byte[4];
        async Task Use()
        {
            await Loop.Yield();
            await Loop.Delay(TimeSpan.Zero);
            ValueTask<Result> read = fd.ReadAsync(buffer);
            Kernel.Write(writer, "x"u8);
            Assert.Equal(Result.Ok(1), await read);
        }

        Loop.Run(async () =>
        {
            await Loop.Yield();
            Loop.Run(Use);
            await Loop.Delay(TimeSpan.Zero);
            Loop.Run(Use);
            ValueTask<Result> read = fd.ReadAsync(buffer);
            Kernel.Write(writer, "y"u8);
            await read;
            Loop.Run(Use);
            Trace.Add("over");
        });
        Assert.Equal("over", TakeTrace());
    }

    [Fact]
    public void A_function_is_invoked_on_the_loop_from_another_thread()
    {
        int home = Environment.CurrentManagedThreadId;
        int there = 0;
        string message = "";
        Thread thread = new(() =>
        {
            there = Loop.InvokeAsync(() => Environment.CurrentManagedThreadId).GetAwaiter().GetResult();
            message = Assert.Throws<FormatException>(
                () => Loop.InvokeAsync<int>(() => throw new FormatException("there")).GetAwaiter().GetResult()).Message;
            Loop.Quit();
        });
        thread.Start();
        Loop.Run();
        thread.Join();
        Assert.Equal((home, "there"), (there, message));
    }

    [Fact]
    public void Yield_brings_a_method_from_another_thread_to_the_loop()
    {
        int home = Environment.CurrentManagedThreadId;
        YieldAwaitable way = Loop.Yield();
        Loop.Run(async () =>
        {
            await Elsewhere().ConfigureAwait(false);
            Assert.NotEqual(home, Environment.CurrentManagedThreadId);
            await way;
            Assert.Equal(home, Environment.CurrentManagedThreadId);
        });
    }

    /// <summary>Ends on a thread of its own, and tells which; not before it is awaited, for the thread starts in a later
    /// turn.</summary>
    private Task<int> Elsewhere()
    {
        TaskCompletionSource<int> source = new();
        Loop.Post(() => Assert.True(
            Kernel.StartThread("elsewhere", () => source.SetResult(Environment.CurrentManagedThreadId)).IsOk));
        return source.Task;
    }
}
