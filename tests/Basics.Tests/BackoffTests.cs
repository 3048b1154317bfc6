using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Basics.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Each_wait_is_twice_the_one_before_up_to_the_longest()
    {
        Backoff delay = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        List<double> waits = [];
        for (int i = 0; i < 5; i++)
        {
            waits.Add(delay.Next().TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 5, 5], waits);
    }

    [Fact]
    public void After_a_success_the_shortest_comes_again()
    {
        Backoff delay = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        delay.Next();
        delay.Next();

        delay.Reset();

        Assert.Equal(TimeSpan.FromSeconds(1), delay.Next());
    }
}
