namespace Spindle.Simulation.Network;

/// <summary>Settings of a link under <c>/proc/sys/net/ipv6/conf</c> (<c>Documentation/networking/ip-sysctl.rst</c>).</summary>
internal enum LinkSetting
{
    /// <summary>Not 0: IPv6 is switched off.</summary>
    DisableIpv6,

    /// <summary>Above 0: temporary addresses are made (RFC 8981); above 1: and preferred as sources.</summary>
    UseTempAddr,

    /// <summary>0: no router advertisements; 1: unless forwarding; 2: always.</summary>
    AcceptRa,

    /// <summary>Default routers are learnt from them.</summary>
    AcceptRaDefRtr,

    /// <summary>Prefixes are learnt from them.</summary>
    AcceptRaPinfo,

    /// <summary>Addresses are made from prefixes.</summary>
    Autoconf,

    /// <summary>How often routers are asked for; -1: without end.</summary>
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

    /// <summary>Seconds between the first two times that routers are asked for (RFC 7559, section 2: IRT).</summary>
    RouterSolicitationInterval,

    /// <summary>The longest time between two of them, in seconds (RFC 7559, section 2: MRT).</summary>
    RouterSolicitationMaxInterval,

    /// <summary>An address is checked for duplicates after a random time of so many seconds at most.</summary>
    RouterSolicitationDelay,

    /// <summary>A temporary address is there for so many seconds at most (RFC 8981, section 3.8: TEMP_VALID_LIFETIME).</summary>
    TempValidLft,

    /// <summary>A temporary address is preferred for so many seconds at most (TEMP_PREFERRED_LIFETIME).</summary>
    TempPreferredLft,

    /// <summary>A temporary address is preferred for up to so many seconds less than it may be (MAX_DESYNC_FACTOR).</summary>
    MaxDesyncFactor,

    /// <summary>How many temporary addresses are tried, one after the other (TEMP_IDGEN_RETRIES).</summary>
    RegenMaxRetry,

    /// <summary>The next temporary address is made at least so many seconds before the last one is deprecated.</summary>
    RegenMinAdvance,
}
