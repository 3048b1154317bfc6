namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>Options of neighbour discovery that we know. Others are kept and passed over.</summary>
public enum NeighborOptionType : byte
{
    /// <summary>The sender's link-layer address (RFC 4861, section 4.6.1).</summary>
    SourceLinkLayerAddress = 1,

    /// <summary>A prefix, on the link or for addresses (RFC 4861, section 4.6.2).</summary>
    PrefixInformation = 3,

    /// <summary>The link's MTU (RFC 4861, section 4.6.4).</summary>
    Mtu = 5,

    /// <summary>A route (RFC 4191, section 2.3).</summary>
    RouteInformation = 24,

    /// <summary>DNS servers (RFC 8106, section 5.1).</summary>
    RecursiveDnsServers = 25,

    /// <summary>DNS search domains (RFC 8106, section 5.2).</summary>
    DnsSearchList = 31,

    /// <summary>Where the captive portal's API is (RFC 8910, section 2.3).</summary>
    CaptivePortal = 37,
}
