using System;
using Spindle.Kernels;
using Spindle.Simulation;

namespace Spindle.Loop.Tests;

/// <summary>The kernel that the tests run on: here the simulated one, a machine for each test.</summary>
internal static class TestKernel
{
    private static SimulatedKernel? current;

    /// <summary>The kernel of the test that is running. Tests run one after the other.</summary>
    public static SimulatedKernel Current => current ??= new SimulatedKernel { CallTime = TimeSpan.FromMicroseconds(0.1) };

    public static Kernel Begin()
    {
        // Signals come by a signalfd; those that are not blocked would be the runtime's own affair.
        Current.BlockSignals([10, 12]);
        return Current;
    }

    // All time is virtual here.
    public static Kernel BeginOnVirtualTime() => Begin();

    public static void End() => current = null;
}
