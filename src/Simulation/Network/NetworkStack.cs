using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network;

/// <summary>The network of a simulated machine: its links, addresses, routes, rules and neighbours.</summary>
/// <remarks>The control plane: what netlink shows and changes. Packets are the data plane's, which listens to the events here.</remarks>
internal sealed class NetworkStack
{
    private readonly SortedDictionary<int, SimulatedLink> links = [];
    private readonly List<InterfaceAddress> addresses = [];

    public NetworkStack(SimulatedMachine machine)
    {
        Machine = machine;
        Wires = new LinkWires(this);
        Loopback = AddLink("lo", LinkKind.Loopback, default);
    }

    public SimulatedMachine Machine { get; }

    public LinkWires Wires { get; }

    public SimulatedLink Loopback { get; }

    /// <summary>By their numbers.</summary>
    public IReadOnlyCollection<SimulatedLink> Links => links.Values;

    /// <summary>A link appeared.</summary>
    public event Action<SimulatedLink>? LinkAdded;

    /// <summary>A link is gone; its addresses went before.</summary>
    public event Action<SimulatedLink>? LinkRemoved;

    /// <summary>A link is up and has a carrier: frames go through it from now on.</summary>
    public event Action<SimulatedLink>? LinkUp;

    /// <summary>No frames go through it from now on.</summary>
    public event Action<SimulatedLink>? LinkDown;

    public event Action<InterfaceAddress>? AddressAdded;

    /// <summary>Its flags or lifetimes are others: it has passed the check for duplicates, or is deprecated.</summary>
    public event Action<InterfaceAddress>? AddressChanged;

    public event Action<InterfaceAddress>? AddressRemoved;

    /// <summary>Asks whether somebody has this address: a neighbour solicitation is due (RFC 4862, section 5.4). The answer is
    /// <see cref="FailDetection"/>, or nothing.</summary>
    public event Action<InterfaceAddress>? DetectionProbe;

    /// <summary>Where what is random comes from: a number below the bound.</summary>
    public Func<uint, uint> Draw { get; set; } = bound => 0;

    public SimulatedLink? FindLink(int index) => links.GetValueOrDefault(index);

    public SimulatedLink? FindLink(string name)
    {
        foreach (SimulatedLink link in links.Values)
        {
            if (link.Name == name)
            {
                return link;
            }
        }

        return null;
    }

    /// <summary>An Ethernet adapter, without a cable.</summary>
    public SimulatedLink AddEthernet(string name, MacAddress address) => AddLink(name, LinkKind.Ethernet, address);

    public void RemoveLink(SimulatedLink link)
    {
        link.IsPresent = false;
        links.Remove(link.Index);
        LinkRemoved?.Invoke(link);
    }

    /// <summary>All addresses, in the order in which the kernel lists those of a link.</summary>
    public IEnumerable<InterfaceAddress> Addresses(SimulatedLink? link = null, IpFamily? family = null)
    {
        foreach (InterfaceAddress address in addresses)
        {
            if ((link is null || address.Link == link) && (family is null || address.Local.Family == family))
            {
                yield return address;
            }
        }
    }

    /// <summary>Whether the machine takes packets to this address as its own (unicast).</summary>
    /// <param name="address">The destination.</param>
    /// <param name="link">Where it came in: of IPv6's link-local addresses only this link's count.</param>
    public bool IsLocal(IpAddress address, SimulatedLink? link = null)
    {
        foreach (InterfaceAddress own in addresses)
        {
            if (own.Local == address && (link is null || own.Link == link || !address.IsLinkLocal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where a packet goes: the rules in their order, then the longest prefix with the least metric.</summary>
    /// <param name="query">The packet.</param>
    /// <param name="choice">The way.</param>
    /// <param name="error">ENETUNREACH where there is none, or what a route says: EHOSTUNREACH, EACCES, EINVAL.</param>
    public bool FindRoute(in RouteQuery query, out RouteChoice choice, out Errno error)
    {
        choice = default;
        error = Errno.ENETUNREACH;
        return false;
    }

    /// <summary>Somebody else has the address.</summary>
    public void FailDetection(InterfaceAddress address)
    {
        address.Flags |= AddressFlags.DetectionFailed;
        AddressChanged?.Invoke(address);
    }

    internal SimulatedLink AddLink(string name, LinkKind kind, MacAddress address)
    {
        SimulatedLink link = new(this, links.Count + 1, name, kind, address);
        links.Add(link.Index, link);
        LinkAdded?.Invoke(link);
        return link;
    }

    internal void CarrierMayHaveChanged(SimulatedLink link)
    {
        if (link.IsRunning)
        {
            LinkUp?.Invoke(link);
        }
        else
        {
            LinkDown?.Invoke(link);
        }
    }

    internal void Report(InterfaceAddress address, bool isNew)
    {
        (isNew ? AddressAdded : AddressRemoved)?.Invoke(address);
        DetectionProbe?.Invoke(address);
    }
}
