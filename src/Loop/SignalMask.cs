using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>
/// Gets signals blocked in every thread of the process. The runtime starts threads before Main, with everything unblocked,
/// and a signal that one of them takes never reaches a signalfd; so the program blocks them and executes itself once: the
/// mask survives, and all threads of the second life begin with it.
/// </summary>
public static class SignalMask
{
    // Says that this very process has executed itself (a child that inherits it is another one): never twice.
    private const string Marker = "SPINDLE_SIGNALS_BLOCKED";

    /// <summary>Call first thing in Main. Comes back only if the signals are blocked, or cannot be.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="signals">Their numbers.</param>
    /// <returns>A failure: the program goes on as it was, and its <see cref="SignalSource"/>s go by the runtime's handler.</returns>
    public static Result BlockEverywhere(Kernel kernel, ReadOnlySpan<int> signals)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        string processId = kernel.ProcessId.ToString(CultureInfo.InvariantCulture);
        bool isSecondLife = Environment.GetEnvironmentVariable(Marker) == processId;
        Environment.SetEnvironmentVariable(Marker, null);
        if (AreBlocked(kernel, signals))
        {
            return Result.Ok();
        }

        if (isSecondLife)
        {
            return Result.Fail(Errno.EPERM);
        }

        Result result = kernel.BlockSignals(signals);
        return result.IsOk ? ExecuteSelf(kernel, processId) : result;
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
        Result file = kernel.Open("/proc/self/cmdline", FileFlags.Read);
        if (!file.IsOk)
        {
            return file;
        }

        List<byte> octets = [];
        Span<byte> buffer = stackalloc byte[4096];
        Result read;
        do
        {
            read = kernel.Read(file.Int, buffer);
            octets.AddRange(buffer[..read.Int]);
        }
        while (read.IsOk && read.Value > 0);

        kernel.Close(file.Int);
        ReadOnlySpan<byte> rest = octets.ToArray();
        for (int end = rest.IndexOf((byte)0); end >= 0; end = rest.IndexOf((byte)0))
        {
            arguments.Add(Encoding.UTF8.GetString(rest[..end]));
            rest = rest[(end + 1)..];
        }

        return read;
    }
}
