namespace Spindle.Loop;

/// <summary>Called on the loop for a signal.</summary>
/// <param name="source">The source; removing it here is legal.</param>
/// <param name="signal">The signal's number.</param>
public delegate void SignalHandler(SignalSource source, int signal);

/// <summary>Watches for a signal.</summary>
/// <remarks>
/// Where the signal is blocked in every thread (see <see cref="SignalMask"/>), a signalfd takes it. Elsewhere the runtime's
/// handler takes it on another thread and posts it here. Either way standard signals of one number that come before the
/// first is seen are one, as the kernel has it. Several sources may watch one signal.
/// </remarks>
public sealed class SignalSource : Source
{
    private readonly SignalHandler handler;
    private long pending;

    internal SignalSource(EventLoop loop, int signal, SignalHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        Signal = signal;
        this.handler = handler;
        try
        {
            loop.Signals.Join(this);
        }
        catch
        {
            Remove();
            throw;
        }
    }

    /// <summary>The signal's number.</summary>
    public int Signal { get; }

    /// <summary>The signal has come.</summary>
    internal void Raise()
    {
        pending++;
        Flag();
    }

    internal override bool Dispatch(long turn)
    {
        if (--pending == 0)
        {
            Unflag();
        }

        handler(this, Signal);
        return true;
    }

    internal override bool DispatchForChild(long turn)
    {
        if (pending > 0)
        {
            return Dispatch(turn);
        }

        Unflag();
        return false;
    }

    internal override void Detach() => Loop.Signals.Leave(this);
}
