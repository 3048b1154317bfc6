using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.CommandLine;
using Spindle.Daemon.Libvirt;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Tests.Logging;
using Spindle.DBus;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Simulation;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.World;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>The whole daemon with its libvirt door, on a simulated machine with cables.</summary>
internal sealed class DoorWorld
{
    public const string Storage = "/var/lib/connman";
    public const string Socket = "/run/libvirt/virtinterfaced-sock";
    public const string On = "[Libvirt]\nenabled=true\n";

    private readonly ActorContext context;
    private byte networks;

    public DoorWorld(ulong seed = 1)
    {
        global::Spindle.Simulation.Time.VirtualClock clock = new(Instant.FromSeconds(3600));
        Choices choices = new(seed);
        context = ActorContext.Create(clock, choices);
        Machine = new SimulatedMachine(choices, clock);
    }

    public SimulatedMachine Machine { get; }

    public RecordingSink Sink { get; } = new();

    public EventLoop Loop { get; private set; } = null!;

    public SimulatedKernel Kernel { get; private set; } = null!;

    public NetworkDaemon Daemon { get; private set; } = null!;

    /// <summary>The bus's side of the daemon's connection.</summary>
    public MemoryTransport Bus { get; private set; } = null!;

    public LibvirtDoorway Door => Daemon.Libvirt!;

    /// <summary>A network card with a cable to a network.</summary>
    public NetworkAdapter Plug(string name, NetworkKind kind = NetworkKind.HomeWithoutIpv6)
    {
        networks++;
        NetworkSite site = NetworkFactory.Build(context, name + " network", kind, networks);
        EthernetSegment segment = new(Machine.World, context.Choices.Fork(name + " segment"));
        site.PlugInto(station => segment.Plug(station));
        NetworkAdapter adapter = new(Machine, name, MacAddress.Read([2, 0, 0, 0, 0xAB, networks]));
        adapter.PlugInto(station => segment.Plug(station));
        return adapter;
    }

    /// <summary>A network card that no cable is in.</summary>
    public DoorWorld WithoutCable(string name)
    {
        _ = new NetworkAdapter(Machine, name, MacAddress.Read([2, 0, 0, 0, 0xAB, ++networks]));
        return this;
    }

    /// <summary>Starts the daemon, as a process of its own.</summary>
    public DoorWorld Start(string configuration = On)
    {
        Kernel = Machine.StartProcess();
        Write("/etc/connman/main.conf", configuration);
        Loop = new EventLoop(Kernel);
        Bus = new MemoryTransport(Loop);
        Daemon = new NetworkDaemon(Loop, Bus, new DaemonOptions(), new Log(Sink));
        Assert.True(Daemon.Start());
        return this;
    }

    public DoorWorld Run(TimeSpan span)
    {
        TimerSource stop = Loop.AddTimer((_, _) => Loop.Quit(), name: "test");
        stop.ArmAfter(span);
        Loop.Run();
        stop.Remove();
        return this;
    }

    /// <summary>Lets time pass until something holds, or too much of it has passed.</summary>
    public bool Until(Func<bool> condition, TimeSpan bound)
    {
        Instant end = Machine.World.Now + bound;
        while (!condition())
        {
            if (Machine.World.Now >= end)
            {
                return false;
            }

            Run(TimeSpan.FromMilliseconds(20));
        }

        return true;
    }

    /// <summary>Until all plugged links are connected.</summary>
    public DoorWorld Settled()
    {
        Run(TimeSpan.FromSeconds(30));
        return this;
    }

    public RpcTestClient Client(string path = Socket) => new(this, path);

    /// <summary>A file as it is on the disk; null: it is not there.</summary>
    public string? Read(string path)
    {
        SimulatedKernel kernel = Machine.StartProcess();
        Result file = kernel.Open(path, FileFlags.Read);
        if (!file.IsOk)
        {
            return null;
        }

        byte[] octets = new byte[65536];
        int length = kernel.Read(file.Int, octets).Int;
        kernel.Close(file.Int);
        return Encoding.UTF8.GetString(octets, 0, length);
    }

    /// <summary>Writes a file at once, for good.</summary>
    public void Write(string path, string content)
    {
        SimulatedKernel kernel = Machine.StartProcess();
        Result written = global::Spindle.Daemon.Storage.AtomicFile.Replace(kernel, path, Encoding.UTF8.GetBytes(content));
        Assert.True(written.IsOk, $"{path}: {written.Error}");
    }

    /// <summary>The provisioning files, by name.</summary>
    public SortedDictionary<string, string> Provisioned()
    {
        SortedSet<string> names = [];
        Machine.StartProcess().ListDirectory(Storage, names);
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (name.EndsWith(".config", StringComparison.Ordinal))
            {
                files.Add(name, Read($"{Storage}/{name}")!);
            }
        }

        return files;
    }
}
