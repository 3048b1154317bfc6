using System;
using System.Collections.Generic;
using System.Threading;

namespace Spindle.Loop.Tests;

public abstract class PostQueueTests(WaitingBy waiting) : LoopTest(waiting)
{
    [Fact]
    public void Items_are_handled_in_their_order_and_a_full_queue_says_so()
    {
        List<int> seen = [];
        PostQueue<int> queue = Loop.AddPostQueue<int>(20, (_, item) => seen.Add(item));
        for (int item = 0; item < 20; item++)
        {
            Assert.Equal(PostResult.Queued, queue.TryPost(item));
        }

        Assert.Equal(PostResult.Full, queue.TryPost(20));
        Loop.Iterate(mayBlock: true);
        Assert.Equal(20, seen.Count);
        Exhaust();
        Assert.Equal(PostResult.Queued, queue.TryPost(20));
        Exhaust();
        Assert.Equal(21, seen.Count);
        for (int item = 0; item <= 20; item++)
        {
            Assert.Equal(item, seen[item]);
        }
    }

    [Fact]
    public void An_item_posted_by_a_handler_comes_in_the_next_turn_and_starves_nobody()
    {
        int others = 0;
        PostQueue<int> queue = Loop.AddPostQueue<int>(4, (self, item) => self.TryPost(item + 1));
        Loop.AddIdle(_ => ++others < 10, Priority.Default);
        queue.TryPost(0);
        TurnUntil(() => others == 10);
    }

    [Fact]
    public void It_goes_by_its_own_priority_and_not_behind_other_posts()
    {
        PostQueue<string> high = Loop.AddPostQueue<string>(4, (_, item) => Trace.Add(item), Priority.High);
        PostQueue<string> low = Loop.AddPostQueue<string>(4, (_, item) => Trace.Add(item), Priority.Low);
        Loop.Post(() => Trace.Add("post"));
        low.TryPost("low");
        high.TryPost("high");
        Exhaust();
        Assert.Equal("high post low", TakeTrace());
    }

    [Fact]
    public void After_removal_or_disposal_it_has_ended_and_drops_what_waited()
    {
        PostQueue<string> removed = Loop.AddPostQueue<string>(4, (_, item) => Trace.Add(item));
        PostQueue<string> disposed = Loop.AddPostQueue<string>(4, (self, item) =>
        {
            Trace.Add(item);
            removed.Remove();
            Assert.Equal(PostResult.Ended, removed.TryPost("late"));
        }, Priority.High);
        removed.TryPost("dropped");
        disposed.TryPost("seen");
        Exhaust();
        Assert.Equal("seen", TakeTrace());
        Loop.Dispose();
        Assert.Equal(PostResult.Ended, disposed.TryPost("late"));
    }

    [Fact]
    public void A_throwing_handler_does_not_take_the_other_items_with_it()
    {
        PostQueue<int> queue = Loop.AddPostQueue<int>(4, (_, item) =>
        {
            Trace.Add($"{item}");
            if (item == 0)
            {
                throw new FormatException();
            }
        });
        queue.TryPost(0);
        queue.TryPost(1);
        Assert.Throws<CallbackException>(() => Loop.Iterate(mayBlock: true));
        Exhaust();
        Assert.Equal("0 1", TakeTrace());
    }

    [Fact]
    public void No_wake_up_is_lost_and_each_producers_order_is_kept_when_the_queue_is_short()
    {
        const int Producers = 3;
        const int Each = 3000;
        int[] next = new int[Producers];
        bool isOrdered = true;
        PostQueue<(int Producer, int Number)> queue = Loop.AddPostQueue<(int Producer, int Number)>(
            7, (_, item) => isOrdered &= next[item.Producer]++ == item.Number);
        List<Thread> threads = [];
        for (int producer = 0; producer < Producers; producer++)
        {
            int mine = producer;
            threads.Add(new Thread(() =>
            {
                for (int number = 0; number < Each; number++)
                {
                    while (queue.TryPost((mine, number)) == PostResult.Full)
                    {
                        Thread.Yield();
                    }
                }
            }));
        }

        threads.ForEach(thread => thread.Start());
        TurnUntil(() => Array.TrueForAll(next, count => count == Each));
        threads.ForEach(thread => thread.Join());
        Assert.True(isOrdered);
    }

    [Fact]
    public void An_item_goes_round_between_two_loops_that_sleep_between()
    {
        // Room for one: an item gives its place back before its handler is called, so the answer finds room.
        const int room = 1;
        using EventLoop other = new(Kernel, new EventLoopOptions { Waiting = Loop.Waiting });
        PostQueue<int> here = null!;
        PostQueue<int> there = null!;
        bool isLost = false;
        there = other.AddPostQueue<int>(room, (_, item) => Send(here, item + 1));
        here = Loop.AddPostQueue<int>(room, (_, item) => Send(there, item + 1));
        Thread thread = new(other.Run);
        thread.Start();
        here.TryPost(0);
        Loop.Run();
        thread.Join();
        Assert.False(isLost);

        void Send(PostQueue<int> to, int item)
        {
            isLost |= item < 5000 && to.TryPost(item) != PostResult.Queued;
            if (isLost || item >= 5000)
            {
                other.Quit();
                Loop.Quit();
            }
        }
    }

    [Fact]
    public void Posting_allocates_nothing()
    {
        int seen = 0;
        PostQueue<(int A, long B)> queue = Loop.AddPostQueue<(int A, long B)>(64, (_, _) => seen++);
        for (int round = 0; round < 100; round++)
        {
            Round();
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                Round();
            }
        }));
        Assert.True(seen >= 200 * 50);

        void Round()
        {
            for (int item = 0; item < 50; item++)
            {
                queue.TryPost((item, item));
            }

            while (Loop.Iterate(mayBlock: false))
            {
            }
        }
    }
}
