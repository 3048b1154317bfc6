using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>The kernel that the tests run on: here the running one. Loop.Simulated.Tests has another file in this one's place.</summary>
internal static class TestKernel
{
    public static Kernel Begin() => new LinuxKernel();

    /// <summary>One whose clocks stand still but while the loop waits.</summary>
    public static Kernel BeginOnVirtualTime() => new VirtualKernel();

    public static void End()
    {
    }
}
