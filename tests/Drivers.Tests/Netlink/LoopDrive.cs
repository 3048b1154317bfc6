using System;
using System.Diagnostics;
using Spindle.Loop;

namespace Spindle.Drivers.Tests;

/// <summary>Turns a loop until something is so.</summary>
internal static class LoopDrive
{
    /// <summary>Far more than anything takes; only a failure waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static void Until(this EventLoop loop, Func<bool> isSo)
    {
        long begun = Stopwatch.GetTimestamp();
        TimerSource waker = loop.AddTimer((timer, now) => timer.ArmAfter(TimeSpan.FromMilliseconds(20)));
        waker.ArmAfter(TimeSpan.FromMilliseconds(20));
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "It did not become so.");
            loop.Iterate(mayBlock: true);
        }

        waker.Remove();
    }
}
