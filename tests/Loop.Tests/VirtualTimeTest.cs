using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>A loop on clocks of its own.</summary>
public abstract class VirtualTimeTest : IDisposable
{
    protected VirtualTimeTest()
    {
        Start = Kernel.Now(ClockId.Monotonic);
        Loop = new EventLoop(Kernel);
    }

    private protected VirtualKernel Kernel { get; } = new();

    protected EventLoop Loop { get; }

    /// <summary>The monotonic clock at the beginning.</summary>
    protected Instant Start { get; }

    protected List<string> Trace { get; } = [];

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    protected static TimeSpan Seconds(double count) => TimeSpan.FromSeconds(count);

    protected virtual void Dispose(bool disposing) => Loop.Dispose();

    /// <summary>Writes down who fired and how many milliseconds after the beginning.</summary>
    protected void Note(TimerSource timer, Instant now) =>
        Trace.Add($"{timer.Name}@{(Loop.Now - Start).TotalMilliseconds}");

    protected void TurnUntil(Func<bool> condition)
    {
        while (!condition())
        {
            Loop.Iterate(mayBlock: true);
        }
    }

    /// <summary>Turns until the monotonic clock has gone so far.</summary>
    protected void RunFor(TimeSpan span)
    {
        TimerSource end = Loop.AddTimer((_, _) => Loop.Quit(), Priority.Low, "end");
        end.ArmAt(Loop.Now + span);
        Loop.Run();
        end.Remove();
    }

    protected string TakeTrace()
    {
        string taken = string.Join(' ', Trace);
        Trace.Clear();
        return taken;
    }
}
