using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Drivers.Packets;

/// <summary>A protocol's machine of one link, on the loop: its timer, its share of a packet socket, and what it wants done.</summary>
/// <remarks>
/// What a handler asks for is a step within a step: the outer one hands on what comes of it, so that all is told in its order.
/// </remarks>
public abstract class PacketDriver : IDisposable
{
    private readonly TimerSource timer;
    private bool isDraining;

    private protected PacketDriver(EventLoop loop, int interfaceIndex, string name, ClockId clock = ClockId.Monotonic)
    {
        InterfaceIndex = interfaceIndex;
        timer = loop.AddTimer((_, _) => PassTime(), name: $"{name} {interfaceIndex}", clock: clock);
    }

    /// <summary>The link.</summary>
    public int InterfaceIndex { get; }

    /// <summary>What the last packet that could not be sent failed with; None if the last one went out.</summary>
    public Errno SendError { get; private protected set; }

    /// <summary>What the packet socket or its filter failed with; None if it works.</summary>
    public Errno ListenError { get; private set; }

    private protected bool IsDisposed { get; private set; }

    /// <summary>When the machine wants to be stepped at the latest.</summary>
    private protected abstract Instant Deadline { get; }

    /// <summary>Ends it without telling anybody.</summary>
    public void Dispose()
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            timer.Remove();
            RemoveListener();
        }
    }

    /// <summary>Steps the machine for its deadline.</summary>
    private protected abstract void PassTime();

    /// <summary>Does, or hands on, the next thing that the machine wants done.</summary>
    /// <returns>False if there is none.</returns>
    private protected abstract bool TakeOutput();

    /// <summary>Listens to what the machine awaits now, or to nothing.</summary>
    private protected abstract Result Listen();

    private protected abstract void RemoveListener();

    /// <summary>Behind each step of the machine. Listens before it sends, so that no answer is too early.</summary>
    private protected void Drain()
    {
        if (isDraining)
        {
            return;
        }

        isDraining = true;
        try
        {
            Attend();
            while (!IsDisposed && TakeOutput())
            {
            }
        }
        finally
        {
            isDraining = false;
        }

        Attend();
        if (!IsDisposed)
        {
            timer.ArmAt(Deadline);
        }
    }

    private void Attend()
    {
        if (!IsDisposed)
        {
            ListenError = Listen().Error;
        }
    }
}
