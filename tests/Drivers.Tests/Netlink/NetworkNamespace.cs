using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit.Sdk;

namespace Spindle.Drivers.Tests;

/// <summary>Runs a test on a thread of its own in a network namespace of its own, which ends with it. Needs root.</summary>
internal static class NetworkNamespace
{
    private const int CloneNewNetwork = 0x4000_0000;

    /// <summary>Runs <paramref name="body"/>; what it throws comes out here.</summary>
    public static void Run(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                if (Unshare(CloneNewNetwork) != 0)
                {
                    throw new XunitException("unshare(CLONE_NEWNET) was refused: these tests need root.");
                }

                body();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Runs <c>ip</c> in the namespace of the calling thread; <paramref name="input"/> is for <c>-batch -</c>.</summary>
    public static string Ip(string arguments, string? input = null)
    {
        using Process process = StartIp(arguments, input is not null);
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }

        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ip {arguments}: {process.StandardError.ReadToEnd()}");
        return output;
    }

    /// <summary>Starts <c>ip</c> and leaves it running. A child is in the namespace of the thread that starts it.</summary>
    public static Process StartIp(string arguments, bool hasInput)
    {
        ProcessStartInfo start = new("ip", arguments)
        {
            RedirectStandardInput = hasInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs another program in the namespace of the calling thread.</summary>
    public static void Run(string program, string arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [DllImport("libc", EntryPoint = "unshare")]
    private static extern int Unshare(int flags);
}
