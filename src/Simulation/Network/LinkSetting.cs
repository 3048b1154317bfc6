namespace Spindle.Simulation.Network;

/// <summary>Settings of a link under <c>/proc/sys/net/ipv6/conf</c> (<c>Documentation/networking/ip-sysctl.rst</c>).</summary>
internal enum LinkSetting
{
    /// <summary>Not 0: IPv6 is switched off.</summary>
    DisableIpv6,

    /// <summary>Kept, and without an effect: the model makes no temporary addresses (RFC 8981).</summary>
    UseTempAddr,

    /// <summary>0: no router advertisements; 1: unless forwarding; 2: always.</summary>
    AcceptRa,

    /// <summary>Default routers are learnt from them.</summary>
    AcceptRaDefRtr,

    /// <summary>Prefixes are learnt from them.</summary>
    AcceptRaPinfo,

    /// <summary>Addresses are made from prefixes.</summary>
    Autoconf,

    /// <summary>How often routers are asked for; below 0 without end.</summary>
    RouterSolicitations,

    /// <summary>The metric of routes to default routers.</summary>
    RaDefRtrMetric,

    /// <summary>Not 0: it is a router itself, which takes advertisements with <see cref="AcceptRa"/> 2 alone.</summary>
    Forwarding,

    /// <summary>Below 1, here and for all links: addresses are not checked for duplicates.</summary>
    AcceptDad,

    /// <summary>0: addresses are not checked for duplicates.</summary>
    DadTransmits,

    /// <summary>The hop limit of what has no reason for another.</summary>
    HopLimit,
}
