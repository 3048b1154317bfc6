using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Loop.Async;

namespace Spindle.Loop.Tests.Async;

public sealed class ContextTests : LoopTest
{
    [Fact]
    public void What_is_posted_runs_in_a_later_turn_in_order_from_every_thread()
    {
        SynchronizationContext context = LoopSynchronizationContext.Of(Loop);
        Assert.Same(context, context.CreateCopy());
        Loop.Iterate(mayBlock: false);
        const int Each = 5000;
        int[] seen = new int[3];
        bool isOrdered = true;
        List<Thread> threads = [];
        for (int producer = 0; producer < 3; producer++)
        {
            int mine = producer;
            void Produce()
            {
                for (int index = 0; index < Each; index++)
                {
                    context.Post(number => isOrdered &= seen[mine]++ == (int)number!, index);
                }
            }

            if (producer == 0)
            {
                Produce();
                Assert.Equal(0, seen[0]);
            }
            else
            {
                threads.Add(new Thread(Produce));
            }
        }

        threads.ForEach(thread => thread.Start());
        TurnUntil(() => Array.TrueForAll(seen, count => count == Each));
        threads.ForEach(thread => thread.Join());
        Assert.True(isOrdered);
    }

    [Fact]
    public void Continuations_that_continue_do_not_starve_the_rest()
    {
        LoopSynchronizationContext context = LoopSynchronizationContext.Of(Loop);
        int fd = EventFd(1);
        int rounds = 0;
        int read = 0;
        Loop.AddFd(fd, FdEvents.Readable, (_, _) => read++);
        void Again(object? state)
        {
            rounds++;
            context.Post(Again, null);
        }

        context.Post(Again, null);
        context.Post(Again, null);
        for (int turn = 0; turn < 100; turn++)
        {
            Loop.Iterate(mayBlock: true);
        }

        Assert.True(read >= 99);
        Assert.InRange(rounds, 198, 200);
    }

    [Fact]
    public void Methods_that_yield_take_turns()
    {
        async Task Walk(string name)
        {
            for (int step = 0; step < 3; step++)
            {
                Trace.Add(name);
                await Loop.Yield();
            }
        }

        Loop.Run(async () => await Task.WhenAll(Walk("a"), Walk("b"), Walk("c")));
        Assert.Equal("a b c a b c a b c", TakeTrace());
    }

    [Fact]
    public void What_an_async_void_method_throws_goes_to_the_loop()
    {
        async void Fail()
        {
            await Loop.Yield();
            throw new FormatException("void");
        }

        CallbackException thrown = Assert.Throws<CallbackException>(() => Loop.Run(Main));
        Assert.Equal("void", Assert.IsType<FormatException>(thrown.InnerException).Message);
        List<string> handled = [];
        Loop.UnhandledException = (_, exception) => handled.Add(exception.Message);
        Loop.Run(Main);
        Assert.Equal(["void"], handled);

        async Task Main()
        {
            Fail();
            await Loop.Yield();
            await Loop.Yield();
            await Loop.Yield();
        }
    }

    [Fact]
    public void Sending_waits_for_the_loop_and_brings_what_is_thrown()
    {
        LoopSynchronizationContext context = LoopSynchronizationContext.Of(Loop);
        Loop.Iterate(mayBlock: false);
        int home = Environment.CurrentManagedThreadId;
        context.Send(_ => Trace.Add("here"), null);
        Assert.Equal("here", TakeTrace());
        int ranOn = 0;
        string message = "";
        Thread thread = new(() =>
        {
            context.Send(_ => ranOn = Environment.CurrentManagedThreadId, null);
            message = Assert.Throws<FormatException>(
                () => context.Send(_ => throw new FormatException("sent"), null)).Message;
            Loop.Quit();
        });
        thread.Start();
        Loop.Run();
        thread.Join();
        Assert.Equal((home, "sent"), (ranOn, message));
    }

    [Fact]
    public void Sending_to_a_loop_that_goes_ends_with_its_exception()
    {
        LoopSynchronizationContext context = LoopSynchronizationContext.Of(Loop);
        using ManualResetEventSlim isStarted = new();
        Exception? thrown = null;
        Loop.Iterate(mayBlock: false);
        Thread thread = new(() =>
        {
            isStarted.Set();
            while (thrown is null)
            {
                thrown = Record.Exception(() => context.Send(_ => { }, null));
            }
        });
        thread.Start();
        isStarted.Wait();
        Loop.Iterate(mayBlock: true);
        Loop.Dispose();
        thread.Join();
        Assert.IsType<LoopDisposedException>(thrown);
    }

    [Fact]
    public void The_scheduler_runs_tasks_on_the_loop_in_order()
    {
        LoopTaskScheduler scheduler = new(Loop);
        Assert.Equal(1, scheduler.MaximumConcurrencyLevel);
        int home = Environment.CurrentManagedThreadId;
        Task Start(string name) => Task.Factory.StartNew(
            () =>
            {
                Assert.Equal(home, Environment.CurrentManagedThreadId);
                Assert.Same(scheduler, TaskScheduler.Current);
                Trace.Add(name);
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler);

        Task first = Start("first");
        Task second = Start("second");
        Task third = second.ContinueWith(_ => Trace.Add("third"), scheduler);
        Assert.Empty(Trace);
        TurnUntil(() => third.IsCompleted);
        Assert.Equal("first second third", TakeTrace());
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_throwing_continuation_does_not_take_the_others_with_it()
    {
        SynchronizationContext context = LoopSynchronizationContext.Of(Loop);
        context.Post(_ => throw new FormatException(), null);
        context.Post(_ => Trace.Add("second"), null);
        Assert.IsType<FormatException>(Assert.Throws<CallbackException>(Exhaust).InnerException);
        Exhaust();
        Assert.Equal("second", TakeTrace());
    }
}
