using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>One signal as one loop watches it.</summary>
internal sealed class SignalWatch : IDisposable
{
    // Standard signals come one at a time. Real-time ones queue: the rest of a flood waits for the next turn.
    private const int SignalsPerTurnMax = 64;

    // What another thread has taken for a loop that does not turn; the kernel's own limit is of this order.
    private const int WaitingMax = 65_536;

    private static readonly Action<object?> DrainAction = static watch => ((SignalWatch)watch!).Drain();

    private readonly EventLoop loop;
    private readonly SignalHub hub;
    private readonly Lock gate = new();
    private readonly Queue<SignalInfo> waiting = new();
    private readonly int fd = -1;

    public SignalWatch(EventLoop loop, int signal)
    {
        this.loop = loop;
        Signal = signal;
        hub = SignalHub.Of(loop.Kernel);
        if (!hub.Join(this, loop.Kernel))
        {
            return;
        }

        Result result = loop.Kernel.SignalFd([signal]);
        if (!result.IsOk)
        {
            hub.Leave(this);
            throw new InvalidOperationException($"signalfd failed: {result.Error}.");
        }

        fd = result.Int;
        loop.Poller.AddWaker(fd, Read);
    }

    public int Signal { get; }

    public List<SignalSource> Sources { get; } = [];

    public void Dispose()
    {
        hub.Leave(this);
        if (fd >= 0)
        {
            loop.Poller.RemoveWaker(fd);
            loop.Kernel.Close(fd);
        }
    }

    /// <summary>Any thread: the signal has come.</summary>
    /// <param name="info">It.</param>
    /// <param name="reader">The loop on whose thread this is; null: on none.</param>
    public void Take(in SignalInfo info, EventLoop? reader)
    {
        if (reader == loop)
        {
            Raise(info);
            return;
        }

        lock (gate)
        {
            int limit = SignalSource.IsRealTime(Signal) ? WaitingMax : 1;
            if (waiting.Count >= limit)
            {
                return;
            }

            waiting.Enqueue(info);
            if (waiting.Count > 1)
            {
                return;
            }
        }

        loop.Post(DrainAction, this);
    }

    private void Drain()
    {
        while (true)
        {
            SignalInfo info;
            lock (gate)
            {
                if (!waiting.TryDequeue(out info))
                {
                    return;
                }
            }

            Raise(info);
        }
    }

    private void Read()
    {
        for (int taken = 0; taken < SignalsPerTurnMax; taken++)
        {
            if (!loop.Kernel.ReadSignal(fd, out SignalInfo info).IsOk)
            {
                return;
            }

            hub.Deliver(info, loop);
        }
    }

    private void Raise(in SignalInfo info)
    {
        foreach (SignalSource source in Sources)
        {
            source.Raise(info);
        }
    }
}
