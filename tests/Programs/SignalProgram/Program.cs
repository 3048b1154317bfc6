using System;
using System.Text;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.SignalProgram;

/// <summary>
/// Writes a letter to its standard output for what happens: <c>B</c> or <c>U</c> once it is ready (signals blocked, or
/// not), <c>t</c> for each SIGTERM, <c>u</c> for each SIGUSR1. SIGUSR2 ends it with exit code 0; 3 and more say what is wrong.
/// With the mode ending in <c>-two</c> a second loop on a second thread writes <c>T</c> for each SIGTERM; <c>-values</c>:
/// of each signal 40 its value and sender; <c>-again</c>: SIGUSR1 sends itself four times more; <c>-restored</c>: SIGUSR1
/// is watched no longer.
/// </summary>
internal static class Program
{
    private const int SignalUser1 = 10;
    private const int SignalUser2 = 12;
    private const int SignalTerminate = 15;
    private const int SignalRealTime = 40;

    private static int usersLeft;

    private static int Main(string[] arguments)
    {
        LinuxKernel kernel = new();
        string mode = arguments is [string first, ..] ? first : "";
        int[] signals = [SignalTerminate, SignalUser1, SignalUser2, SignalRealTime];
        if (mode.StartsWith("blocked", StringComparison.Ordinal) && !SignalMask.BlockEverywhere(kernel, signals).IsOk)
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
        usersLeft = mode.EndsWith("-again", StringComparison.Ordinal) ? 4 : 0;
        SignalSource user = loop.AddSignal(SignalUser1, (_, _) => TakeUser(kernel));
        loop.AddSignal(SignalUser2, (_, _) => loop.Quit());
        Prepare(mode, kernel, loop, user);
        kernel.Write(1, kernel.IsBlockedInAllThreads(SignalTerminate) ? "B"u8 : "U"u8);
        loop.Run();
        return 0;
    }

    private static void TakeUser(LinuxKernel kernel)
    {
        kernel.Write(1, "u"u8);
        if (usersLeft-- > 0)
        {
            kernel.SendSignal(kernel.ProcessId, SignalUser1);
        }
    }

    private static void Prepare(string mode, LinuxKernel kernel, EventLoop loop, SignalSource user)
    {
        switch (mode[(mode.IndexOf('-') + 1)..])
        {
            case "two":
                EventLoop second = new(kernel);
                second.AddSignal(SignalTerminate, (_, _) => kernel.Write(1, "T"u8));
                kernel.StartThread("second", second.Run);
                break;
            case "values":
                loop.AddSignal(SignalRealTime, (source, _) => kernel.Write(
                    1, Encoding.ASCII.GetBytes($"{source.Info.Value}/{source.Info.SenderProcessId};")));
                break;
            case "restored":
                user.Remove();
                break;
        }
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
