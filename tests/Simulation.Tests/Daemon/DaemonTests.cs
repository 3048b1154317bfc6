using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon;
using Spindle.Daemon.CommandLine;
using Spindle.Daemon.Logging;
using Spindle.DBus;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Daemons;

/// <summary>The whole daemon on the simulated kernel.</summary>
public sealed class DaemonTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void With_a_cable_to_a_home_network_it_is_online_soon()
    {
        DaemonLife life = new(seed: 1);
        life.Plug("eth0", NetworkKind.Home);
        life.Start();
        life.Run(Minute);
        life.AssertSaid("Ready -> Online");
    }

    [Fact]
    public void With_two_links_both_are_connected_and_one_is_online()
    {
        DaemonLife life = new(seed: 2);
        life.Plug("eth0", NetworkKind.Home);
        life.Plug("eth1", NetworkKind.HomeWithoutIpv6);
        life.Start();
        life.Run(Minute);
        life.AssertSaid("Ready -> Online");
        life.AssertSaid("eth0 dhcp4: 192.168.1.");
        life.AssertSaid("eth1 dhcp4: 192.168.2.");
    }

    [Fact]
    public void Of_two_links_in_one_network_each_keeps_its_lease_whichever_of_them_the_servers_answers_come_to()
    {
        DaemonLife life = new(seed: 7);
        life.Plug("eth0", NetworkKind.HomeWithoutIpv6);
        life.PlugBeside("eth1");
        life.Start();
        life.Run(TimeSpan.FromDays(2));
        foreach (string link in (string[])["eth0", "eth1"])
        {
            List<string> renewals = life.Lines.FindAll(line => line.Contains($"{link} dhcp4", StringComparison.Ordinal) && line.Contains("Renewing", StringComparison.Ordinal));
            Assert.True(renewals.Count >= 8, link);
            for (int i = 0; i + 1 < renewals.Count; i += 2)
            {
                Assert.Contains("Bound -> Renewing", renewals[i], StringComparison.Ordinal);
                Assert.Contains("Renewing -> Bound", renewals[i + 1], StringComparison.Ordinal);
                Assert.InRange(SecondsOf(renewals[i + 1]) - SecondsOf(renewals[i]), 0, 10);
            }
        }

        static double SecondsOf(string line) => double.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void After_a_kill_the_next_one_is_online_too()
    {
        DaemonLife life = new(seed: 3);
        life.Plug("eth0", NetworkKind.Home);
        life.Start();
        life.Run(Minute);
        life.Kernel!.Kill();
        life.Lines.Clear();
        life.Start();
        life.Run(Minute);
        life.AssertSaid("Ready -> Online");
    }

    [Fact]
    public void After_a_suspend_it_is_online_again()
    {
        DaemonLife life = new(seed: 4);
        life.Plug("eth0", NetworkKind.Home);
        life.Start();
        life.Run(Minute);
        life.Lines.Clear();
        life.Machine.Suspend(TimeSpan.FromHours(9));
        life.Run(Minute * 5);
        life.AssertSaid("Ready -> Online");
    }

    [Fact]
    public void After_power_cuts_at_any_time_it_is_online_again()
    {
        for (ulong seed = 10; seed < 30; seed++)
        {
            DaemonLife life = new(seed);
            life.Plug("eth0", NetworkKind.Home);
            life.Start();
            life.Run(TimeSpan.FromMilliseconds((seed - 10) * 40));
            life.Machine.PowerCut();
            life.Machine.Advance(TimeSpan.FromSeconds(30));
            life.Machine.Boot(keepsTime: seed % 2 == 0);
            life.Lines.Clear();
            life.Start();
            life.Run(Minute);
            life.AssertSaid("Ready -> Online");
        }
    }

    [Fact]
    public void A_day_passes_and_equal_seeds_say_equal_lines()
    {
        List<string> first = Day(5);
        Assert.Equal(first, Day(5));
        Assert.Contains(first, static line => line.Contains("Renewing", StringComparison.Ordinal));
    }

    private static List<string> Day(ulong seed)
    {
        DaemonLife life = new(seed);
        life.Plug("eth0", NetworkKind.Home);
        life.Start();
        life.Run(TimeSpan.FromDays(1));
        return life.Lines;
    }
}

/// <summary>A machine in a world, and the daemon on it.</summary>
internal sealed class DaemonLife
{
    private readonly ActorContext context;
    private EventLoop? loop;
    private EthernetSegment? segment;
    private byte networks;
    private byte links;

    public DaemonLife(ulong seed)
    {
        Time.VirtualClock world = new(Instant.FromSeconds(3600));
        Choices choices = new(seed);
        context = ActorContext.Create(world, choices);
        Machine = new SimulatedMachine(choices, world);
    }

    public SimulatedMachine Machine { get; }

    public List<string> Lines { get; } = [];

    public SimulatedKernel? Kernel { get; private set; }

    /// <param name="name">The link.</param>
    /// <param name="kind">The network at the other end of its cable.</param>
    /// <param name="prepare">Changes the network before anybody in it is plugged in.</param>
    /// <param name="listener">Somebody else who is plugged in.</param>
    public NetworkAdapter Plug(string name, NetworkKind kind, Action<NetworkSite>? prepare = null, IStation? listener = null)
    {
        networks++;
        NetworkSite site = NetworkFactory.Build(context, name + " network", kind, networks);
        prepare?.Invoke(site);
        segment = new(Machine.World, context.Choices.Fork(name + " segment"));
        site.PlugInto(station => segment.Plug(station));
        if (listener is not null)
        {
            segment.Plug(listener);
        }

        return PlugBeside(name);
    }

    /// <summary>Another link of the machine in the network of the last one.</summary>
    public NetworkAdapter PlugBeside(string name)
    {
        NetworkAdapter adapter = new(Machine, name, MacAddress.Read([2, 0, 0, 0, 0, ++links]));
        EthernetSegment medium = segment!;
        adapter.PlugInto(station => medium.Plug(station));
        return adapter;
    }

    /// <summary>Writes a provisioning file, before the daemon starts.</summary>
    public void Provision(string text)
    {
        SimulatedKernel writer = Machine.StartProcess();
        writer.MakeDirectory("/var/lib/connman");
        int file = writer.Open("/var/lib/connman/home.config", FileFlags.Write | FileFlags.Create).Int;
        byte[] octets = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Equal(octets.Length, writer.Write(file, octets).Int);
        writer.Kill();
    }

    public void AssertSaid(string words) => Assert.True(
        Lines.Exists(line => line.Contains(words, StringComparison.Ordinal)), $"not said: {words}\n{string.Join('\n', Lines)}");

    /// <summary>Starts the daemon, on a process of its own.</summary>
    public void Start()
    {
        Kernel = Machine.StartProcess();
        loop = new EventLoop(Kernel);
        Log log = new(new ListSink(this), isDebug: true);
        NetworkDaemon daemon = new(loop, new MemoryTransport(loop), new DaemonOptions(), log);
        Assert.True(daemon.Start());
    }

    public void Run(TimeSpan span)
    {
        Instant end = Kernel!.Now(ClockId.Boottime) + span;
        TimerSource stop = loop!.AddTimer((_, _) => loop.Quit(), name: "end of the test");
        stop.ArmAt(Kernel.Now(ClockId.Monotonic) + span);
        loop.Run();
        stop.Remove();
    }

    private sealed class ListSink(DaemonLife life) : LogSink
    {
        protected override int WriteHead(LogLevel level, Span<byte> destination) => 0;

        protected override bool TryHandOver(ReadOnlySpan<byte> line)
        {
            life.Lines.Add($"{(life.Machine.World.Now - Instant.FromSeconds(3600)).TotalSeconds:F3} " + System.Text.Encoding.UTF8.GetString(line).TrimEnd());
            return true;
        }
    }
}
