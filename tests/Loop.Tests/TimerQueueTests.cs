using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Spindle.Basics;

namespace Spindle.Loop.Tests;

/// <summary>The queue by itself, against a sorted list.</summary>
public sealed class TimerQueueTests : LoopTest
{
    [Theory]
    [InlineData(1, 0u)]
    [InlineData(2, 0u)]
    [InlineData(3, uint.MaxValue - 3000)] // the armings' numbers begin again on the way
    public void Random_moves_agree_with_a_sorted_list(int seed, uint armings)
    {
        Random random = new(seed);
        TimerQueue queue = new(armings);
        List<TimerSource> timers = [];
        SortedSet<(long At, long Order, int Timer)> model = [];
        (long At, long Order, int Timer)[] places = new (long, long, int)[200];
        for (int index = 0; index < 200; index++)
        {
            timers.Add(Loop.AddTimer(Note, name: $"{index}"));
        }

        for (long step = 1; step <= 20_000; step++)
        {
            int index = random.Next(200);
            switch (random.Next(8))
            {
                case 0 or 1:
                    model.Remove(places[index]);
                    queue.Remove(timers[index]);
                    break;
                case 2 or 3 when model.Count > 0:
                    Expire(queue, model, timers, model.Min.At + random.Next(20));
                    break;
                default:
                    model.Remove(places[index]);
                    long at = (step / 100) + random.Next(random.Next(2) == 0 ? 8 : 1000);
                    places[index] = (at, step, index);
                    model.Add(places[index]);
                    Set(queue, timers[index], at);
                    break;
            }

            Assert.Equal(model.Count, queue.Count);
            Assert.Equal(model.Count == 0 ? null : timers[model.Min.Timer], queue.Earliest);
            Assert.Equal(model.Count > 0, queue.TryGetWake(out long wakeAt, out _));
            Assert.True(model.Count == 0 || wakeAt == model.Min.At, $"seed {seed}, step {step}");
        }
    }

    [Theory]
    [InlineData(1, 20, 0u)]
    [InlineData(2, 34, 0u)]
    [InlineData(3, 62, 0u)]
    [InlineData(4, 40, uint.MaxValue - 30_000)]
    public void Random_moves_of_many_agree_with_a_sorted_list(int seed, int bits, uint armings)
    {
        const int many = 3000;
        Random random = new(seed);
        TimerQueue queue = new(armings);
        List<TimerSource> timers = [];
        SortedSet<(long At, long Order, int Timer)> model = [];
        (long At, long Order, int Timer)[] places = new (long, long, int)[many];
        for (int index = 0; index < many; index++)
        {
            timers.Add(Loop.AddTimer(Note, name: $"{index}"));
        }

        long now = 0;
        for (long step = 1; step <= 60_000; step++)
        {
            int index = random.Next(many);
            if (step % 500 == 0 && model.Count > 0)
            {
                // Mostly a few; and once in a while everything.
                long span = step % 20_000 == 0 ? long.MaxValue - model.Min.At : random.NextInt64(1L << random.Next(bits));
                now = model.Min.At + Math.Min(span, long.MaxValue - 1 - model.Min.At);
                Expire(queue, model, timers, now);
                now = now > long.MaxValue / 2 ? 0 : now; // and then what is long past is armed
                Assert.Equal(model.Count == 0 ? null : timers[model.Min.Timer], queue.Earliest);
            }
            else if (random.Next(8) == 0)
            {
                model.Remove(places[index]);
                queue.Remove(timers[index]);
            }
            else
            {
                model.Remove(places[index]);
                long at = Math.Max(0, now - 50) + random.NextInt64(1L << random.Next(1, bits));
                places[index] = (at, step, index);
                model.Add(places[index]);
                Set(queue, timers[index], at);
            }

            Assert.Equal(model.Count, queue.Count);
            Assert.True(queue.EntryCount <= (2 * model.Count) + 100, $"seed {seed}, step {step}: {queue.EntryCount} entries");
        }
    }

    private static void Set(TimerQueue queue, TimerSource timer, long at)
    {
        if (timer.IsQueued)
        {
            queue.Move(timer, at);
        }
        else
        {
            queue.Add(timer, at);
        }
    }

    private void Expire(
        TimerQueue queue, SortedSet<(long At, long Order, int Timer)> model, List<TimerSource> timers, long now)
    {
        queue.Expire(now);
        SourceList due = timers[0].Band.Due;
        while (model.Count > 0 && model.Min.At <= now)
        {
            Assert.Equal(timers[model.Min.Timer], due.First);
            due.Remove(due.First!);
            model.Remove(model.Min);
        }

        Assert.Null(due.First);
    }

    [Fact]
    public void A_timer_that_moves_to_and_fro_leaves_no_heap_of_entries_behind()
    {
        TimerQueue queue = new();
        TimerSource timer = Loop.AddTimer(Note);
        TimerSource other = Loop.AddTimer(Note);
        Set(queue, other, 5);
        for (int round = 0; round < 100_000; round++)
        {
            Set(queue, timer, long.MaxValue - 1 - round); // each time earlier: each time a new entry
            Assert.True(queue.EntryCount < 100);
        }

        for (int round = 0; round < 1000; round++)
        {
            queue.Remove(timer);
            Set(queue, timer, long.MaxValue - 10);
        }

        Assert.Equal(2, queue.Count);
        Assert.True(queue.EntryCount < 100);
    }

    [Fact]
    public void A_removed_timer_is_not_kept_alive_by_the_place_it_had()
    {
        WeakReference removed = ArmAndRemove();
        GC.Collect();
        Assert.False(removed.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ArmAndRemove()
    {
        TimerSource timer = Loop.AddTimer((_, _) => { });
        timer.ArmAfter(TimeSpan.FromDays(1));
        timer.ArmAfter(TimeSpan.FromHours(1));
        timer.Remove();
        return new WeakReference(timer);
    }
}
