using System;
using System.Collections.Generic;
using System.Threading;

namespace Spindle.Loop.Tests;

public abstract class PostTests(WaitingBy waiting) : LoopTest(waiting)
{
    [Fact]
    public void Posts_run_on_the_loop_in_their_order()
    {
        for (int index = 0; index < 100; index++)
        {
            int number = index;
            Loop.Post(() => Trace.Add($"{number}"));
        }

        Loop.Iterate(mayBlock: true);
        Assert.Equal(100, Trace.Count);
        for (int index = 0; index < 100; index++)
        {
            Assert.Equal($"{index}", Trace[index]);
        }
    }

    [Fact]
    public void A_post_from_a_post_runs_in_the_next_turn()
    {
        Loop.Post(() =>
        {
            Trace.Add("outer");
            Loop.Post(() => Trace.Add("inner"));
        });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("outer", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("inner", TakeTrace());
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_post_waits_while_a_better_priority_is_busy_and_is_not_lost()
    {
        int left = 3;
        Loop.AddIdle(_ => { Trace.Add("high"); return --left > 0; }, Priority.High);
        Loop.Post(() => Trace.Add("post"));
        Exhaust();
        Assert.Equal("high high high post", TakeTrace());
    }

    [Fact]
    public void A_throwing_post_does_not_take_the_others_with_it()
    {
        Loop.Post(() => throw new FormatException());
        Loop.Post(() => Trace.Add("second"));
        Loop.Post(state => Trace.Add((string)state!), "third");
        CallbackException thrown = Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: true));
        Assert.IsType<FormatException>(thrown.InnerException);
        Exhaust();
        Assert.Equal("second third", TakeTrace());
    }

    [Fact]
    public void No_wake_up_is_lost_between_threads()
    {
        const int Producers = 4;
        const int PostsEach = 20_000;
        int[] seen = new int[Producers];
        bool isOrdered = true;
        List<Thread> threads = [];
        for (int producer = 0; producer < Producers; producer++)
        {
            int mine = producer;
            threads.Add(new Thread(() =>
            {
                for (int index = 0; index < PostsEach; index++)
                {
                    int number = index;
                    Loop.Post(() => isOrdered &= seen[mine]++ == number);
                }
            }));
        }

        threads.ForEach(thread => thread.Start());
        TurnUntil(() => Array.TrueForAll(seen, count => count == PostsEach));
        threads.ForEach(thread => thread.Join());
        Assert.True(isOrdered);
    }

    [Fact]
    public void A_token_goes_round_between_two_loops_that_sleep_between()
    {
        using EventLoop other = new(Kernel, new EventLoopOptions { Waiting = Loop.Waiting });
        int rounds = 0;
        void There()
        {
            if (++rounds == 5000)
            {
                other.Quit();
                Loop.Quit();
                return;
            }

            other.Post(() => Loop.Post(There));
        }

        Thread thread = new(other.Run);
        thread.Start();
        Loop.Post(There);
        Loop.Run();
        thread.Join();
        Assert.Equal(5000, rounds);
    }

    [Fact]
    public void Quit_from_another_thread_wakes_a_sleeping_loop()
    {
        for (int round = 0; round < 100; round++)
        {
            Thread thread = new(Loop.Quit);
            thread.Start();
            Loop.Run();
            thread.Join();
        }
    }
}
