using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>One service group of a provisioning file; what is null is left as it is.</summary>
/// <param name="File">The file's name without its suffix.</param>
/// <param name="Entry">The group's name without <c>service_</c>.</param>
public sealed record ProvisionedService(string File, string Entry)
{
    /// <summary>Matches the link with this address.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>Matches the link with this name; <see cref="Mac"/> wins.</summary>
    public string? DeviceName { get; init; }

    /// <summary>IPv4.</summary>
    public Ipv4Configuration? Ipv4 { get; init; }

    /// <summary>IPv6.</summary>
    public Ipv6Configuration? Ipv6 { get; init; }

    /// <summary>Privacy, where the method is not given.</summary>
    public Ipv6Privacy? Privacy { get; init; }

    /// <summary>Name servers.</summary>
    public ImmutableArray<IpAddress>? Nameservers { get; init; }

    /// <summary>Search domains.</summary>
    public ImmutableArray<string>? SearchDomains { get; init; }

    /// <summary>Time servers.</summary>
    public ImmutableArray<string>? Timeservers { get; init; }

    /// <summary>The domain name.</summary>
    public string? Domain { get; init; }

    /// <summary>Multicast DNS.</summary>
    public bool? MulticastDns { get; init; }

    /// <summary>True if the group is about this link.</summary>
    public bool Matches(LinkFacts link) =>
        Mac is { } mac ? mac == link.Mac : DeviceName is null || DeviceName == link.Name;

    /// <summary>A configuration with what this group says laid over it.</summary>
    public ServiceConfiguration Over(ServiceConfiguration below)
    {
        Ipv6Configuration ipv6 = Ipv6 ?? below.Ipv6;
        ImmutableArray<string> domains = SearchDomains ?? below.Domains;
        return below with
        {
            Favorite = true,
            Ipv4 = Ipv4 ?? below.Ipv4,
            Ipv6 = Privacy is { } privacy ? ipv6 with { Privacy = privacy } : ipv6,
            Nameservers = Nameservers ?? below.Nameservers,
            Domains = Domain is null || domains.Contains(Domain) ? domains : domains.Insert(0, Domain),
            Timeservers = Timeservers ?? below.Timeservers,
            MulticastDns = MulticastDns ?? below.MulticastDns,
        };
    }
}
