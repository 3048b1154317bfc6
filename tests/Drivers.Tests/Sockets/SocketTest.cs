using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Sockets;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Drivers.Tests.Sockets;

/// <summary>A loop on the running kernel with servers on loopback, all on one thread.</summary>
public abstract class SocketTest : IDisposable
{
    // Only for tests that hang: nothing is measured with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IDisposable> parts = [];

    protected static readonly LinkScope Loopback = new("lo", 1);

    protected static readonly IpAddress Local = IpAddress.FromV4(127, 0, 0, 1);

    protected SocketTest() => Loop = new EventLoop(Kernel);

    protected WatchLimitKernel Kernel { get; } = new();

    protected EventLoop Loop { get; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (IDisposable part in parts)
        {
            part.Dispose();
        }

        Loop.Dispose();
    }

    /// <summary>Disposed of at the test's end.</summary>
    protected T Own<T>(T part)
        where T : IDisposable
    {
        parts.Add(part);
        return part;
    }

    /// <summary>Turns, waiting, until something is so.</summary>
    protected void TurnUntil(Func<bool> condition)
    {
        bool isHung = false;
        TimerSource guard = Loop.AddTimer((_, _) => isHung = true);
        guard.ArmAfter(Patience);
        while (!condition())
        {
            Assert.False(isHung, "The test hangs.");
            Loop.Iterate(mayBlock: true);
        }

        guard.Remove();
    }

    /// <summary>Turns without waiting until a turn finds nothing.</summary>
    protected void Exhaust()
    {
        while (Loop.Iterate(mayBlock: false))
        {
        }
    }

    /// <summary>Turns for a while.</summary>
    protected void TurnFor(TimeSpan span)
    {
        bool isOver = false;
        TimerSource timer = Loop.AddTimer((_, _) => isOver = true);
        timer.ArmAfter(span);
        TurnUntil(() => isOver);
        timer.Remove();
    }
}
