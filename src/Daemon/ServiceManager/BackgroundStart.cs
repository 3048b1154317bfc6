using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Daemon.ServiceManager;

/// <summary>How starting in the background ended, for the process that was called.</summary>
/// <param name="ExitCode">What to end with.</param>
/// <param name="Message">For standard error; empty: nothing to say.</param>
public readonly record struct BackgroundOutcome(int ExitCode, string Message);

/// <summary>Without <c>-n</c>: starts the daemon as a child in a session of its own, and waits until it owns its name or says
/// why it does not.</summary>
public static class BackgroundStart
{
    /// <summary>The environment variable that tells the child where to report; <see cref="ReadinessPipe"/> reads it.</summary>
    public const string Variable = "SPINDLED_READY_FD";

    private const int ChildFd = 3;
    private const int SignalTerminate = 15;
    private const int MessageMax = 4096;
    private const uint Readable = 1; // EPOLLIN

    /// <summary>Starts the child and waits. Called before there is a loop.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="arguments">Ours, <c>argv[0]</c> included.</param>
    /// <param name="environment">Ours, as <c>NAME=value</c>.</param>
    /// <param name="bound">How long the child may take; it is ended then.</param>
    /// <param name="path">The executable: ours, unless told otherwise.</param>
    public static BackgroundOutcome Run(
        Kernel kernel,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        TimeSpan bound,
        string path = "/proc/self/exe")
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Span<int> pipe = stackalloc int[2];
        Result made = kernel.Pipe(pipe);
        Result nothing = kernel.Open("/dev/null", FileFlags.Read | FileFlags.Write);
        string variable = string.Create(CultureInfo.InvariantCulture, $"{Variable}={ChildFd}");
        Result spawned = !made.IsOk ? made
            : !nothing.IsOk ? nothing
            : kernel.Spawn(new SpawnRequest(path, arguments, [.. environment, variable])
            {
                Descriptors = [(nothing.Int, 0), (nothing.Int, 1), (nothing.Int, 2), (pipe[1], ChildFd)],
                NewSession = true,
            });
        if (!spawned.IsOk)
        {
            return new(1, $"spindled: cannot start in the background: {spawned.Error}\n");
        }

        kernel.Close(pipe[1]);
        return Wait(kernel, pipe[0], spawned.Int, bound);
    }

    private static BackgroundOutcome Wait(Kernel kernel, int fd, int child, TimeSpan bound)
    {
        Instant until = kernel.Now(ClockId.Monotonic) + bound;
        Span<byte> report = stackalloc byte[MessageMax];
        int length = 0;
        while (length < report.Length)
        {
            if (!WaitReadable(kernel, fd, until))
            {
                kernel.SendSignal(child, SignalTerminate);
                string seconds = bound.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
                return new(1, $"spindled: not ready within {seconds} s\n");
            }

            Result read = kernel.Read(fd, report[length..]);
            if (read.IsOk && read.Value == 0)
            {
                break;
            }

            length += read.Int;
        }

        ReadOnlySpan<byte> said = report[..length];
        return said.StartsWith(ReadinessPipe.ReadyMark) ? new(0, "")
            : length > 0 ? new(1, $"spindled: {Encoding.UTF8.GetString(said)}\n")
            : new(1, $"spindled: {HowItEnded(kernel, child, until)} before it was ready\n");
    }

    private static string HowItEnded(Kernel kernel, int child, Instant until)
    {
        Result pidFd = kernel.PidFdOpen(child);
        if (!pidFd.IsOk || !WaitReadable(kernel, pidFd.Int, until) || !kernel.WaitForChild(pidFd.Int, out ExitStatus status).IsOk)
        {
            return "ended";
        }

        return status.IsSignalled
            ? string.Create(CultureInfo.InvariantCulture, $"ended by signal {status.Code}")
            : string.Create(CultureInfo.InvariantCulture, $"ended with code {status.Code}");
    }

    private static bool WaitReadable(Kernel kernel, int fd, Instant until)
    {
        Result epoll = kernel.EpollCreate();
        if (!epoll.IsOk || !kernel.EpollControl(epoll.Int, EpollOperation.Add, fd, Readable, 0).IsOk)
        {
            return false;
        }

        Span<EpollEvent> events = stackalloc EpollEvent[1];
        Result ready;
        do
        {
            TimeSpan left = until - kernel.Now(ClockId.Monotonic);
            ready = left <= TimeSpan.Zero ? Result.Ok() : kernel.EpollWait(epoll.Int, events, left);
        }
        while (ready.Is(Errno.EINTR));

        kernel.Close(epoll.Int);
        return ready is { IsOk: true, Value: > 0 };
    }
}
