using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>One signal, taken by a signalfd where it is blocked in every thread, otherwise by the runtime's handler.</summary>
internal sealed class SignalWatch : IDisposable
{
    // Standard signals come one at a time. Real-time ones queue: the rest of a flood waits for the next turn.
    private const int SignalsPerTurnMax = 64;

    private readonly EventLoop loop;
    private readonly int signal;
    private readonly int fd = -1;
    private readonly PosixSignalRegistration? registration;

    public SignalWatch(EventLoop loop, int signal)
    {
        this.loop = loop;
        this.signal = signal;
        if (loop.Kernel.IsBlockedInAllThreads(signal))
        {
            Result result = loop.Kernel.SignalFd([signal]);
            fd = result.IsOk ? result.Int : throw new InvalidOperationException($"signalfd failed: {result.Error}.");
            loop.Poller.AddWaker(fd, Read);
        }
        else
        {
            registration = PosixSignalRegistration.Create((PosixSignal)signal, Take);
        }
    }

    public List<SignalSource> Sources { get; } = [];

    public void Dispose()
    {
        registration?.Dispose();
        if (fd >= 0)
        {
            loop.Poller.RemoveWaker(fd);
            loop.Kernel.Close(fd);
        }
    }

    private void Read()
    {
        for (int taken = 0; taken < SignalsPerTurnMax && loop.Kernel.ReadSignal(fd).IsOk; taken++)
        {
            Raise();
        }
    }

    private void Raise()
    {
        foreach (SignalSource source in Sources)
        {
            source.Raise();
        }
    }

    /// <summary>On a thread of the runtime's. Cancel: the signal's default, which would end us, does not happen.</summary>
    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        loop.Post(static watch => ((SignalWatch)watch!).Raise(), this);
    }
}
