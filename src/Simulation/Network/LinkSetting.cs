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

    /// <summary>Not 0: routers are preferred as they say themselves, and their routes are taken (RFC 4191).</summary>
    AcceptRaRtrPref,

    /// <summary>A hop limit below this is not taken from routers; above 255 none is.</summary>
    AcceptRaMinHopLimit,

    /// <summary>Routes to shorter prefixes are not taken from routers.</summary>
    AcceptRaRtInfoMinPlen,

    /// <summary>Routes to longer prefixes are not taken from routers.</summary>
    AcceptRaRtInfoMaxPlen,

    /// <summary>Not 0: the MTU is taken from routers.</summary>
    AcceptRaMtu,

    /// <summary>What is to live shorter than this, but longer than 0 seconds, is not taken from routers.</summary>
    AcceptRaMinLft,

    /// <summary>No more addresses are made from prefixes once there are so many; 0: any number.</summary>
    MaxAddresses,
}
