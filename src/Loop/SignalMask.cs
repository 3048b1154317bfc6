using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>
/// Gets signals blocked in every thread of the process. The runtime starts threads before Main, with everything unblocked,
/// and a signal that one of them takes never reaches a signalfd.
/// </summary>
/// <remarks>
/// Under NativeAOT without concurrent collection there is one such thread, the one that runs finalizers: a finalizer of ours
/// blocks the signals there, and later threads inherit the mask from those that start them. Where other threads are left (the
/// JIT has several), the program blocks the signals and executes itself once: the mask survives, and all threads of the
/// second life begin with it. That costs a second start of the runtime.
/// </remarks>
public static class SignalMask
{
    // Says that this very process has executed itself (a child that inherits it is another one): never twice.
    private const int ArgumentSizeMax = 8 << 20;
    private const string Marker = "SPINDLE_SIGNALS_BLOCKED";

    /// <summary>Call first thing in Main. Comes back only if the signals are blocked, or cannot be.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="signals">Their numbers.</param>
    /// <returns>A failure: the program goes on as it was, and its <see cref="SignalSource"/>s go by the runtime's handler.</returns>
    public static Result BlockEverywhere(Kernel kernel, ReadOnlySpan<int> signals)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        string processId = kernel.ProcessId.ToString(CultureInfo.InvariantCulture);
        string? marker = Environment.GetEnvironmentVariable(Marker);
        if (marker is not null)
        {
            Environment.SetEnvironmentVariable(Marker, null);
        }

        if (AreBlocked(kernel, signals))
        {
            return Result.Ok();
        }

        if (marker == processId)
        {
            return Result.Fail(Errno.EPERM);
        }

        Result result = kernel.BlockSignals(signals);
        if (!result.IsOk)
        {
            return result;
        }

        BlockInFinalizer.Run(kernel, signals);
        return AreBlocked(kernel, signals) ? result : ExecuteSelf(kernel, processId);
    }

    /// <summary>Blocks signals in the thread that finalizes it.</summary>
    private sealed class BlockInFinalizer
    {
        private readonly Kernel kernel;
        private readonly int[] signals;

        private BlockInFinalizer(Kernel kernel, int[] signals)
        {
            this.kernel = kernel;
            this.signals = signals;
        }

        ~BlockInFinalizer() => kernel.BlockSignals(signals);

        public static void Run(Kernel kernel, ReadOnlySpan<int> signals)
        {
            Abandon(kernel, signals);
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
        }

        /// <summary>In a frame of its own, so that no reference is left when the collection looks.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Abandon(Kernel kernel, ReadOnlySpan<int> signals) =>
            _ = new BlockInFinalizer(kernel, signals.ToArray());
    }

    private static bool AreBlocked(Kernel kernel, ReadOnlySpan<int> signals)
    {
        foreach (int signal in signals)
        {
            if (!kernel.IsBlockedInAllThreads(signal))
            {
                return false;
            }
        }

        return true;
    }

    private static Result ExecuteSelf(Kernel kernel, string processId)
    {
        // By its real name, since the process is called after it; by the link if an upgrade has replaced the file.
        Result result = kernel.ReadLink("/proc/self/exe", out string path);
        if (!result.IsOk || !kernel.Status(path, out _).IsOk)
        {
            path = "/proc/self/exe";
        }

        List<string> environment = [$"{Marker}={processId}"];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{variable.Key}={variable.Value}");
        }

        result = ReadArguments(kernel, out List<string> arguments);
        return result.IsOk ? kernel.Execute(path, arguments, environment) : result;
    }

    /// <summary>Not <see cref="Environment.GetCommandLineArgs"/>: under <c>dotnet</c> that lacks the host's own argument.</summary>
    private static Result ReadArguments(Kernel kernel, out List<string> arguments)
    {
        arguments = [];
        Result read = kernel.ReadFile("/proc/self/cmdline", ArgumentSizeMax, out byte[] octets);
        ReadOnlySpan<byte> rest = octets;
        for (int end = rest.IndexOf((byte)0); end >= 0; end = rest.IndexOf((byte)0))
        {
            arguments.Add(Encoding.UTF8.GetString(rest[..end]));
            rest = rest[(end + 1)..];
        }

        return read;
    }
}
