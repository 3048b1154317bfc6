using System;
using System.Collections.Generic;
using Spindle.Simulation.World;

namespace Simulation.Tests.World;

public sealed class ChoicesTests
{
    [Fact]
    public void The_same_seed_draws_the_same_numbers_and_ends_with_the_same_hash()
    {
        Choices first = new(7);
        Choices second = new(7);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(first.NextBelow(17), second.NextBelow(17));
        }

        Assert.Equal(first.Trace.Value, second.Trace.Value);
        Assert.NotEqual(first.Trace.Value, new Choices(7).Trace.Value);
        Assert.NotEqual(new Choices(7).NextUInt64(), new Choices(8).NextUInt64());
    }

    [Fact]
    public void A_draw_in_one_stream_changes_no_other_stream()
    {
        Choices quiet = new(7);
        Choices busy = new(7);
        busy.NextUInt64();
        busy.Fork("other").NextUInt64();
        Assert.Equal(quiet.Fork("weather").NextUInt64(), busy.Fork("weather").NextUInt64());
    }

    [Fact]
    public void A_second_fork_of_one_name_is_another_stream()
    {
        Choices root = new(7);
        Choices first = root.Fork("link");
        Choices second = root.Fork("link");
        Assert.NotEqual(first.NextUInt64(), second.NextUInt64());
        Assert.Equal("world/link", first.Name);
        Assert.Equal("world/link#2", second.Name);
    }

    [Fact]
    public void Both_ends_of_a_range_are_drawn_and_nothing_outside()
    {
        Choices choices = new(1);
        HashSet<int> seen = [];
        for (int i = 0; i < 2000; i++)
        {
            seen.Add(choices.Between(-2, 3));
            TimeSpan span = choices.Between(TimeSpan.FromTicks(5), TimeSpan.FromTicks(7));
            Assert.InRange(span.Ticks, 5, 7);
            TimeSpan magnitude = choices.Magnitude(TimeSpan.FromSeconds(1), TimeSpan.FromDays(3));
            Assert.InRange(magnitude, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3));
        }

        Assert.Equal(6, seen.Count);
        Assert.Equal(long.MaxValue, choices.Between(TimeSpan.MaxValue, TimeSpan.MaxValue).Ticks);
        Assert.Throws<ArgumentOutOfRangeException>(() => choices.NextBelow(0));
    }

    [Fact]
    public void A_chance_is_about_as_frequent_as_it_says()
    {
        Choices choices = new(3);
        int hits = 0;
        for (int i = 0; i < 100_000; i++)
        {
            hits += choices.Chance(250_000) ? 1 : 0;
        }

        Assert.InRange(hits, 24_000, 26_000);
        Assert.False(choices.Chance(0));
        Assert.True(choices.Chance(1_000_000));
    }

    [Fact]
    public void Weights_of_zero_are_never_picked()
    {
        Choices choices = new(3);
        int[] counts = new int[4];
        for (int i = 0; i < 4000; i++)
        {
            counts[choices.PickWeighted([0, 1, 0, 3])]++;
        }

        Assert.Equal(0, counts[0] + counts[2]);
        Assert.InRange(counts[1], 850, 1150);
    }

    [Fact]
    public void A_mishap_that_is_left_out_does_not_happen_and_the_others_stay()
    {
        Choices whole = new(11);
        List<int> at = Mishaps(whole);
        Assert.True(at.Count > 3);
        Assert.Equal(at.Count, whole.Happened.Count);
        Choices shortened = new(11, new HashSet<ulong> { whole.Happened[1] });
        List<int> fewer = Mishaps(shortened);
        at.RemoveAt(1);
        Assert.Equal(at, fewer);
    }

    private static List<int> Mishaps(Choices choices)
    {
        Choices weather = choices.Fork("weather");
        List<int> at = [];
        for (int i = 0; i < 200; i++)
        {
            if (weather.Mishap(50_000))
            {
                at.Add(i);
            }
        }

        return at;
    }
}
