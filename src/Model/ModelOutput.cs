using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Something to be done, or to be told to those who watch.</summary>
public abstract record ModelOutput
{
    /// <summary>Read a service's settings; answer with <see cref="ModelInput.ServiceLoaded"/>.</summary>
    public sealed record LoadService(string Ident) : ModelOutput;

    /// <summary>Store a service's settings.</summary>
    public sealed record SaveService(Service Service) : ModelOutput;

    /// <summary>Store what is switched on.</summary>
    public sealed record SaveTechnology(bool IsEthernetEnabled, bool IsOffline) : ModelOutput;

    /// <summary>Switch a link on or off.</summary>
    public sealed record SetLinkUp(int LinkIndex, bool IsUp) : ModelOutput;

    /// <summary>Set a link's MTU.</summary>
    public sealed record SetMtu(int LinkIndex, int Mtu) : ModelOutput;

    /// <summary>Ask for a lease, first for the address that was had before.</summary>
    public sealed record StartDhcp(int LinkIndex, string Ident, IpAddress? Remembered) : ModelOutput;

    /// <summary>Stop asking; give the lease back if <paramref name="Release"/>.</summary>
    public sealed record StopDhcp(int LinkIndex, bool Release) : ModelOutput;

    /// <summary>Claim a link-local address.</summary>
    public sealed record StartLinkLocal(int LinkIndex) : ModelOutput;

    /// <summary>Give the link-local address up.</summary>
    public sealed record StopLinkLocal(int LinkIndex) : ModelOutput;

    /// <summary>Listen to routers, and ask them.</summary>
    public sealed record StartRouterDiscovery(int LinkIndex) : ModelOutput;

    /// <summary>Stop listening.</summary>
    public sealed record StopRouterDiscovery(int LinkIndex) : ModelOutput;

    /// <summary>Tell the kernel how a link does IPv6.</summary>
    public sealed record SetIpv6(int LinkIndex, string Name, Ipv6Method Method, Ipv6Privacy Privacy) : ModelOutput;

    /// <summary>Set an address, or its lifetime.</summary>
    public sealed record AddAddress(int LinkIndex, AddressPlan Plan) : ModelOutput;

    /// <summary>Remove an address of ours.</summary>
    public sealed record RemoveAddress(int LinkIndex, IpPrefix Prefix) : ModelOutput;

    /// <summary>Set a route.</summary>
    public sealed record AddRoute(RoutePlan Plan) : ModelOutput;

    /// <summary>Remove a route of ours.</summary>
    public sealed record RemoveRoute(RoutePlan Plan) : ModelOutput;

    /// <summary>The name servers and search domains of the machine.</summary>
    public sealed record SetResolvers(ImmutableArray<ResolverPlan> Servers, ImmutableArray<string> Domains) : ModelOutput;

    /// <summary>The machine's host name.</summary>
    public sealed record SetHostName(string Name) : ModelOutput;

    /// <summary>The machine's domain name.</summary>
    public sealed record SetDomainName(string Name) : ModelOutput;

    /// <summary>Check whether the Internet is there.</summary>
    public sealed record StartOnlineCheck(Service Service, IpFamily Family) : ModelOutput;

    /// <summary>Stop checking.</summary>
    public sealed record StopOnlineCheck(string Ident, IpFamily Family) : ModelOutput;

    /// <summary>The answer to a request.</summary>
    public sealed record Reply(int Ticket, ModelError Error) : ModelOutput;

    /// <summary>Tell the user's agent of a failure.</summary>
    public sealed record ReportError(Service Service, string Error) : ModelOutput;

    /// <summary>A service is there.</summary>
    public sealed record ServiceAdded(Service Service) : ModelOutput;

    /// <summary>A service is gone.</summary>
    public sealed record ServiceRemoved(string Ident) : ModelOutput;

    /// <summary>Something of a service changed; <paramref name="State"/> is what its state was then.</summary>
    public sealed record ServiceChanged(Service Service, ServiceProperties Changed, ServiceState State) : ModelOutput;

    /// <summary>Services stand in another order.</summary>
    public sealed record ServicesReordered : ModelOutput;

    /// <summary>The Manager's state.</summary>
    public sealed record StateChanged(string State) : ModelOutput;

    /// <summary>The flight mode changed.</summary>
    public sealed record OfflineModeChanged(bool IsOn) : ModelOutput;

    /// <summary>A technology is there.</summary>
    public sealed record TechnologyAdded(Technology Technology) : ModelOutput;

    /// <summary>A technology is gone.</summary>
    public sealed record TechnologyRemoved(Technology Technology) : ModelOutput;

    /// <summary>A technology was switched on or off.</summary>
    public sealed record TechnologyPowered(Technology Technology, bool IsOn) : ModelOutput;

    /// <summary>A technology got its first connection, or lost its last.</summary>
    public sealed record TechnologyConnected(Technology Technology, bool IsConnected) : ModelOutput;

    /// <summary>A line for the log: why a link is left alone, which state came after which.</summary>
    public sealed record Say(string Text) : ModelOutput;
}

/// <summary>An address that shall be on a link.</summary>
/// <param name="Prefix">The address and its network's length.</param>
/// <param name="Broadcast">Broadcast address; null: none.</param>
/// <param name="ValidUntil">When it ends; <see cref="Instant.Never"/>: it stays.</param>
public readonly record struct AddressPlan(IpPrefix Prefix, IpAddress? Broadcast, Instant ValidUntil);

/// <summary>A route that shall be there.</summary>
/// <param name="LinkIndex">Over which link.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Gateway">Through whom; null: on the link.</param>
/// <param name="Metric">Lower is preferred; 0: the family's default.</param>
/// <param name="Source">Preferred source address; null: the kernel chooses.</param>
public readonly record struct RoutePlan(
    int LinkIndex, IpPrefix Destination, IpAddress? Gateway, uint Metric, IpAddress? Source);

/// <summary>A name server, and the link that leads there.</summary>
/// <param name="Server">Its address.</param>
/// <param name="LinkIndex">The link; 0: any.</param>
/// <param name="LinkName">The link's name; empty: any.</param>
public readonly record struct ResolverPlan(IpAddress Server, int LinkIndex, string LinkName);
