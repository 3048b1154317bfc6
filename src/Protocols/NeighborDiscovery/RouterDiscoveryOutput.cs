namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>What is to be done or told.</summary>
public enum RouterDiscoveryOutput
{
    /// <summary>Send a router solicitation to all routers.</summary>
    SendSolicitation,

    /// <summary><see cref="RouterDiscovery.Servers"/> or <see cref="RouterDiscovery.SearchDomains"/> are different.</summary>
    ResolversChanged,

    /// <summary>
    /// <see cref="RouterDiscovery.IsManaged"/> or <see cref="RouterDiscovery.HasOtherConfiguration"/> are different, or
    /// the first advertisement has said what they are.
    /// </summary>
    FlagsChanged,

    /// <summary><see cref="RouterDiscovery.Routers"/> or <see cref="RouterDiscovery.Router"/> are different.</summary>
    RoutersChanged,

    /// <summary><see cref="RouterDiscovery.CaptivePortalUri"/> is different.</summary>
    CaptivePortalChanged,
}
