using System;

namespace Spindle.Bench.Loop;

/// <summary>A process with a loop that has nothing to do, for its memory to be looked at.</summary>
internal static class Idle
{
    private const int Megabyte = 1024 * 1024;

    private static byte[]? garbage;

    public static void Run(int garbageMegabytes)
    {
        // Pieces of 1 KiB, so that all of it goes through the youngest generation.
        for (int left = garbageMegabytes * (Megabyte / 1024); left > 0; left--)
        {
            garbage = new byte[1024];
        }

        garbage = null;
        Bench.NewLoop().Run();
    }
}
