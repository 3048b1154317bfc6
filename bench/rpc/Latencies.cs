using System;

namespace Spindle.Bench.Rpc;

/// <summary>How long calls took, in nanoseconds; the first million of them.</summary>
internal sealed class Latencies
{
    private readonly long[] values = new long[1 << 20];
    private int count;

    public void Clear() => count = 0;

    public void Add(long nanoseconds)
    {
        if (count < values.Length)
        {
            values[count++] = nanoseconds;
        }
    }

    /// <summary>The value that so much of all is not above, from 0 to 1; 0 without values.</summary>
    public long Quantile(double part)
    {
        Array.Sort(values, 0, count);
        return count == 0 ? 0 : values[Math.Min(count - 1, (int)(part * count))];
    }
}
