using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The neighbours of all links. Who asks for them and who is told of answers is the data plane's: this keeps what is
/// known, and tells netlink.</summary>
internal sealed class Neighbours(NetworkStack stack)
{
    private readonly Dictionary<(int Link, IpAddress Address), Neighbour> entries = [];

    public IEnumerable<Neighbour> All => entries.Values;

    public Neighbour? Find(SimulatedLink link, IpAddress address) => entries.GetValueOrDefault((link.Index, address));

    /// <summary>Sets what is known of a neighbour.</summary>
    public Neighbour Set(SimulatedLink link, IpAddress address, MacAddress? mac, NeighbourState state)
    {
        bool isNew = !entries.TryGetValue((link.Index, address), out Neighbour? entry);
        if (entry is null)
        {
            entries[(link.Index, address)] = entry = new Neighbour(link, address);
        }

        bool isOther = isNew || entry.State != state || entry.MacAddress != mac;
        entry.MacAddress = mac;
        entry.State = state;
        if (isOther)
        {
            stack.Tell.Neighbour(entry, MessageType.NewNeighbour);
        }

        return entry;
    }

    public void Remove(Neighbour neighbour)
    {
        if (entries.Remove((neighbour.Link.Index, neighbour.Address)))
        {
            stack.Tell.Neighbour(neighbour, MessageType.DeleteNeighbour);
        }
    }

    /// <summary>The link is gone, or one family of it.</summary>
    public void DropLink(SimulatedLink link, IpFamily? family = null)
    {
        foreach (Neighbour neighbour in new List<Neighbour>(entries.Values))
        {
            if (neighbour.Link == link && (family is null || neighbour.Address.Family == family))
            {
                Remove(neighbour);
            }
        }
    }
}
