using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>What a service is told about IPv4.</summary>
/// <param name="Method">How.</param>
/// <param name="Address">For the manual method.</param>
/// <param name="Gateway">For the manual method; null: none.</param>
public sealed record Ipv4Configuration(Ipv4Method Method, IpPrefix? Address = null, IpAddress? Gateway = null);

/// <summary>What a service is told about IPv6.</summary>
/// <param name="Method">How.</param>
/// <param name="Privacy">Temporary addresses.</param>
/// <param name="Address">For the manual method.</param>
/// <param name="Gateway">For the manual method; null: none.</param>
public sealed record Ipv6Configuration(
    Ipv6Method Method,
    Ipv6Privacy Privacy = Ipv6Privacy.Disabled,
    IpPrefix? Address = null,
    IpAddress? Gateway = null);

/// <summary>What a service is told about HTTP proxies.</summary>
/// <param name="Method">How.</param>
/// <param name="Url">Of a configuration script.</param>
/// <param name="Servers">For the manual method.</param>
/// <param name="Excludes">Hosts that are reached without a proxy.</param>
public sealed record ProxyConfiguration(
    ProxyMethod Method,
    string? Url,
    ImmutableArray<string> Servers,
    ImmutableArray<string> Excludes)
{
    /// <summary>Nothing said.</summary>
    public static ProxyConfiguration Unset { get; } = new(ProxyMethod.Unset, null, [], []);
}

/// <summary>Everything that is stored for a service.</summary>
public sealed record ServiceConfiguration
{
    /// <summary>Connects by itself.</summary>
    public bool AutoConnect { get; init; } = true;

    /// <summary>Chosen by the user once, or of a technology that always is.</summary>
    public bool Favorite { get; init; } = true;

    /// <summary>IPv4.</summary>
    public Ipv4Configuration Ipv4 { get; init; } = new(Ipv4Method.Dhcp);

    /// <summary>IPv6.</summary>
    public Ipv6Configuration Ipv6 { get; init; } = new(Ipv6Method.Auto);

    /// <summary>Replaces the network's name servers, if not empty.</summary>
    public ImmutableArray<IpAddress> Nameservers { get; init; } = [];

    /// <summary>Come before the network's time servers.</summary>
    public ImmutableArray<string> Timeservers { get; init; } = [];

    /// <summary>Replaces the network's search domains, if not empty.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>HTTP proxies.</summary>
    public ProxyConfiguration Proxy { get; init; } = ProxyConfiguration.Unset;

    /// <summary>Multicast DNS is wanted.</summary>
    public bool MulticastDns { get; init; }

    /// <summary>The last address that a DHCP server gave: asked for first.</summary>
    public IpAddress? LastAddress { get; init; }
}
