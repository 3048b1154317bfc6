using System;
using Spindle.Basics;

namespace Spindle.Loop.Diagnostics;

/// <summary>Two observers where there is room for one; so any number of them.</summary>
internal sealed class ObserverPair(LoopObserver first, LoopObserver second) : LoopObserver
{
    private bool isFirst;
    private bool isSecond;

    /// <summary>Lets one more look at a loop.</summary>
    public static void Attach(EventLoop loop, LoopObserver observer)
    {
        loop.VerifyThread();
        loop.Observer = loop.Observer is { } others ? new ObserverPair(others, observer) : observer;
    }

    /// <summary>Takes one away, if it is there.</summary>
    public static void Detach(EventLoop loop, LoopObserver observer)
    {
        loop.VerifyThread();
        loop.Observer = Without(loop.Observer, observer);
    }

    public override bool WantsTurn()
    {
        isFirst = first.WantsTurn();
        isSecond = second.WantsTurn();
        return isFirst || isSecond;
    }

    public override void TurnBegan(long turn, Instant at)
    {
        if (isFirst)
        {
            first.TurnBegan(turn, at);
        }

        if (isSecond)
        {
            second.TurnBegan(turn, at);
        }
    }

    public override void Waited(int ready, Instant from, Instant to)
    {
        if (isFirst)
        {
            first.Waited(ready, from, to);
        }

        if (isSecond)
        {
            second.Waited(ready, from, to);
        }
    }

    public override void TimerDue(TimerSource timer, TimeSpan lateness)
    {
        if (isFirst)
        {
            first.TimerDue(timer, lateness);
        }

        if (isSecond)
        {
            second.TimerDue(timer, lateness);
        }
    }

    public override void DispatchBegan(Source source, Instant at)
    {
        if (isFirst)
        {
            first.DispatchBegan(source, at);
        }

        if (isSecond)
        {
            second.DispatchBegan(source, at);
        }
    }

    public override void DispatchEnded(Source source, Instant at)
    {
        if (isFirst)
        {
            first.DispatchEnded(source, at);
        }

        if (isSecond)
        {
            second.DispatchEnded(source, at);
        }
    }

    public override void TurnEnded(Instant at)
    {
        if (isFirst)
        {
            first.TurnEnded(at);
        }

        if (isSecond)
        {
            second.TurnEnded(at);
        }
    }

    private static LoopObserver? Without(LoopObserver? all, LoopObserver observer)
    {
        if (all == observer)
        {
            return null;
        }

        if (all is not ObserverPair pair)
        {
            return all;
        }

        LoopObserver? left = Without(pair.First, observer);
        LoopObserver? right = Without(pair.Second, observer);
        return left is null ? right
            : right is null ? left
            : left == pair.First && right == pair.Second ? pair
            : new ObserverPair(left, right);
    }

    private LoopObserver First => first;

    private LoopObserver Second => second;
}
