using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.DBus.Tests;

/// <summary>A loop that is turned until something is so.</summary>
internal sealed class Turning : IDisposable
{
    // Far beyond what anything here takes; only a failing test waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public EventLoop Loop { get; } = new(new LinuxKernel());

    public void Until(Func<bool> isSo, string what)
    {
        bool isLate = false;
        TimerSource end = Loop.AddTimer((_, _) => isLate = true);
        end.ArmAfter(Patience);
        while (!isSo() && !isLate)
        {
            Loop.Iterate(mayBlock: true);
        }

        end.Remove();
        Assert.False(isLate, "In vain: " + what);
    }

    /// <summary>Turns for a while: what must not happen gets its chance.</summary>
    public void For(TimeSpan span)
    {
        bool isOver = false;
        TimerSource end = Loop.AddTimer((_, _) => isOver = true);
        end.ArmAfter(span);
        Until(() => isOver, "time");
        end.Remove();
    }

    /// <summary>Runs a program while the loop turns; returns what it printed, errors included.</summary>
    public string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task all = Task.WhenAll(output, error, process.WaitForExitAsync());

        // Not by way of the caller's context: xunit's would wait for that after the test, and then go on, and dispose what
        // belongs to this thread, on another one.
        all.ConfigureAwait(false).GetAwaiter().OnCompleted(() => Loop.Post(static () => { }));
        Until(() => all.IsCompleted, program + " to end");
        return output.Result + error.Result;
    }

    public void Dispose() => Loop.Dispose();
}
