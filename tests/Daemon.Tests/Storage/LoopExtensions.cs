using System;
using Spindle.Loop;

namespace Spindle.Daemon.Tests.Storage;

internal static class LoopExtensions
{
    /// <summary>Turns until something is so. Ten seconds, far more than anything here takes, mean that it never will be.</summary>
    public static void Until(this EventLoop loop, Func<bool> isSo)
    {
        bool isLate = false;
        TimerSource guard = loop.AddTimer((_, _) => isLate = true);
        guard.ArmAfter(TimeSpan.FromSeconds(10));
        while (!isSo())
        {
            Assert.False(isLate, "never came");
            loop.Iterate(mayBlock: true);
        }

        guard.Remove();
    }
}
