using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Basics;
using Spindle.Simulation;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Actors.Dhcp;
using Spindle.Simulation.Actors.Monitors;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>A machine with its links, and the networks around it, drawn from a seed.</summary>
internal sealed class NetWorld
{
    private const int LinksMax = 32;
    private static readonly Instant Birth = Instant.FromSeconds(3600);
    private static readonly TimeSpan AdvertisementInterval = TimeSpan.FromSeconds(600);

    private readonly List<(NetworkSite Site, EthernetSegment Segment)> networks = [];
    private readonly List<WorldPort> ports = [];

    public NetWorld(NetOptions options)
    {
        Clock = new VirtualClock(Birth);
        Choices = new Choices(options.Seed, options.LeftOut);
        Context = ActorContext.Create(Clock, Choices);
        Context.Trace.Writer = options.Trace;
        Machine = new SimulatedMachine(Choices.Fork("machine"), Clock);
        int links = options.Links ?? (options.IsQuiet ? 1 : DrawLinks());
        int count = options.IsQuiet ? 1 : Math.Min(links + Choices.Between(0, 2), 120);
        for (int i = 0; i < count; i++)
        {
            AddNetwork(i, options.IsQuiet);
        }

        for (int i = 0; i < links; i++)
        {
            AddPort("eth" + i.ToString(CultureInfo.InvariantCulture), Address(i), i % count);
        }

        Machine.Booted += PutLinksIn;
        Machine.PoweredOff += PullAll;
        PutLinksIn();
    }

    public VirtualClock Clock { get; }

    public Choices Choices { get; }

    public ActorContext Context { get; }

    public SimulatedMachine Machine { get; }

    public IReadOnlyList<WorldPort> Ports => ports;

    public int NetworkCount => networks.Count;

    public NetworkSite Site(int network) => networks[network].Site;

    public EthernetSegment Segment(int network) => networks[network].Segment;

    /// <summary>The cable of a port goes into another network, as when somebody moves.</summary>
    public void Move(WorldPort port, int network)
    {
        port.Network = network;
        PutIn(port);
    }

    /// <summary>Whose link has this number at present; null: none of those that go to a network.</summary>
    public WorldPort? PortOf(int link) => ports.Find(port => port.Link?.Index == link);

    /// <summary>Where its cable is.</summary>
    public NetworkSite SiteOf(WorldPort port) => networks[port.Network].Site;

    /// <summary>The device is pulled out of the machine (a USB adapter, say).</summary>
    public void Unplug(WorldPort port)
    {
        if (port.Link is { } link)
        {
            port.Plug?.Remove();
            port.Plug = null;
            port.Link = null;
            Machine.Network.RemoveLink(link);
        }
    }

    /// <summary>The device is back, under a new index.</summary>
    public void PlugBack(WorldPort port)
    {
        if (port.Link is null && Machine.IsOn)
        {
            port.Link = Machine.Network.AddEthernet(port.Name, port.Address);
            PutIn(port);
        }
    }

    /// <summary>All cables are in, and the weather is fine.</summary>
    public void Calm()
    {
        foreach (WorldPort port in ports)
        {
            port.SetPulled(false);
            PlugBack(port);
        }

        foreach ((_, EthernetSegment segment) in networks)
        {
            segment.Weather = Weather.Fine;
            segment.Unite();
        }
    }

    private void AddPort(string name, MacAddress address, int network)
    {
        LinkMonitor monitor = new(Context, name, address) { IsDeaf = () => !Machine.IsOn || Machine.IsSuspended };
        ports.Add(new WorldPort(name, address, network, monitor));
    }

    private int DrawLinks() => Choices.PickWeighted([40, 25, 15, 10, 6, 4]) switch
    {
        0 => 1,
        1 => 2,
        2 => 3,
        3 => Choices.Between(4, 8),
        4 => Choices.Between(9, 16),
        _ => Choices.Between(17, LinksMax),
    };

    private void AddNetwork(int index, bool isQuiet)
    {
        string name = "net" + index.ToString(CultureInfo.InvariantCulture);
        byte number = (byte)(index + 1);
        NetworkSite site = isQuiet
            ? NetworkFactory.Build(Context, name, NetworkKind.Home, number)
            : NetworkFactory.Draw(Context, name, number);
        if (isQuiet)
        {
            MakeQuiet(site);
        }

        EthernetSegment segment = new(Clock, Choices.Fork(name + " segment"));
        site.PlugInto(station => segment.Plug(station));
        networks.Add((site, segment));
    }

    // The day that figures are given for: leases of an hour, an advertisement every 600 s.
    private static void MakeQuiet(NetworkSite site)
    {
        foreach (DhcpServer server in site.DhcpServers)
        {
            server.Settings = server.Settings with { LeaseTime = TimeSpan.FromHours(1), RenewalTime = null, RebindingTime = null };
        }

        foreach (RouterAdvertiser router in site.Routers)
        {
            router.Settings = router.Settings with { IntervalMin = AdvertisementInterval, IntervalMax = AdvertisementInterval };
        }
    }

    private void PutLinksIn()
    {
        foreach (WorldPort port in ports)
        {
            port.Link = Machine.Network.AddEthernet(port.Name, port.Address);
            PutIn(port);
        }
    }

    private void PutIn(WorldPort port)
    {
        port.Plug?.Remove();
        port.Plug = null;
        if (port.Link is { } link)
        {
            port.Plug = networks[port.Network].Segment.Plug(port.Monitor.Watch(link), isUp: !port.IsPulled);
            link.Cable = port.Monitor.Watch(port.Plug);
        }
    }

    private void PullAll()
    {
        foreach (WorldPort port in ports)
        {
            port.Plug?.Remove();
            port.Plug = null;
            port.Link = null;
        }
    }

    private static MacAddress Address(int index)
    {
        Span<byte> octets = [0x02, 0x5B, 0, 0, (byte)(index >> 8), (byte)(index + 1)];
        return MacAddress.Read(octets);
    }
}

/// <summary>A socket in the machine's back.</summary>
internal sealed class WorldPort(string name, MacAddress address, int network, LinkMonitor monitor)
{
    public string Name => name;

    /// <summary>Holds what the device sends against the RFCs.</summary>
    public LinkMonitor Monitor => monitor;

    public MacAddress Address => address;

    /// <summary>In which network its cable is.</summary>
    public int Network { get; set; } = network;

    /// <summary>The link of the running machine; null while it is off.</summary>
    public SimulatedLink? Link { get; set; }

    public EthernetPlug? Plug { get; set; }

    /// <summary>True while its cable lies beside the socket.</summary>
    public bool IsPulled { get; private set; }

    public void SetPulled(bool isPulled)
    {
        IsPulled = isPulled;
        if (isPulled)
        {
            Plug?.Pull();
        }
        else
        {
            Plug?.Insert();
        }
    }
}
