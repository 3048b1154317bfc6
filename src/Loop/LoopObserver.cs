using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>Looks at a loop from inside: metrics and traces. Called on the loop's thread; must neither throw nor touch the
/// loop. Without one a turn pays a single test.</summary>
/// <remarks>All instants are of the monotonic clock. Turns nest when a callback runs the loop; then so do the calls.</remarks>
internal abstract class LoopObserver
{
    /// <summary>Asked once a turn, before it begins. False: nothing of it is told.</summary>
    public virtual bool WantsTurn() => true;

    /// <summary>A turn begins: sources are about to be prepared.</summary>
    public abstract void TurnBegan(long turn, Instant at);

    /// <summary>The wait of the turn is over.</summary>
    /// <param name="ready">How many descriptors the kernel named.</param>
    /// <param name="from">When the wait began.</param>
    /// <param name="to">When it ended.</param>
    public abstract void Waited(int ready, Instant from, Instant to);

    /// <summary>A timer is due, before its dispatch.</summary>
    /// <param name="timer">The timer.</param>
    /// <param name="lateness">By how much its deadline lies back, on its own clock; never negative.</param>
    public abstract void TimerDue(TimerSource timer, TimeSpan lateness);

    /// <summary>A source's callback is about to be called.</summary>
    public abstract void DispatchBegan(Source source, Instant at);

    /// <summary>A source's callback has returned or thrown.</summary>
    public abstract void DispatchEnded(Source source, Instant at);

    /// <summary>The turn is over.</summary>
    public abstract void TurnEnded(Instant at);
}
