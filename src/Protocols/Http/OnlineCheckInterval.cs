using System;

namespace Spindle.Protocols.Http;

/// <summary>How an interval number becomes a delay (<c>OnlineCheckIntervalStyle</c>).</summary>
public enum OnlineCheckIntervalStyle : byte
{
    /// <summary>The number's square in seconds: 1, 4, 9, 16 … (ConnMan's <c>geometric</c>).</summary>
    Geometric,

    /// <summary>The Fibonacci number of that rank in seconds: 1, 1, 2, 3, 5 … (<c>fibonacci</c>).</summary>
    Fibonacci,
}

/// <summary>The delays between checks.</summary>
public static class OnlineCheckInterval
{
    /// <summary>The longest delay, whatever the numbers say.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromDays(1);

    /// <summary>The delay after the check with this interval number.</summary>
    /// <param name="style">How the number is read.</param>
    /// <param name="interval">The number, from 1.</param>
    public static TimeSpan DelayOf(OnlineCheckIntervalStyle style, int interval)
    {
        long seconds = style switch
        {
            OnlineCheckIntervalStyle.Geometric => (long)interval * interval,
            OnlineCheckIntervalStyle.Fibonacci => Fibonacci(interval),
        };
        return seconds >= DelayMax.TotalSeconds ? DelayMax : TimeSpan.FromSeconds(seconds);
    }

    private static long Fibonacci(int rank)
    {
        long previous = 0;
        long current = 1;
        for (int i = 1; i < rank && current < DelayMax.TotalSeconds; i++)
        {
            (previous, current) = (current, previous + current);
        }

        return current;
    }
}
