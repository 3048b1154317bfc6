using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>Posts from many threads that are interrupted wherever it may hurt.</summary>
public sealed class PostStressTests
{
    // If a wake-up is lost the loop sleeps for ever: then this says so. A timer does not make it look for posts.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<int, int> ProducersAndSeeds()
    {
        TheoryData<int, int> data = [];
        foreach (int producers in (ReadOnlySpan<int>)[1, 2, 3, 4, 8])
        {
            for (int seed = 1; seed <= 4; seed++)
            {
                data.Add(producers, (seed * 100) + producers);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ProducersAndSeeds))]
    public void Every_post_arrives_in_its_threads_order_however_threads_are_interrupted(int producers, int seed)
    {
        const int Each = 1500;
        using WakeCheckKernel kernel = new(seed);
        using (EventLoop loop = NewLoop(kernel, seed))
        {
            int[] next = new int[producers];
            int left = producers * Each;
            string? disorder = null;
            List<Thread> threads = Start(producers, seed, (producer, random) =>
            {
                for (int number = 0; number < Each; number++)
                {
                    loop.Post(item => Take((Item)item!), new Item(producer, number));
                    Dawdle(loop, random);
                }
            });
            loop.Run();
            threads.ForEach(thread => thread.Join());
            Assert.True(left == 0 && disorder is null, $"seed {seed}: {left} of {producers * Each} posts are missing; {disorder}");

            void Take(Item item)
            {
                if (next[item.Producer]++ != item.Number)
                {
                    disorder ??= $"{item} came instead of {next[item.Producer] - 1}";
                }

                if (--left == 0)
                {
                    loop.Quit();
                }
            }
        }

        Assert.Equal((null, 0), (kernel.Violation, kernel.OpenCount));
    }

    [Theory]
    [MemberData(nameof(ProducersAndSeeds))]
    public void Every_item_of_short_queues_arrives_in_its_threads_order(int producers, int seed)
    {
        const int Each = 600;
        using WakeCheckKernel kernel = new(seed);
        using (EventLoop loop = NewLoop(kernel, seed))
        {
            Random choice = new(seed);
            int[] next = new int[producers];
            int left = producers * Each;
            string? disorder = null;
            PostQueue<Item>[] queues = new PostQueue<Item>[3];
            for (int index = 0; index < queues.Length; index++)
            {
                queues[index] = loop.AddPostQueue<Item>(1 + choice.Next(20), Take, choice.Next(-1, 2));
            }

            List<Thread> threads = Start(producers, seed, (producer, random) =>
            {
                for (int number = 0; number < Each; number++)
                {
                    while (queues[producer % queues.Length].TryPost(new Item(producer, number)) == PostResult.Full)
                    {
                        Thread.Yield();
                    }

                    Dawdle(loop, random);
                }
            });
            loop.Run();
            threads.ForEach(thread => thread.Join());
            Assert.True(left == 0 && disorder is null, $"seed {seed}: {left} of {producers * Each} items are missing; {disorder}");

            void Take(PostQueue<Item> queue, Item item)
            {
                if (next[item.Producer]++ != item.Number)
                {
                    disorder ??= $"{item} came instead of {next[item.Producer] - 1}";
                }

                if (--left == 0)
                {
                    loop.Quit();
                }
            }
        }

        Assert.Equal((null, 0), (kernel.Violation, kernel.OpenCount));
    }

    [Theory]
    [MemberData(nameof(ProducersAndSeeds))]
    public void A_loop_that_goes_in_the_middle_calls_nothing_any_more_and_closes_its_eventfd_once(int producers, int seed)
    {
        const int Rounds = 15;
        using WakeCheckKernel kernel = new(seed);
        Random choice = new(seed);
        for (int round = 0; round < Rounds; round++)
        {
            EventLoop loop = NewLoop(kernel, seed);
            bool isGone = false;
            bool isCalledAfterwards = false;
            bool isTakenAfterwards = false;
            int left = 1 + choice.Next(400);
            PostQueue<int> queue = loop.AddPostQueue<int>(5, (_, _) => Called());
            List<Thread> threads = Start(producers, seed + round, (producer, random) =>
            {
                for (int number = 0; !Volatile.Read(ref isGone) || number < 300; number++)
                {
                    bool wasGone = Volatile.Read(ref isGone);
                    loop.Post(Called);
                    isTakenAfterwards |= queue.TryPost(number) != PostResult.Ended && wasGone;
                    Dawdle(loop, random);
                }
            });
            loop.Run();
            loop.Dispose();
            Volatile.Write(ref isGone, true);
            threads.ForEach(thread => thread.Join());
            Assert.False(isCalledAfterwards, $"seed {seed}, round {round}: called after the disposal");
            Assert.False(isTakenAfterwards, $"seed {seed}, round {round}: taken after the disposal");

            void Called()
            {
                isCalledAfterwards |= isGone;
                if (--left == 0)
                {
                    loop.Quit();
                }
            }
        }

        Assert.Equal((null, 0), (kernel.Violation, kernel.OpenCount));
    }

    private static EventLoop NewLoop(WakeCheckKernel kernel, int seed)
    {
        EventLoop loop = new(kernel, new EventLoopOptions { Waiting = (WaitingBy)(seed % 4) });
        loop.AddTimer((_, _) => loop.Quit(), name: "patience").ArmAfter(Patience);
        return loop;
    }

    private static List<Thread> Start(int count, int seed, Action<int, Random> produce)
    {
        List<Thread> threads = [];
        for (int index = 0; index < count; index++)
        {
            int producer = index;
            Thread thread = new(() => produce(producer, new Random((seed * 1000) + producer)));
            thread.Start();
            threads.Add(thread);
        }

        return threads;
    }

    /// <summary>Some posts come at once behind one another, some after a while in which the loop goes to sleep.</summary>
    private static void Dawdle(EventLoop loop, Random random)
    {
        switch (random.Next(64))
        {
            case < 2:
                Thread.Yield();
                break;
            case 2:
                Thread.SpinWait(random.Next(2000));
                break;
            case 3:
                loop.Wake();
                break;
        }
    }

    private sealed record Item(int Producer, int Number);
}
