using System;
using Spindle.Basics;
using Spindle.Loop;

namespace Spindle.Daemon.Logging;

/// <summary>How many lines of one kind there may be: what strangers can cause must not fill the log.</summary>
/// <remarks>Belongs to the loop's thread. It costs nothing while no line is left out.</remarks>
/// <param name="loop">Whose clock counts.</param>
/// <param name="tellRest">Says how many were left out, when the interval is over.</param>
public sealed class LogAllowance(EventLoop loop, Action<long> tellRest)
{
    /// <summary>Lines in an interval; one more tells the number of the rest.</summary>
    public const int LinesMax = 4;

    /// <summary>How long an interval is, from its first line on.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private Instant beganAt = Instant.Never;
    private TimerSource? timer;
    private int taken;
    private long leftOut;

    /// <summary>True: there may be a line now. False: it is counted.</summary>
    public bool TryTake()
    {
        Instant now = loop.Now;
        if (beganAt.IsNever || now >= beganAt + Interval)
        {
            TellRest();
            beganAt = now;
            taken = 0;
        }

        if (taken < LinesMax)
        {
            taken++;
            return true;
        }

        if (leftOut++ == 0)
        {
            timer ??= loop.AddTimer((_, _) => TellRest(), name: "log: what was left out");
            timer.ArmAt(beganAt + Interval);
        }

        return false;
    }

    /// <summary>Ends it: what was left out is told now.</summary>
    public void Close()
    {
        TellRest();
        timer?.Remove();
        timer = null;
    }

    private void TellRest()
    {
        long count = leftOut;
        leftOut = 0;
        if (count > 0)
        {
            timer?.Disarm();
            tellRest(count);
        }
    }
}
