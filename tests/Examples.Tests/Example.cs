using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Spindle.Kernels;

namespace Spindle.Examples.Tests;

/// <summary>One of <c>examples/</c>, running as a process of its own.</summary>
public sealed class Example : IDisposable
{
    private const int Terminate = 15;

    /// <summary>So long nothing here takes on any machine; then the test says what it waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly LinuxKernel Kernel = new();

    private readonly Process process;

    private Example(Process process) => this.process = process;

    public static Example Start(string name, params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The app host looks for the runtime where we have ours from.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        return new Example(Process.Start(start)!);
    }

    public async Task<string> ReadLineAsync() =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
        ?? throw new InvalidOperationException($"The example ended: {await process.StandardError.ReadToEndAsync()}");

    public void Signal(int signal) => Assert.True(Kernel.SendSignal(process.Id, signal).IsOk);

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public Task<int> EndAsync()
    {
        Signal(Terminate);
        return WaitAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>What was written and not read yet, up to the end.</summary>
    public async Task<(IReadOnlyList<string> Output, string Error)> ReadRestAsync()
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        return (output.Split('\n', StringSplitOptions.RemoveEmptyEntries), await error.WaitAsync(Patience));
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
