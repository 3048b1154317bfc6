using System;

namespace Spindle.Loop;

/// <summary>Called once for a source that keeps the loop spinning.</summary>
/// <param name="source">The source, ready every time without anything having happened.</param>
/// <param name="calls">How often it was called since something else happened.</param>
public delegate void SpinHandler(Source source, int calls);

/// <summary>Names a source that is always ready and so keeps the loop from sleeping: idle work that does not end, a custom
/// source whose prepare always says yes, a regular file. Ends when disposed.</summary>
/// <remarks>It counts the calls of such a source since anything that is not of that kind was called (a descriptor, a timer, a
/// signal, a post), and gives one notice for each source.</remarks>
public sealed class SpinDetector : IDisposable
{
    private readonly EventLoop loop;
    private readonly SpinHandler handler;
    private long epoch = 1;

    /// <summary>Begins to watch.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="limit">How many calls in a row, without anything else happening, are too many.</param>
    /// <param name="handler">Called on the loop, once for each such source.</param>
    /// <exception cref="InvalidOperationException">The loop has one already.</exception>
    public SpinDetector(EventLoop loop, int limit, SpinHandler handler)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        loop.Enter(handler);
        if (loop.Full.Spins is not null)
        {
            throw new InvalidOperationException("The loop has a spin detector already.");
        }

        this.loop = loop;
        this.handler = handler;
        Limit = limit;
        loop.Full.Spins = this;
        loop.Turns.SetFeature(LoopFeatures.Spins, isOn: true);
    }

    /// <summary>How many calls in a row are too many.</summary>
    public int Limit { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (loop.Full.Spins == this)
        {
            loop.VerifyThread();
            loop.Full.Spins = null;
            loop.Turns.SetFeature(LoopFeatures.Spins, isOn: false);
        }
    }

    internal void Count(Source source)
    {
        if (!source.IsAlwaysReady)
        {
            epoch += source is PhaseSource ? 0 : 1;
            return;
        }

        SourceExtras extras = source.RequireExtras();
        if (extras.SpinEpoch != epoch)
        {
            extras.SpinEpoch = epoch;
            extras.SpinCount = 0;
        }

        extras.SpinCount++;
        if (extras.SpinCount >= Limit && !extras.IsSpinNoticed && source.IsActive)
        {
            extras.IsSpinNoticed = true;
            handler(source, extras.SpinCount);
        }
    }
}
