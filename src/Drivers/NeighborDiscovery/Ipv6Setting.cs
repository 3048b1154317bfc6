namespace Spindle.Drivers.NeighborDiscovery;

/// <summary>Settings of IPv6 on a link (<c>Documentation/networking/ip-sysctl.rst</c>, <c>conf/interface/*</c>).</summary>
public enum Ipv6Setting
{
    /// <summary><c>disable_ipv6</c>: 1 takes all IPv6 addresses away and forbids new ones.</summary>
    DisableIpv6,

    /// <summary><c>use_tempaddr</c>: 0 or less: no temporary addresses; 1: made; 2: made and preferred (RFC 8981).</summary>
    UseTemporaryAddresses,

    /// <summary><c>accept_ra</c>: 0: none; 1: unless forwarding; 2: always.</summary>
    AcceptRouterAdvertisements,

    /// <summary><c>accept_ra_defrtr</c>: 1: default routers are learnt.</summary>
    AcceptDefaultRouters,

    /// <summary><c>accept_ra_pinfo</c>: 1: prefixes are learnt.</summary>
    AcceptPrefixes,

    /// <summary><c>autoconf</c>: 1: addresses are made in the prefixes learnt.</summary>
    Autoconfigure,

    /// <summary><c>router_solicitations</c>: how many the kernel sends; -1: without end.</summary>
    RouterSolicitations,

    /// <summary><c>ra_defrtr_metric</c>: metric of default routes learnt, 1 to 2^32-1 (Linux 5.12).</summary>
    DefaultRouterMetric,
}
