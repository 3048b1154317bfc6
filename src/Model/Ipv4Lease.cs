using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>A route that a network asks its hosts to have.</summary>
/// <param name="Destination">Where to.</param>
/// <param name="Gateway">Through whom; null: on the link itself.</param>
public readonly record struct NetworkRoute(IpPrefix Destination, IpAddress? Gateway);

/// <summary>What a DHCP server gave.</summary>
/// <param name="Address">The address and its network's length.</param>
public sealed record Ipv4Lease(IpPrefix Address)
{
    /// <summary>Broadcast address; null: as the prefix says.</summary>
    public IpAddress? Broadcast { get; init; }

    /// <summary>Routes, the default ones included.</summary>
    public ImmutableArray<NetworkRoute> Routes { get; init; } = [];

    /// <summary>Name servers.</summary>
    public ImmutableArray<IpAddress> Nameservers { get; init; } = [];

    /// <summary>Time servers.</summary>
    public ImmutableArray<IpAddress> Timeservers { get; init; } = [];

    /// <summary>The domain.</summary>
    public string? DomainName { get; init; }

    /// <summary>Search domains.</summary>
    public ImmutableArray<string> SearchDomains { get; init; } = [];

    /// <summary>A host name for us.</summary>
    public string? HostName { get; init; }

    /// <summary>Octets in a packet; null: as the link says.</summary>
    public int? Mtu { get; init; }

    /// <summary>URL of a proxy configuration script.</summary>
    public string? ProxyUrl { get; init; }

    /// <summary>When it ends; <see cref="Instant.Never"/> for an infinite one.</summary>
    public Instant ValidUntil { get; init; } = Instant.Never;

    /// <summary>The first router among the routes.</summary>
    public IpAddress? Gateway
    {
        get
        {
            foreach (NetworkRoute route in Routes)
            {
                if (route.Destination.Length == 0 && route.Gateway is not null)
                {
                    return route.Gateway;
                }
            }

            return null;
        }
    }
}

/// <summary>What router advertisements say.</summary>
/// <param name="Router">The default router's link-local address; null: none.</param>
/// <param name="Nameservers">RDNSS (RFC 8106).</param>
/// <param name="SearchDomains">DNSSL.</param>
/// <param name="IsManaged">The M flag: addresses by DHCPv6.</param>
/// <param name="HasOtherConfiguration">The O flag: other things by DHCPv6.</param>
public sealed record RouterFacts(
    IpAddress? Router,
    ImmutableArray<IpAddress> Nameservers,
    ImmutableArray<string> SearchDomains,
    bool IsManaged,
    bool HasOtherConfiguration);
