using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>The kernel that the tests run on: here the running one. Loop.Simulated.Tests has another file in this one's place.</summary>
internal static class TestKernel
{
    public static Kernel Begin() => new LinuxKernel();

    public static void End()
    {
    }
}
