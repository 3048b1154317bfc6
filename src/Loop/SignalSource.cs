using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>Called on the loop for a signal.</summary>
/// <param name="source">The source; removing it here is legal.</param>
/// <param name="signal">The signal's number.</param>
public delegate void SignalHandler(SignalSource source, int signal);

/// <summary>Watches for a signal.</summary>
/// <remarks>
/// Where the signal is blocked in every thread (see <see cref="SignalMask"/>), a signalfd takes it. Elsewhere the runtime's
/// handler takes it on another thread and posts it here, and what came with it is not known. Either way standard signals of
/// one number that come before the first is seen are one, as the kernel has it; real-time ones queue, each with its value.
/// Any number of sources, of any number of loops, may watch one signal: each is told. With the last of them the signal does
/// again what it did before, unless it is blocked.
/// </remarks>
public sealed class SignalSource : Source
{
    // The standard signals' numbers end here; the first two behind are the C library's.
    private const int StandardMax = 31;

    private readonly SignalHandler handler;
    private readonly Queue<SignalInfo> pending = new(1);

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

    /// <summary>In the callback: who sent the signal, how, and with what value, where a signalfd took it.</summary>
    public SignalInfo Info { get; private set; }

    /// <summary>True for a signal that queues (<c>man 7 signal</c>).</summary>
    internal static bool IsRealTime(int signal) => signal > StandardMax;

    /// <summary>The signal has come.</summary>
    internal void Raise(in SignalInfo info)
    {
        if (pending.Count > 0 && !IsRealTime(Signal))
        {
            return;
        }

        pending.Enqueue(info);
        Flag();
    }

    internal override bool Dispatch(long turn)
    {
        Info = pending.Dequeue();
        if (pending.Count == 0)
        {
            Unflag();
        }

        handler(this, Signal);
        return true;
    }

    internal override bool DispatchForChild(long turn)
    {
        if (pending.Count > 0)
        {
            return Dispatch(turn);
        }

        Unflag();
        return false;
    }

    internal override void Detach() => Loop.Signals.Leave(this);
}
