using System;

namespace Spindle.DBus;

/// <summary>A wish to hear signals.</summary>
public sealed class BusSubscription
{
    private readonly SignalSubscriptions owner;

    internal BusSubscription(SignalSubscriptions owner, BusMatch match, Action<BusReceivedSignal> handler)
    {
        this.owner = owner;
        Match = match;
        Handler = handler;
    }

    /// <summary>Which signals.</summary>
    public BusMatch Match { get; }

    /// <summary>False after <see cref="Remove"/>.</summary>
    public bool IsActive { get; private set; } = true;

    internal Action<BusReceivedSignal> Handler { get; }

    /// <summary>Ends it; the handler is not called any more.</summary>
    public void Remove()
    {
        if (IsActive)
        {
            IsActive = false;
            owner.Remove(this);
        }
    }
}
