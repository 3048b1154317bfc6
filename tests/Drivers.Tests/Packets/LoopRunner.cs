using System;
using Spindle.Loop;

namespace Spindle.Drivers.Tests.Packets;

/// <summary>Turns a loop until something is so, but not for ever.</summary>
internal static class LoopRunner
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void RunUntil(this EventLoop loop, Func<bool> isSo, string what)
    {
        bool isOver = false;
        TimerSource limit = loop.AddTimer((_, _) => isOver = true);
        limit.ArmAfter(Patience);
        while (!isSo())
        {
            Assert.False(isOver, $"never seen: {what}");
            loop.Iterate(true);
        }

        limit.Remove();
    }

    /// <summary>Takes what is ready, without waiting.</summary>
    public static void RunReady(this EventLoop loop)
    {
        while (loop.Iterate(false))
        {
        }
    }
}
