using Spindle.Basics;

namespace Spindle.Simulation.World;

/// <summary>What a client has in a network once nothing is broken: what liveness is measured by.</summary>
internal sealed record NetworkPromise
{
    public NetworkReach Reach { get; init; }

    /// <summary>The subnet that addresses are given from; null without DHCP.</summary>
    public IpPrefix? SubnetV4 { get; init; }

    /// <summary>The default router of IPv4; null if there is none.</summary>
    public IpAddress? GatewayV4 { get; init; }

    /// <summary>The prefix for addresses; null without router advertisements. It may change while faults last.</summary>
    public IpPrefix? PrefixV6 { get; init; }

    /// <summary>The default router of IPv6; null if there is none.</summary>
    public IpAddress? GatewayV6 { get; init; }
}
