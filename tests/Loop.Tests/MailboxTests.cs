using System;
using System.Collections.Generic;
using System.Threading;

namespace Spindle.Loop.Tests;

public sealed class MailboxTests
{
    [Fact]
    public void Only_the_first_item_of_a_sleeping_mailbox_wakes()
    {
        Mailbox<Letter> mailbox = new();
        Assert.True(Put(mailbox, 0));
        Assert.False(Put(mailbox, 1));
        Assert.True(mailbox.HasItems);
        Assert.Equal([0, 1], TakeRow(mailbox));
        Assert.False(Put(mailbox, 2));
        Assert.False(mailbox.TrySleep());
        Assert.Equal([2], TakeRow(mailbox));
        Assert.True(mailbox.TrySleep());
        Assert.True(mailbox.TrySleep());
        Assert.False(mailbox.HasItems);
        Assert.True(Put(mailbox, 3));
        Assert.False(mailbox.TrySleep());
    }

    [Fact]
    public void What_comes_while_a_row_is_taken_is_the_next_row()
    {
        Mailbox<Letter> mailbox = new();
        Put(mailbox, 0);
        Assert.True(mailbox.TakeRow());
        Put(mailbox, 1);
        Assert.True(mailbox.TryTake(out Letter letter));
        Assert.Equal(0, letter.Number);
        Assert.True(mailbox.IsRowOver);
        Assert.False(mailbox.TryTake(out _));
        Assert.Equal([1], TakeRow(mailbox));
        Assert.False(mailbox.TakeRow());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(70_000)]
    public void A_row_may_be_of_any_length_and_the_next_ones_too(int length)
    {
        Mailbox<Letter> mailbox = new();
        for (int round = 0; round < 5; round++)
        {
            List<int> expected = [];
            for (int number = 0; number < length + round; number++)
            {
                Put(mailbox, number);
                expected.Add(number);
            }

            Assert.Equal(expected, TakeRow(mailbox));
        }
    }

    [Fact]
    public void A_thread_that_is_interrupted_between_its_place_and_its_item_stops_the_row_and_wakes_afterwards()
    {
        Mailbox<Letter> mailbox = new();
        Assert.True(Put(mailbox, 0));
        using Interrupted interrupted = new(mailbox, 1);
        Assert.False(Put(mailbox, 2));
        Assert.True(mailbox.TakeRow());
        Assert.True(mailbox.TryTake(out _));
        for (int look = 0; look < 3; look++)
        {
            Assert.False(mailbox.TryTake(out _));
            Assert.False(mailbox.IsRowOver);
            Assert.True(mailbox.TakeRow());
        }

        // The taker is at the hole, not asleep: nobody else need wake it.
        Assert.False(Put(mailbox, 3));
        Assert.True(interrupted.GoOn());
        Assert.Equal([1, 2], TakeRow(mailbox));
        Assert.Equal([3], TakeRow(mailbox));
        Assert.True(mailbox.TrySleep());
    }

    [Fact]
    public void A_place_that_is_filled_before_the_taker_comes_wakes_nobody()
    {
        Mailbox<Letter> mailbox = new();
        Put(mailbox, 0);
        using Interrupted interrupted = new(mailbox, 1);
        Assert.True(mailbox.TakeRow());
        Assert.False(interrupted.GoOn());
        Assert.Equal([0, 1], TakeRow(mailbox));
    }

    [Fact]
    public void The_first_of_a_sleeping_mailbox_wakes_when_it_is_there_even_if_others_came_first()
    {
        Mailbox<Letter> mailbox = new();
        using Interrupted interrupted = new(mailbox, 0);
        Assert.False(Put(mailbox, 1));
        Assert.True(mailbox.HasItems);
        Assert.True(mailbox.TakeRow());
        Assert.False(mailbox.TryTake(out _));
        Assert.True(interrupted.GoOn());
        Assert.Equal([0, 1], TakeRow(mailbox));
    }

    [Fact]
    public void A_closed_mailbox_takes_nothing_and_drops_what_it_had()
    {
        Mailbox<Letter> mailbox = new();
        Put(mailbox, 0);
        using (Interrupted interrupted = new(mailbox, 1))
        {
            Assert.True(mailbox.TakeRow());
            mailbox.Close();
            Assert.True(mailbox.IsClosed);
            interrupted.GoOn();
        }

        Assert.False(mailbox.TryPut(new Letter(2), out bool wakes));
        Assert.False(wakes);
        Assert.False(mailbox.HasItems);
        Assert.False(mailbox.TakeRow());
        Assert.False(mailbox.TryTake(out _));
        Assert.True(mailbox.TrySleep());
    }

    [Fact]
    public void It_lets_go_of_what_was_taken_and_of_what_was_dropped()
    {
        Mailbox<PostedAction> mailbox = new();
        WeakReference taken = PutObject(mailbox);
        Assert.True(mailbox.TakeRow());
        TakeObject(mailbox);
        WeakReference dropped = PutObject(mailbox);
        mailbox.Close();
        GC.Collect();
        Assert.False(taken.IsAlive);
        Assert.False(dropped.IsAlive);
        GC.KeepAlive(mailbox);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    [InlineData(8, 4)]
    public void A_taker_that_sleeps_is_always_woken_and_seldom_for_nothing(int producers, int seed)
    {
        const int Each = 20_000;
        Mailbox<Letter> mailbox = new();
        using SemaphoreSlim wake = new(0);
        int[] next = new int[producers];
        List<Thread> threads = [];
        for (int index = 0; index < producers; index++)
        {
            int producer = index;
            Thread thread = new(() =>
            {
                Random random = new((seed * 100) + producer);
                for (int number = 0; number < Each; number++)
                {
                    int delay = random.Next(200) switch { 0 => 1, 1 => 2, _ => 0 };
                    mailbox.TryPut(new Letter(number, producer, delay), out bool wakes);
                    if (wakes)
                    {
                        wake.Release();
                    }
                }
            });
            thread.Start();
            threads.Add(thread);
        }

        for (int left = producers * Each; left > 0;)
        {
            Assert.True(wake.Wait(TimeSpan.FromSeconds(60)), $"seed {seed}: asleep with {left} to come");
            bool isAwake = true;
            while (isAwake)
            {
                mailbox.TakeRow();
                while (mailbox.TryTake(out Letter letter))
                {
                    Assert.Equal(next[letter.Producer]++, letter.Number);
                    left--;
                }

                // At a hole, or with nothing more to do.
                isAwake = mailbox.IsRowOver && !mailbox.TrySleep();
            }
        }

        threads.ForEach(thread => thread.Join());
        Assert.False(mailbox.HasItems);
    }

    private static bool Put(Mailbox<Letter> mailbox, int number)
    {
        Assert.True(mailbox.TryPut(new Letter(number), out bool wakes));
        return wakes;
    }

    private static List<int> TakeRow(Mailbox<Letter> mailbox)
    {
        List<int> numbers = [];
        Assert.True(mailbox.TakeRow());
        while (mailbox.TryTake(out Letter letter))
        {
            numbers.Add(letter.Number);
        }

        Assert.True(mailbox.IsRowOver);
        return numbers;
    }

    private static WeakReference PutObject(Mailbox<PostedAction> mailbox)
    {
        object state = new();
        mailbox.TryPut(new PostedAction(new Action<object?>(_ => { }), state), out _);
        return new WeakReference(state);
    }

    private static void TakeObject(Mailbox<PostedAction> mailbox) => Assert.True(mailbox.TryTake(out _));

    /// <summary>An item that is slow to come, or stops before it is there.</summary>
    private struct Letter(int number, int producer = 0, int delay = 0, Interrupted? interrupted = null) : IMailboxItem<Letter>
    {
        private int stamp = number + 1;

        public readonly int Number => stamp - 1;

        public int Producer { get; private set; } = producer;

        public bool IsThere => Volatile.Read(ref stamp) != 0;

        private readonly int Delay => delay;

        private readonly Interrupted? Interrupted => interrupted;

        public void Fill(in Letter item)
        {
            item.Interrupted?.Stop();
            if (item.Delay == 1)
            {
                Thread.Yield();
            }
            else if (item.Delay == 2)
            {
                Thread.SpinWait(3000);
            }

            Producer = item.Producer;
            Volatile.Write(ref stamp, item.stamp);
        }
    }

    /// <summary>A thread that has a place in a mailbox, and is kept from filling it.</summary>
    private sealed class Interrupted : IDisposable
    {
        private readonly ManualResetEventSlim stopped = new();
        private readonly ManualResetEventSlim goesOn = new();
        private readonly Thread thread;
        private bool wakes;

        public Interrupted(Mailbox<Letter> mailbox, int number)
        {
            thread = new Thread(() => mailbox.TryPut(new Letter(number, interrupted: this), out wakes));
            thread.Start();
            stopped.Wait();
        }

        public void Stop()
        {
            stopped.Set();
            goesOn.Wait();
        }

        /// <summary>Lets it fill its place.</summary>
        /// <returns>True if it has to wake the taker.</returns>
        public bool GoOn()
        {
            goesOn.Set();
            thread.Join();
            return wakes;
        }

        public void Dispose()
        {
            GoOn();
            stopped.Dispose();
            goesOn.Dispose();
        }
    }
}
