using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The neighbours of all links, which packets and netlink share: a table for each family on each link.</summary>
internal sealed class NeighborTables(NetworkStack stack)
{
    private readonly Dictionary<(int Link, IpFamily Family), NeighborTable> tables = [];

    public NetworkStack Stack { get; } = stack;

    /// <summary>Asks a link who has an address, by ARP or neighbour discovery.</summary>
    public NeighborSolicitor? Solicit { get; set; }

    /// <summary>A neighbour does not answer: for each frame that waited for it.</summary>
    public Action<SimulatedLink, byte[]>? FrameLost { get; set; }

    /// <summary>A neighbour does not answer.</summary>
    public Action? NeighborFailed { get; set; }

    public NeighborTable Of(SimulatedLink link, IpFamily family)
    {
        if (!tables.TryGetValue((link.Index, family), out NeighborTable? table))
        {
            table = new NeighborTable(this, link, family);
            tables.Add((link.Index, family), table);
        }

        return table;
    }

    public IEnumerable<Neighbor> All(IpFamily family)
    {
        foreach (((_, IpFamily one), NeighborTable table) in tables)
        {
            foreach (Neighbor neighbor in one == family ? table.All : [])
            {
                yield return neighbor;
            }
        }
    }

    public Neighbor? Find(SimulatedLink link, IpAddress address) =>
        tables.TryGetValue((link.Index, address.Family), out NeighborTable? table) ? table.Find(address) : null;

    /// <summary>Forgets those on a link, of one family or of both.</summary>
    public void Forget(SimulatedLink link, IpFamily? family = null, bool butPermanent = false)
    {
        foreach (IpFamily one in (IpFamily[])[IpFamily.V4, IpFamily.V6])
        {
            if ((family is null || family == one) && tables.TryGetValue((link.Index, one), out NeighborTable? table)
                && table.Clear(butPermanent))
            {
                tables.Remove((link.Index, one));
            }
        }
    }

    public void Tell(Neighbor neighbor, MessageType type) => Stack.Tell.Neighbor(neighbor, type);
}
