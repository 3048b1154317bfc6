using System;
using System.Collections;
using System.Collections.Generic;
using System.Text;
using Spindle.Daemon;
using Spindle.Daemon.CommandLine;
using Spindle.Daemon.Libvirt;
using Spindle.Daemon.Logging;
using Spindle.Daemon.ServiceManager;
using Spindle.DBus;
using Spindle.DBus.Libdbus;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Programs;

/// <summary>spindled: the network connection manager.</summary>
internal static class Program
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    /// <summary>A bus that does not come up by then is a failure to start.</summary>
    private static readonly TimeSpan BackgroundStartMax = TimeSpan.FromSeconds(60);

    private static int Main(string[] arguments)
    {
        LinuxKernel kernel = new();
        if (!DaemonOptionsParser.TryParse(arguments, out DaemonOptions? options, out string error, Environment.CurrentDirectory))
        {
            Write(kernel, StandardError, error);
            return DaemonOptions.UsageExitCode;
        }

        if (options.IsHelpWanted || options.IsVersionWanted)
        {
            Write(kernel, StandardOutput, options.IsHelpWanted ? DaemonOptionsParser.Help() : DaemonOptions.Version + "\n");
            return 0;
        }

        string? readyFd = Environment.GetEnvironmentVariable(BackgroundStart.Variable);
        if (!options.IsForeground && readyFd is null)
        {
            return StartInBackground(kernel, arguments);
        }

        if (TlsBuild.Find(kernel, options.ConfigurationFile) is { } other)
        {
            // Comes back only if it is not there; then the door says so.
            kernel.Execute(other, [other, .. arguments], EnvironmentEntries());
        }

        // Before any thread of ours exists: later ones inherit the mask.
        Result blocked = SignalMask.BlockEverywhere(kernel, [Hangup, Interrupt, Terminate]);
        ReadinessPipe? parent = ReadinessPipe.Open(kernel, readyFd);
        bool isRunning = false;
        try
        {
            return Run(kernel, options, parent, blocked, () => isRunning = true);
        }
        catch (InvalidOperationException refused) when (!isRunning)
        {
            // No descriptors, no memory: whoever starts services tries again.
            Write(kernel, StandardError, $"spindled cannot start: {refused.Message}\n");
            parent?.Fail(refused.Message);
            return 1;
        }
    }

    /// <summary>Without the console class, which starts a thread and handles signals of its own.</summary>
    private static void Write(LinuxKernel kernel, int fd, string text)
    {
        ReadOnlySpan<byte> octets = Encoding.UTF8.GetBytes(text);
        while (octets.Length > 0 && kernel.Write(fd, octets) is { IsOk: true } written)
        {
            octets = octets[written.Int..];
        }
    }

    private static int StartInBackground(LinuxKernel kernel, string[] arguments)
    {
        BackgroundOutcome outcome = BackgroundStart.Run(
            kernel, [Environment.GetCommandLineArgs()[0], .. arguments], EnvironmentEntries(), BackgroundStartMax);
        Write(kernel, StandardError, outcome.Message);
        return outcome.ExitCode;
    }

    private static List<string> EnvironmentEntries()
    {
        List<string> entries = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            entries.Add($"{variable.Key}={variable.Value}");
        }

        return entries;
    }

    private static int Run(LinuxKernel kernel, DaemonOptions options, ReadinessPipe? parent, Result blocked, Action begins)
    {
        using EventLoop loop = new(kernel);
        using LibdbusTransport transport = new(
            loop, LibdbusTransport.SystemBusAddress(Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS")));
        transport.OpenAhead();
        LogSink sink = LogSinks.Choose(kernel, options.IsForeground, Environment.GetEnvironmentVariable("JOURNAL_STREAM"));
        Log log = new(sink, options.IsDebug, options.DebugGlobs);
        using ServiceNotifier notifier = ServiceNotifier.FromEnvironment(loop);
        NetworkDaemon daemon = new(loop, transport, options, log);
        int exitCode = 0;

        void End(int code)
        {
            exitCode = code;
            notifier.Stopping();
            daemon.Stop(loop.Quit);
        }

        daemon.Bus.StateChanged += state =>
        {
            if (state == BusConnectionState.NameOwned)
            {
                parent?.Ready();
                notifier.Ready("net.connman is owned");
            }
        };
        daemon.Bus.NameRefused += why =>
        {
            log.Error(why);
            parent?.Fail(why);
            End(1);
        };
        loop.AddSignal(Hangup, (_, _) => daemon.Reload());
        loop.AddSignal(Interrupt, (_, _) => End(0));
        loop.AddSignal(Terminate, (_, _) => End(0));
        log.Information($"spindled {DaemonOptions.Version}");
        foreach (string remark in options.Remarks)
        {
            log.Information(remark);
        }

        if (!blocked.IsOk)
        {
            log.Warning($"signals cannot be blocked ({blocked.Error}); the runtime's handler takes them");
        }

        if (!daemon.Start())
        {
            parent?.Fail("the kernel's network cannot be watched");
            return 1;
        }

        begins();
        loop.Run();
        log.Information("ended");
        return exitCode;
    }
}
