using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>Called when a callback held the loop too long.</summary>
/// <param name="source">Whose callback.</param>
/// <param name="held">For how long; of a callback that is still at it, so far.</param>
public delegate void StallHandler(Source source, TimeSpan held);

/// <summary>Names the source whose callback held the loop longer than a limit. Ends when disposed.</summary>
/// <remarks>A callback that runs the loop does not hold it meanwhile: its time begins anew behind that.</remarks>
public sealed class StallDetector : IDisposable
{
    private readonly EventLoop loop;
    private readonly StallHandler ended;
    private readonly StallWatchdog? watchdog;
    private Instant heldFrom;

    /// <summary>Begins to watch.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="limit">How long a callback may take.</param>
    /// <param name="ended">Called on the loop, behind a callback that took longer.</param>
    /// <param name="stuck">Called on a thread of its own, while a callback takes longer and is still at it; null: no such
    /// thread.</param>
    /// <exception cref="InvalidOperationException">The loop has one already, or no thread can be had.</exception>
    public StallDetector(EventLoop loop, TimeSpan limit, StallHandler ended, StallHandler? stuck = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        loop.Enter(ended);
        if (loop.Full.Stalls is not null)
        {
            throw new InvalidOperationException("The loop has a stall detector already.");
        }

        this.loop = loop;
        this.ended = ended;
        Limit = limit;
        watchdog = stuck is null ? null : new StallWatchdog(loop.Kernel, limit, stuck);
        loop.Full.Stalls = this;
        loop.Turns.SetFeature(LoopFeatures.Stalls, isOn: true);
    }

    /// <summary>How long a callback may take.</summary>
    public TimeSpan Limit { get; }

    /// <summary>How many callbacks took longer.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (loop.Full.Stalls == this)
        {
            loop.VerifyThread();
            loop.Full.Stalls = null;
            loop.Turns.SetFeature(LoopFeatures.Stalls, isOn: false);
            watchdog?.Dispose();
        }
    }

    internal void Began(Source source)
    {
        heldFrom = loop.Timers.Monotonic.Read();
        watchdog?.Began(source, heldFrom);
    }

    /// <summary>A callback goes on behind the run that was nested in it.</summary>
    internal void Resumed(Source source) => Began(source);

    internal void Ended(Source source)
    {
        watchdog?.Ended();
        TimeSpan held = loop.Timers.Monotonic.Read() - heldFrom;
        if (held > Limit)
        {
            Count++;
            ended(source, held);
        }
    }
}
