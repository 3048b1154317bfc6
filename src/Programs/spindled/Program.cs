using System;
using Spindle.Daemon;
using Spindle.Daemon.CommandLine;
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
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static int Main(string[] arguments)
    {
        LinuxKernel kernel = new();
        if (!DaemonOptionsParser.TryParse(arguments, out DaemonOptions? options, out string error, Environment.CurrentDirectory))
        {
            Console.Error.Write(error);
            return DaemonOptions.UsageExitCode;
        }

        if (options.IsHelpWanted || options.IsVersionWanted)
        {
            Console.Out.Write(options.IsHelpWanted ? DaemonOptionsParser.Help() : DaemonOptions.Version + "\n");
            return 0;
        }

        // Before any thread of ours exists: the program executes itself once, with its signals blocked everywhere.
        SignalMask.BlockEverywhere(kernel, [Hangup, Interrupt, Terminate]);
        if (!options.IsForeground && !Background.IsChild)
        {
            return Background.Start(kernel);
        }

        return Run(kernel, options);
    }

    private static int Run(LinuxKernel kernel, DaemonOptions options)
    {
        LogSink sink = LogSinks.Choose(kernel, options.IsForeground, Environment.GetEnvironmentVariable("JOURNAL_STREAM"));
        Log log = new(sink, options.IsDebug, options.DebugGlobs);
        using EventLoop loop = new(kernel);
        using LibdbusTransport transport = new(
            loop, LibdbusTransport.SystemBusAddress(Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS")));
        NetworkDaemon daemon = new(loop, transport, options, log);
        Readiness readiness = new(loop, log);
        int exitCode = 0;

        void End(int code, string why)
        {
            exitCode = code;
            readiness.Stopping(why);
            daemon.Stop(loop.Quit);
        }

        daemon.Bus.StateChanged += state =>
        {
            if (state == BusConnectionState.NameOwned)
            {
                readiness.Ready();
            }
        };
        daemon.Bus.NameRefused += why =>
        {
            log.Error(why);
            readiness.Failed(why);
            End(1, why);
        };
        loop.AddSignal(Hangup, (_, _) => daemon.Reload());
        loop.AddSignal(Interrupt, (_, _) => End(0, "interrupted"));
        loop.AddSignal(Terminate, (_, _) => End(0, "terminated"));
        foreach (string remark in options.Remarks)
        {
            log.Information(remark);
        }

        log.Information($"spindled {DaemonOptions.Version}");
        if (!daemon.Start())
        {
            readiness.Failed("the kernel's network cannot be watched");
            return 1;
        }

        loop.Run();
        log.Information("ended");
        return exitCode;
    }
}
