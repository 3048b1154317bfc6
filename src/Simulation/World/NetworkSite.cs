using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Actors.Dhcp;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Names;
using Spindle.Simulation.Actors.Rivals;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Actors.Web;
using Spindle.Simulation.Network;

namespace Spindle.Simulation.World;

/// <summary>A network as it stands at some place: its hosts, ready to be plugged into a segment, and what each of them runs.</summary>
internal sealed class NetworkSite(ActorContext context, string name, NetworkKind kind)
{
    public ActorContext Context => context;

    public string Name => name;

    public NetworkKind Kind => kind;

    public NetworkPromise Promise { get; set; } = new();

    public List<ActorHost> Hosts { get; } = [];

    public List<DhcpServer> DhcpServers { get; } = [];

    public List<RouterAdvertiser> Routers { get; } = [];

    public List<DnsService> NameServers { get; } = [];

    public List<WebSite> Sites { get; } = [];

    /// <summary>What is behind the router; null if nothing is.</summary>
    public Cloud? Cloud { get; set; }

    /// <summary>Null if everybody gets through.</summary>
    public PortalGate? Portal { get; set; }

    /// <summary>Quiet until told otherwise.</summary>
    public AddressRival? Rival { get; set; }

    /// <summary>Quiet until told otherwise.</summary>
    public NeighborRival? NeighborRival { get; set; }

    /// <summary>Quiet until told otherwise.</summary>
    public Attacker? Attacker { get; set; }

    /// <summary>Plugs all hosts in and starts what runs by itself.</summary>
    /// <param name="plug">Plugs a station into the segment and gives its cable.</param>
    public void PlugInto(Func<IStation, ICable> plug)
    {
        foreach (ActorHost host in Hosts)
        {
            host.Attach(plug(host));
        }

        foreach (RouterAdvertiser router in Routers)
        {
            router.Start();
        }
    }

    /// <summary>A host of this network, with a hardware address of its own.</summary>
    public ActorHost AddHost(string hostName, params ReadOnlySpan<string> addresses)
    {
        byte number = (byte)(Hosts.Count + 1);
        Span<byte> octets = stackalloc byte[6];
        ulong hash = TraceHash.Of(name);
        octets[0] = 0x02;
        octets[1] = 0xAC;
        octets[2] = (byte)hash;
        octets[3] = (byte)(hash >> 8);
        octets[4] = (byte)(hash >> 16);
        octets[5] = number;
        string full = $"{name} {hostName}";
        ActorHost host = new(context.Fork(hostName), full, MacAddress.Read(octets));
        foreach (string address in addresses)
        {
            host.AddAddress(IpPrefix.Parse(address));
        }

        Hosts.Add(host);
        return host;
    }
}
