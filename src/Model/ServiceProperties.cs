using System;

namespace Spindle.Model;

/// <summary>What of a service changed, for those who show it.</summary>
[Flags]
public enum ServiceProperties
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>State.</summary>
    State = 1 << 0,

    /// <summary>Error.</summary>
    Error = 1 << 1,

    /// <summary>Favorite.</summary>
    Favorite = 1 << 2,

    /// <summary>Immutable.</summary>
    Immutable = 1 << 3,

    /// <summary>AutoConnect.</summary>
    AutoConnect = 1 << 4,

    /// <summary>Ethernet: name and MTU of the link.</summary>
    Ethernet = 1 << 5,

    /// <summary>IPv4 in effect.</summary>
    Ipv4 = 1 << 6,

    /// <summary>IPv4 as asked for.</summary>
    Ipv4Configuration = 1 << 7,

    /// <summary>IPv6 in effect.</summary>
    Ipv6 = 1 << 8,

    /// <summary>IPv6 as asked for.</summary>
    Ipv6Configuration = 1 << 9,

    /// <summary>Name servers in effect.</summary>
    Nameservers = 1 << 10,

    /// <summary>Name servers as asked for.</summary>
    NameserversConfiguration = 1 << 11,

    /// <summary>Time servers in effect.</summary>
    Timeservers = 1 << 12,

    /// <summary>Time servers as asked for.</summary>
    TimeserversConfiguration = 1 << 13,

    /// <summary>Domains in effect.</summary>
    Domains = 1 << 14,

    /// <summary>Domains as asked for.</summary>
    DomainsConfiguration = 1 << 15,

    /// <summary>Proxy in effect.</summary>
    Proxy = 1 << 16,

    /// <summary>Proxy as asked for.</summary>
    ProxyConfiguration = 1 << 17,

    /// <summary>Multicast DNS.</summary>
    MulticastDns = 1 << 18,

    /// <summary>The last address conflict.</summary>
    LastAddressConflict = 1 << 19,
}
