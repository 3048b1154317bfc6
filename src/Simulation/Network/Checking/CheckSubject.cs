namespace Spindle.Simulation.Network.Checking;

/// <summary>What <see cref="NamespaceCheck"/> plays.</summary>
public enum CheckSubject
{
    /// <summary>Requests of route netlink: links, addresses, routes, rules.</summary>
    Netlink,

    /// <summary>UDP, raw and packet sockets on a pair of links.</summary>
    Packets,

    /// <summary>Tunnels: <c>/dev/net/tun</c>.</summary>
    Tunnels,

    /// <summary>Settings of links under <c>/proc/sys/net</c>.</summary>
    Settings,

    /// <summary>Router advertisements: routes, addresses and settings that come of them.</summary>
    Routers,
}
