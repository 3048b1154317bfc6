using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Async;

namespace Spindle.Loop.Tests.Async;

public sealed class AwaitTests : LoopTest
{
    private const int SignalWindowChange = 28;

    [Fact]
    public void A_delay_is_never_early_and_delays_end_in_their_order()
    {
        Instant start = Kernel.Now(ClockId.Monotonic);
        TimeSpan span = TimeSpan.FromMilliseconds(2);
        async Task Wait(string name, Instant at)
        {
            await Loop.DelayUntil(at);
            Assert.True(Kernel.Now(ClockId.Monotonic) >= at);
            Trace.Add(name);
        }

        Loop.Run(async () => await Task.WhenAll(
            Wait("c", start + (span * 3)), Wait("a", start + span), Wait("b", start + span), Wait("past", Instant.Zero)));
        Assert.Equal("past a b c", TakeTrace());
    }

    [Fact]
    public void A_descriptor_is_awaited_and_let_go()
    {
        (int reader, int writer) = Pipe();
        Loop.Run(async () =>
        {
            for (int round = 0; round < 3; round++)
            {
                ValueTask<FdEvents> readable = Loop.Readable(reader);
                Assert.False(readable.IsCompleted);
                Assert.Equal(FdEvents.Writable, await Loop.Writable(writer));
                Kernel.Write(writer, [1]);
                Assert.Equal(FdEvents.Readable, await readable);
                Drain(reader);
            }
        });

        // Nobody watches any more.
        Kernel.Write(writer, [1]);
        Exhaust();
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Throws<ArgumentException>(() => { _ = Loop.Readable(9999); });
    }

    [Fact]
    public void A_signal_is_awaited_and_none_between_two_awaits_is_lost()
    {
        using AsyncSignal signal = new(Loop, SignalWindowChange);
        Loop.Run(async () =>
        {
            Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange);
            Assert.Equal(SignalWindowChange, await signal.NextAsync());
            ValueTask<int> next = signal.NextAsync();
            Assert.Throws<InvalidOperationException>(() => { _ = signal.NextAsync(); });
            Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange);
            await next;
            ValueTask<int> once = Loop.NextSignal(SignalWindowChange);
            Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange);
            Assert.Equal(SignalWindowChange, await once);
            await signal.NextAsync();
        });
    }

    [Fact]
    public void A_disposed_signal_ends_its_await()
    {
        AsyncSignal signal = new(Loop, SignalWindowChange);
        Loop.Run(async () =>
        {
            ValueTask<int> next = signal.NextAsync();
            signal.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await next);
        });
        Assert.Throws<ObjectDisposedException>(() => { _ = signal.NextAsync(); });
    }

    [Fact]
    public void The_end_of_a_child_is_awaited()
    {
        Result child = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", "exit 5"]));
        Assert.True(child.IsOk);
        ExitStatus status = Loop.Run(async () => await Loop.ChildExit(child.Int));
        Assert.Equal(new ExitStatus(child.Int, IsSignalled: false, Code: 5), status);
    }

    [Fact]
    public void A_cancelled_wait_for_a_child_leaves_it_for_others()
    {
        Result child = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", "exit 6"]));
        Loop.Run(async () =>
        {
            using CancellationTokenSource source = new();
            ValueTask<ExitStatus> first = Loop.ChildExit(child.Int, source.Token);
            source.Cancel();
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await first);
            Assert.Equal(6, (await Loop.ChildExit(child.Int)).Code);
        });
    }

    [Fact]
    public void Cancellation_ends_every_kind_of_await_in_a_later_turn()
    {
        (int reader, _) = Pipe();
        Loop.Run(async () =>
        {
            using CancellationTokenSource source = new();
            CancellationToken token = source.Token;
            using AsyncSignal signal = new(Loop, SignalWindowChange);
            using AsyncFd fd = new(Loop, reader);
            Task[] waits =
            [
                Loop.Delay(TimeSpan.MaxValue, token).AsTask(),
                Loop.Readable(reader, token).AsTask(),
                Watch(),
                fd.ReadAsync(new byte[1], token).AsTask(),
            ];
            async Task Watch()
            {
                while (true)
                {
                    await signal.NextAsync(token);
                }
            }

            source.Cancel();
            Assert.All(waits, wait => Assert.False(wait.IsCompleted));
            foreach (Task wait in waits)
            {
                OperationCanceledException thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
                Assert.Equal(token, thrown.CancellationToken);
                Assert.True(wait.IsCanceled);
            }

            Assert.True(Loop.Delay(TimeSpan.Zero, token).IsCanceled);
            Assert.True(Loop.Readable(reader, token).IsCanceled);
            Assert.True(fd.ReadAsync(new byte[1], token).IsCanceled);
            Assert.True(Loop.ChildExit(1, token).IsCanceled);
        });
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Cancellation_from_another_thread_never_hits_a_later_await()
    {
        const int Rounds = 3000;
        int cancelled = 0;
        int elapsed = 0;
        using SemaphoreSlim ready = new(0);
        CancellationTokenSource? current = null;
        bool isOver = false;
        Thread canceller = new(() =>
        {
            while (true)
            {
                ready.Wait();
                if (Volatile.Read(ref isOver))
                {
                    return;
                }

                Volatile.Read(ref current)!.Cancel();
            }
        });
        canceller.Start();
        Loop.Run(async () =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                CancellationTokenSource source = new();
                Volatile.Write(ref current, source);
                ready.Release();
                try
                {
                    await Loop.Delay(TimeSpan.FromMicroseconds(round % 7 * 10), source.Token);
                    elapsed++;
                }
                catch (OperationCanceledException thrown)
                {
                    Assert.Equal(source.Token, thrown.CancellationToken);
                    cancelled++;
                }

                // The same pooled await, without a token: nothing may end it but time.
                await Loop.Delay(TimeSpan.Zero);
            }
        });
        Volatile.Write(ref isOver, true);
        ready.Release();
        canceller.Join();
        Assert.Equal(Rounds, cancelled + elapsed);
    }

    [Fact]
    public void Disposing_the_loop_ends_what_is_awaited_with_one_exception()
    {
        (int reader, _) = Pipe();
        AsyncFd fd = new(Loop, reader);
        int child = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", "exec sleep 1000"])).Int;
        using LoopSynchronizationContext.Scope scope = LoopSynchronizationContext.Of(Loop).Install();
        async Task Ended(Func<ValueTask> wait)
        {
            try
            {
                await wait();
            }
            catch (LoopDisposedException)
            {
                // The loop is going: nothing new can be awaited.
                Assert.Throws<LoopDisposedException>(() => { _ = Loop.Delay(TimeSpan.Zero); });
                Trace.Add("ended");
            }
        }

        async ValueTask YieldForever()
        {
            while (true)
            {
                await Loop.Yield();
            }
        }

        Task[] waits =
        [
            Ended(() => Loop.Delay(TimeSpan.MaxValue)),
            Ended(async () => await Loop.Readable(reader)),
            Ended(async () => await fd.ReadAsync(new byte[1])),
            Ended(async () => await Loop.ChildExit(child)),
            Ended(async () => await Loop.NextSignal(SignalWindowChange)),
            Ended(YieldForever),
        ];
        Exhaust(3);
        Loop.Dispose();
        Assert.All(waits, wait => Assert.True(wait.IsCompletedSuccessfully));
        Assert.Equal(waits.Length, Trace.Count);
        Assert.ThrowsAny<Exception>(() => { _ = Loop.Delay(TimeSpan.Zero); });
        fd.Dispose();
        Kernel.SendSignal(child, 9);
    }

    [Fact]
    public void An_await_belongs_to_the_loops_thread()
    {
        Loop.Iterate(mayBlock: false);
        Exception? thrown = null;
        Thread thread = new(() => thrown = Record.Exception(() => { _ = Loop.Delay(TimeSpan.Zero); }));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(thrown);
    }

    [Fact]
    public void A_value_task_is_awaited_once()
    {
        ValueTask delay = Loop.Delay(TimeSpan.Zero);
        TurnUntil(() => delay.IsCompleted);
        Assert.Null(Record.Exception(() => delay.GetAwaiter().GetResult()));
        Assert.Throws<InvalidOperationException>(() => delay.GetAwaiter().GetResult());
        ValueTask early = Loop.Delay(TimeSpan.MaxValue);
        Assert.Throws<InvalidOperationException>(() => early.GetAwaiter().GetResult());
    }

    [Fact]
    public void The_execution_context_flows()
    {
        AsyncLocal<string> local = new();
        Loop.Run(async () =>
        {
            async Task<string?> Keep(string value)
            {
                local.Value = value;
                await Loop.Delay(TimeSpan.Zero);
                return local.Value;
            }

            Task<string?> first = Keep("first");
            Task<string?> second = Keep("second");
            Assert.Equal("first", await first);
            Assert.Equal("second", await second);
            Assert.Null(local.Value);
        });
    }

    private void Exhaust(int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            Loop.Iterate(mayBlock: false);
        }
    }
}
