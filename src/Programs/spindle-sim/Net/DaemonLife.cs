using System;
using System.Collections.Generic;
using Spindle.Daemon;
using Spindle.Daemon.CommandLine;
using Spindle.Daemon.Logging;
using Spindle.DBus;
using Spindle.Drivers.Netlink;
using Spindle.Loop;
using Spindle.Simulation;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>One process of the real daemon on the simulated machine, from its start to its end. It is turned from outside.</summary>
/// <remarks>What a loop needs, and cannot have, ends the start in order: spindled says so and is started again.</remarks>
internal sealed class DaemonLife
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly EventLoop loop;
    private readonly SimulatedBus bus;

    public DaemonLife(SimulatedMachine machine, SimulatedBus bus, WorldTrace trace, bool isDebug, PlannedFailure? failure = null)
    {
        this.bus = bus;
        Kernel = machine.StartProcess();

        // As spindled does: else they would go by the handlers of the process that simulates, which would keep all of this alive.
        Kernel.BlockSignals([Hangup, Interrupt, Terminate]);
        if (failure is not null)
        {
            Kernel.Faults.FailWhereLegalAt(failure.Call, failure.Number, failure.Kind, failure.Error);
        }

        try
        {
            // As it ships, whatever this program was built with.
            loop = new EventLoop(Kernel, new EventLoopOptions { ReleasesCleanPages = true });
            MemoryTransport transport = new(loop);
            bus.Attach(transport);
            Daemon = new NetworkDaemon(
                loop, transport, new DaemonOptions { IsForeground = true }, new Log(new TraceSink(trace), isDebug, []));
            loop.AddSignal(Terminate, (_, _) => Daemon.Stop(() => IsOver = true));
            IsStarted = Daemon.Start();
        }
        catch
        {
            End();
            throw;
        }
    }

    /// <summary>Its process.</summary>
    public SimulatedKernel Kernel { get; }

    public NetworkDaemon Daemon { get; }

    /// <summary>Its way to the kernel: somebody can have it ask for what it should not.</summary>
    public NetlinkDriver Netlink => Daemon.Netlink;

    /// <summary>The loop that it turns.</summary>
    public EventLoop Loop => loop;

    /// <summary>What somebody makes it hold, to see whether that is seen.</summary>
    public List<object> Planted { get; } = [];

    /// <summary>Turns of its loop.</summary>
    public long Turns { get; private set; }

    /// <summary>False if it said that it could not start: then it is to be ended.</summary>
    public bool IsStarted { get; }

    /// <summary>True once it has ended, in whatever way.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How many things it holds, of each kind that could grow.</summary>
    public Dictionary<string, int> Holdings()
    {
        Dictionary<string, int> held = new() { ["sources"] = loop.Bands.SourceCount, ["descriptors"] = Kernel.DescriptorCount };
        foreach ((string kind, int count) in Daemon.Holdings)
        {
            held[kind] = count;
        }

        return held;
    }

    /// <summary>One turn of its loop; time passes while it has nothing to do.</summary>
    public void Turn()
    {
        Turns++;
        try
        {
            loop.Iterate(mayBlock: true);
        }
        catch (ProcessEndedException)
        {
            IsOver = true;
        }
    }

    /// <summary>Lets a turn that sleeps end.</summary>
    public void Wake()
    {
        if (Kernel.IsAlive)
        {
            loop.Wake();
        }
    }

    /// <summary>Somebody stops the service: it ends in order, in one of the next turns.</summary>
    public void Ask() => Kernel.SendSignal(Kernel.ProcessId, Terminate);

    /// <summary>kill -9, or what is left to do after an orderly end.</summary>
    public void End()
    {
        IsOver = true;
        if (Kernel.IsAlive)
        {
            Kernel.Kill();
        }

        bus.Detach();
    }
}
