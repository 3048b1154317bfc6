namespace Spindle.Simulation.World;

/// <summary>The networks that a <see cref="NetworkFactory"/> builds.</summary>
internal enum NetworkKind
{
    /// <summary>One box: DHCP, DNS, router advertisements, the Internet behind it.</summary>
    Home,

    /// <summary>The same without IPv6.</summary>
    HomeWithoutIpv6,

    /// <summary>IPv6 alone: no DHCP server.</summary>
    Ipv6Only,

    /// <summary>A relay to a far DHCP server, two name servers, classless routes, a domain.</summary>
    Corporate,

    /// <summary>A captive portal before the Internet.</summary>
    Hotel,

    /// <summary>Two DHCP servers with ranges of their own.</summary>
    TwoServers,

    /// <summary>A good DHCP server, and one whose replies must not be followed.</summary>
    Liar,

    /// <summary>Addresses and names, but nothing behind the router.</summary>
    NoInternet,

    /// <summary>Hosts with link-local addresses and nobody else.</summary>
    LinkLocalOnly,

    /// <summary>A line, and silence.</summary>
    Dead,
}

/// <summary>How far a client comes in a network once nothing is broken.</summary>
internal enum NetworkReach
{
    /// <summary>No address but those that it makes itself.</summary>
    LinkLocal,

    /// <summary>An address; the status page does not answer.</summary>
    Ready,

    /// <summary>An address, and a portal instead of the status page.</summary>
    Portal,

    /// <summary>The status page answers.</summary>
    Online,
}
