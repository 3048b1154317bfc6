using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network;

/// <summary>The network of a simulated machine: its links, addresses, routes, rules and neighbours.</summary>
/// <remarks>The control plane: what netlink shows and changes. Packets are the data plane's, which listens to the events here.</remarks>
internal sealed class NetworkStack
{
    // By their numbers, which only grow.
    private readonly List<SimulatedLink> links = [];
    private int lastIndex;

    public NetworkStack(SimulatedMachine machine)
    {
        Machine = machine;
        Chooser = new RouteChooser(this);
        Wires = new LinkWires(this);
        Netlink = new RouteNetlink(this);
        Tell = new Announcer(this);
        Control = new LinkControl(this);
        Lifetimes = new AddressLifetimes(this);
        Detection = new DuplicateDetection(this);
        Addresses4 = new Addresses4(this);
        Addresses6 = new Addresses6(this);
        Temporary = new TemporaryAddresses(this);
        SubnetRouters = new SubnetRouters(this);
        Routes4 = new Routes4(this);
        Routes6 = new Routes6(this);
        Rules4 = new RoutingRules(this, IpFamily.V4);
        Rules6 = new RoutingRules(this, IpFamily.V6);
        Neighbors = new NeighborTables(this);
        Loopback = AddLink("lo", LinkKind.Loopback, default);
    }

    public SimulatedMachine Machine { get; }

    public SimulatedLink Loopback { get; }

    /// <summary>By their numbers.</summary>
    public List<SimulatedLink> Links => links;

    /// <summary>Who is known on which link.</summary>
    public NeighborTables Neighbors { get; }

    public LinkControl Control { get; }

    public DuplicateDetection Detection { get; }

    public Addresses4 Addresses4 { get; }

    public Addresses6 Addresses6 { get; }

    /// <summary>The IPv6 addresses that nobody is to know the machine by.</summary>
    public TemporaryAddresses Temporary { get; }

    /// <summary>The addresses that routers share.</summary>
    public SubnetRouters SubnetRouters { get; }

    public Routes4 Routes4 { get; }

    public Routes6 Routes6 { get; }

    public RoutingRules Rules4 { get; }

    public RoutingRules Rules6 { get; }

    /// <summary>A link appeared.</summary>
    public event Action<SimulatedLink>? LinkAdded;

    /// <summary>A link is gone; its addresses went before.</summary>
    public event Action<SimulatedLink>? LinkRemoved;

    /// <summary>A link has another name; told with the one before.</summary>
    public event Action<SimulatedLink, string>? LinkRenamed;

    /// <summary>A link can speak IPv6 from now on, or cannot any more.</summary>
    public event Action<SimulatedLink>? Ipv6Switched;

    /// <summary>IPv6 settings that new links get.</summary>
    public LinkSettings SettingsByDefault { get; } = new();

    /// <summary>IPv6 settings of <c>all</c>.</summary>
    public LinkSettings SettingsOfAll { get; } = new() { [LinkSetting.AcceptDad] = 0 };

    /// <summary>An administrator has switched a link on or off.</summary>
    public event Action<SimulatedLink>? LinkSwitched;

    /// <summary>A link is up and has a carrier: frames go through it from now on.</summary>
    public event Action<SimulatedLink>? LinkUp;

    /// <summary>No frames go through it from now on.</summary>
    public event Action<SimulatedLink>? LinkDown;

    public event Action<InterfaceAddress>? AddressAdded;

    /// <summary>Its flags or lifetimes are others: it has passed the check for duplicates, or is deprecated.</summary>
    public event Action<InterfaceAddress>? AddressChanged;

    public event Action<InterfaceAddress>? AddressRemoved;

    /// <summary>An IPv6 address has passed the check for duplicates, or needs none: it may be used from now on.</summary>
    public event Action<InterfaceAddress>? AddressSettled;

    /// <summary>A link speaks IPv6 no more: it was switched off, or IPv6 on it.</summary>
    public event Action<SimulatedLink>? Ipv6Ended;

    /// <summary>Asks whether somebody has this address: a neighbour solicitation is due (RFC 4862, section 5.4). The answer is
    /// <see cref="FailDetection"/>, or nothing.</summary>
    public event Action<InterfaceAddress>? DetectionProbe;

    /// <summary>Where what is random comes from: a number below the bound.</summary>
    public required Func<uint, uint> Draw { get; set; }

    internal LinkWires Wires { get; }

    internal RouteNetlink Netlink { get; }

    internal RouteChooser Chooser { get; }

    internal Announcer Tell { get; }

    internal AddressLifetimes Lifetimes { get; }

    public SimulatedLink? FindLink(int index)
    {
        foreach (SimulatedLink link in links)
        {
            if (link.Index == index)
            {
                return link;
            }
        }

        return null;
    }

    public SimulatedLink? FindLink(string name)
    {
        foreach (SimulatedLink link in links)
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

    /// <summary>Adds a link of any kind that is neither one end of a pair nor a VLAN.</summary>
    public SimulatedLink AddLink(string name, LinkKind kind, MacAddress address) => AddLink(name, kind, address, null);

    public void RemoveLink(SimulatedLink link) => Control.Remove(link);

    /// <summary>All addresses, in the order in which the kernel lists them: link by link.</summary>
    public AddressList Addresses(SimulatedLink? link = null, IpFamily? family = null) => new(links, link, family);

    /// <summary>Whether the machine takes packets to this address as its own (unicast): IPv4's by the local table, IPv6's once
    /// they are checked for duplicates.</summary>
    /// <param name="address">The destination.</param>
    /// <param name="link">Where it came in: of IPv6's link-local addresses only this link's count.</param>
    public bool IsLocal(IpAddress address, SimulatedLink? link = null)
    {
        if (address.IsV4)
        {
            return Routes4.Tables.Find(Route.LocalTable, new RouteQuery(address)) is { Type: RouteType.Local };
        }

        foreach (SimulatedLink one in links)
        {
            bool counts = link is null || one == link || !address.IsLinkLocal;
            if (counts && one.Addresses6.Exists(own => own.Local == address && own.IsUsable))
            {
                return true;
            }
        }

        return SubnetRouters.Has(address, address.IsLinkLocal ? link : null);
    }

    /// <summary>Where a packet goes: the rules in their order, then the longest prefix with the least metric.</summary>
    /// <param name="query">The packet.</param>
    /// <param name="choice">The way.</param>
    /// <param name="error">ENETUNREACH where there is none, or what a route says: EHOSTUNREACH, EACCES, EINVAL.</param>
    public bool FindRoute(in RouteQuery query, out RouteChoice choice, out Errno error) => Chooser.TryChoose(query, out choice, out error);

    /// <summary>Somebody else has the address.</summary>
    public void FailDetection(InterfaceAddress address) => Detection.Fail(address);

    /// <summary>A router's advertisement said so: adds the address, or prolongs it. Preferred and valid are in seconds.</summary>
    public Answer SetAddress(InterfaceAddress address, uint preferred, uint valid)
    {
        Lifetimes.Set(address, preferred, valid);
        InterfaceAddress? there = address.Link.Addresses6.Find(other => other.Local == address.Local);
        return there is null ? Addresses6.Add(address) : Addresses6.Change(there, address);
    }

    public void Remove(InterfaceAddress address)
    {
        if (address.Local.IsV4)
        {
            Addresses4.Remove(address);
        }
        else
        {
            Addresses6.Remove(address);
        }
    }

    /// <summary>One more, or one less, asks for all frames of a link.</summary>
    public void SetPromiscuity(SimulatedLink link, int difference)
    {
        link.Promiscuity += difference;
        bool isTold = (link.Promiscuity == 0 && difference < 0) || (link.Promiscuity == difference && difference > 0);
        if (isTold)
        {
            Tell.Link(link, MessageType.NewLink, (uint)LinkFlags.Promiscuous);
        }
    }

    /// <summary>One more, or one less, asks for all multicast frames of a link.</summary>
    public void SetAllMulticast(SimulatedLink link, int difference)
    {
        link.AllMulticast += difference;
        bool isTold = (link.AllMulticast == 0 && difference < 0) || (link.AllMulticast == difference && difference > 0);
        if (isTold)
        {
            Tell.Link(link, MessageType.NewLink, (uint)LinkFlags.AllMulticast);
        }
    }

    /// <summary>The first name of a pattern that no link has, with at most one <c>%d</c>; null if it cannot be a name.</summary>
    internal string? FreeName(string pattern)
    {
        int place = pattern.IndexOf("%d", StringComparison.Ordinal);
        for (int number = 0; ; number++)
        {
            string name = place < 0 ? pattern : $"{pattern[..place]}{number}{pattern[(place + 2)..]}";
            if (!LinkControl.IsName(name) || name.Contains('%', StringComparison.Ordinal))
            {
                return null;
            }

            if (FindLink(name) is null)
            {
                return name;
            }
        }
    }

    /// <summary>A link with a program at its other end, which is to take hold of it.</summary>
    internal SimulatedLink AddTunnel(string name, LinkKind kind) =>
        AddLink(name, kind, kind == LinkKind.Tun ? default : Routing.LinkCreation.Draw(this), null);

    internal RouteTables Routes(byte family) => family == Family.V6 ? Routes6.Tables : Routes4.Tables;

    internal RoutingRules Rules(IpFamily family) => family == IpFamily.V6 ? Rules6 : Rules4;

    internal SimulatedLink AddLink(string name, LinkKind kind, MacAddress address, Action<SimulatedLink>? prepare, ushort vlan = 0)
    {
        SimulatedLink link = new(this, ++lastIndex, name, kind, address)
        {
            HasCarrier = kind != LinkKind.Ethernet,
            PermanentMacAddress = kind == LinkKind.Ethernet ? address : default,
            VlanId = vlan,
        };
        prepare?.Invoke(link);
        if (kind == LinkKind.Veth)
        {
            Control.DropCarrier(link);
        }

        links.Add(link);
        if (kind != LinkKind.Loopback)
        {
            Tell.Link(link, MessageType.NewLink, uint.MaxValue);
        }

        LinkAdded?.Invoke(link);
        return link;
    }

    internal void DropLink(SimulatedLink link)
    {
        link.IsPresent = false;
        links.Remove(link);
    }

    internal void CarrierMayHaveChanged(SimulatedLink link) => Control.CarrierMayHaveChanged(link);

    /// <summary>Has something done after what is being done now, at this instant.</summary>
    internal Alarm Defer(Action action) => Machine.Monotonic.Set(Machine.Monotonic.Now, action);

    internal void ReportLink(SimulatedLink link)
    {
        bool works = link.IsUp && link.HasCarrier;
        (works ? LinkUp : LinkDown)?.Invoke(link);
    }

    /// <summary>Changes an IPv6 setting of a link, with what comes of it.</summary>
    internal void Set(SimulatedLink link, LinkSetting setting, int value)
    {
        bool wasDisabled = link.IsV6Disabled;
        bool forwarded = link.Settings[LinkSetting.Forwarding] != 0;
        link.Settings[setting] = value;
        if (setting == LinkSetting.Forwarding && forwarded != (value != 0))
        {
            SubnetRouters.Switch(link, value != 0);
            if (value != 0)
            {
                Routes6.DropRouters();
            }
        }

        if (setting != LinkSetting.DisableIpv6 || link.IsV6Disabled == wasDisabled || !link.IsPresent || !link.HasV6)
        {
            return;
        }

        if (wasDisabled)
        {
            Addresses6.LinkBack(link);
        }
        else
        {
            Addresses6.LinkDown(link);
        }
    }

    internal void ReportRenamed(SimulatedLink link, string before) => LinkRenamed?.Invoke(link, before);

    internal void ReportIpv6(SimulatedLink link) => Ipv6Switched?.Invoke(link);

    internal void ReportSwitched(SimulatedLink link) => LinkSwitched?.Invoke(link);

    internal void ReportRemovedLink(SimulatedLink link) => LinkRemoved?.Invoke(link);

    internal void ReportAdded(InterfaceAddress address) => AddressAdded?.Invoke(address);

    internal void ReportChanged(InterfaceAddress address) => AddressChanged?.Invoke(address);

    internal void ReportSettled(InterfaceAddress address) => AddressSettled?.Invoke(address);

    internal void ReportIpv6Ended(SimulatedLink link) => Ipv6Ended?.Invoke(link);

    internal void ReportRemoved(InterfaceAddress address) => AddressRemoved?.Invoke(address);

    internal void ReportProbe(InterfaceAddress address) => DetectionProbe?.Invoke(address);
}
