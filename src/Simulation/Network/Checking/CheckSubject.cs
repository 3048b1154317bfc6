namespace Spindle.Simulation.Network.Checking;

/// <summary>What <see cref="NamespaceCheck"/> plays.</summary>
public enum CheckSubject
{
    /// <summary>Requests of route netlink: links, addresses, routes, rules.</summary>
    Netlink,

    /// <summary>UDP, raw and packet sockets on a pair of links.</summary>
    Packets,
}
