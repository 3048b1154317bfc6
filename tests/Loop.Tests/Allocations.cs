using System;

namespace Spindle.Loop.Tests;

/// <summary>What warm code allocates.</summary>
internal static class Allocations
{
    private const int AttemptsMax = 20;

    /// <summary>The least of several attempts: what the code itself allocates comes each time, while a method that is
    /// compiled anew, or a collection that another test begins, is charged to this thread once in a while.</summary>
    public static long Least(Action body)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < AttemptsMax && least != 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            body();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
