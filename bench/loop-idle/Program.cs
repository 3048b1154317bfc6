using System;
using System.Globalization;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Bench.LoopIdle;

/// <summary>Waits for ever: <c>spindle-bench-loop-idle idle [MEGABYTES]</c>; so much garbage is made before.</summary>
internal static class Program
{
    private const int Megabyte = 1024 * 1024;

    private static byte[]? garbage;

    private static void Main(string[] arguments)
    {
        int megabytes = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 0;

        // Pieces of 1 KiB, so that all of it goes through the youngest generation.
        for (int left = megabytes * (Megabyte / 1024); left > 0; left--)
        {
            garbage = new byte[1024];
        }

        garbage = null;
        using EventLoop loop = new(new LinuxKernel());
        loop.Run();
    }
}
