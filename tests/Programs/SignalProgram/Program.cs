using System;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.SignalProgram;

/// <summary>
/// Writes a letter to its standard output for what happens: <c>B</c> or <c>U</c> once it is ready (signals blocked, or
/// not), <c>t</c> for each SIGTERM, <c>u</c> for each SIGUSR1. SIGUSR2 ends it with exit code 0; 3 and more say what is wrong.
/// </summary>
internal static class Program
{
    private const int SignalUser1 = 10;
    private const int SignalUser2 = 12;
    private const int SignalTerminate = 15;

    private static int Main(string[] arguments)
    {
        LinuxKernel kernel = new();
        bool blocks = arguments is ["blocked", ..];
        if (blocks && !SignalMask.BlockEverywhere(kernel, [SignalTerminate, SignalUser1, SignalUser2]).IsOk)
        {
            return 3;
        }

        // The second life has the first one's arguments and environment, and no trace of the change.
        if (arguments is not [_, "a b", ""] || Environment.GetEnvironmentVariable("SPINDLE_TEST") != "ä=1")
        {
            return 4;
        }

        if (HasMarker(kernel))
        {
            return 5;
        }

        using EventLoop loop = new(kernel);
        loop.AddSignal(SignalTerminate, (_, _) => kernel.Write(1, "t"u8));
        loop.AddSignal(SignalUser1, (_, _) => kernel.Write(1, "u"u8));
        loop.AddSignal(SignalUser2, (_, _) => loop.Quit());
        kernel.Write(1, kernel.IsBlockedInAllThreads(SignalTerminate) ? "B"u8 : "U"u8);
        loop.Run();
        return 0;
    }

    /// <summary>Asks a child what environment it gets.</summary>
    private static bool HasMarker(LinuxKernel kernel)
    {
        SpawnRequest request = new("/bin/sh", ["sh", "-c", "env | grep -q ^SPINDLE_SIGNALS"]);
        using EventLoop loop = new(kernel);
        int code = -1;
        loop.AddChild(kernel.Spawn(request).Int, (_, status) =>
        {
            code = status.Code;
            loop.Quit();
        });
        loop.Run();
        return code != 1;
    }
}
