using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Spindle.Basics;

namespace Spindle.Drivers.Tests.Packets;

/// <summary>Runs a test on a thread that has a network name space of its own; it goes with the thread.</summary>
internal static class PrivateNetwork
{
    private const int NewNetwork = 0x4000_0000; // CLONE_NEWNET

    /// <summary>True for root, who may have one.</summary>
    public static bool IsPossible => Environment.UserName == "root";

    /// <summary>Runs a body; processes it starts are in the same name space.</summary>
    public static void Run(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.Equal(0, Unshare(NewNetwork));
                Command("ip link set lo up");
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

    /// <summary>Runs a command to its end; a failure of it fails the test.</summary>
    public static string Command(string line)
    {
        using Process process = Start(line);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{line}: {process.ExitCode} {output}");
        return output;
    }

    /// <summary>The number of a link. /sys shows the links of another name space, so it is not asked.</summary>
    public static int IndexOf(string link) =>
        int.Parse(Command($"ip -o link show {link}").Split(':')[0], CultureInfo.InvariantCulture);

    /// <summary>The hardware address of a link.</summary>
    public static MacAddress AddressOf(string link)
    {
        string text = Command($"ip -o link show {link}");
        text = text[(text.IndexOf("link/ether ", StringComparison.Ordinal) + 11)..][..17];
        Assert.True(MacAddress.TryParse(text, out MacAddress address), text);
        return address;
    }

    /// <summary>Starts a command; what it says on both outputs comes from its standard output.</summary>
    public static Process Start(string line) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 2>&1; {line}"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        WorkingDirectory = Path.GetTempPath(),
    })!;

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int flags);
}

/// <summary>A test that needs a network name space of its own, and so root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrivateNetworkFactAttribute : FactAttribute
{
    public PrivateNetworkFactAttribute() =>
        Skip = PrivateNetwork.IsPossible ? null : "Network name spaces need root.";
}
