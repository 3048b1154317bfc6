using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>An address in effect, as users are shown it.</summary>
/// <param name="Method">The word on the bus.</param>
/// <param name="Address">The address; null while there is none.</param>
/// <param name="Gateway">The router.</param>
public sealed record AddressView(string Method, IpPrefix? Address, IpAddress? Gateway);

/// <summary>What is in effect for a service: computed from its configuration, its leases and its routers.</summary>
/// <param name="Ipv4">Null unless IPv4 is connected.</param>
/// <param name="Ipv6">Null unless IPv6 is connected.</param>
/// <param name="Nameservers">In the order in which they are asked.</param>
/// <param name="Timeservers">In the order in which they are asked.</param>
/// <param name="Domains">Search domains.</param>
/// <param name="ProxyMethod">The word on the bus; null: nothing is known.</param>
/// <param name="ProxyUrl">URL of a proxy configuration script.</param>
/// <param name="LinkName">The link's name.</param>
/// <param name="Mtu">The link's MTU, octets.</param>
public sealed record ServiceView(
    AddressView? Ipv4,
    AddressView? Ipv6,
    ImmutableArray<IpAddress> Nameservers,
    ImmutableArray<string> Timeservers,
    ImmutableArray<string> Domains,
    string? ProxyMethod,
    string? ProxyUrl,
    string LinkName,
    int Mtu)
{
    /// <summary>No DHCP server answered, and the address is one that we have made ourselves: then the method is shown as <c>auto</c>.</summary>
    public bool IsIpv4OwnMade { get; private init; }

    /// <summary>Whether the service has an address of its own from which to send to this one.</summary>
    public bool HasAddressFor(IpAddress destination) =>
        destination.IsV4 ? Ipv4?.Address is not null : destination.IsLinkLocal || Ipv6?.Address is not null;

    /// <summary>What is in effect now.</summary>
    internal static ServiceView Of(Service service, ModelConfiguration rules, ImmutableArray<string> globalTimeservers)
    {
        bool isV4 = service.Ipv4State.IsConnected();
        bool isV6 = service.Ipv6State.IsConnected();
        ServiceConfiguration told = service.Configuration;
        (string? proxy, string? url) = Proxy(service, isV4 || isV6);
        return new ServiceView(
            isV4 ? Ipv4Of(service) : null,
            isV6 ? Ipv6Of(service) : null,
            isV4 || isV6 ? Servers(service, isV4, isV6) : [],
            isV4 || isV6 ? Times(service, rules, globalTimeservers) : [],
            isV4 || isV6 ? (told.Domains.IsEmpty ? NetworkDomains(service, isV4, isV6) : told.Domains) : [],
            proxy,
            url,
            service.Link.Name,
            service.Link.Mtu)
        {
            IsIpv4OwnMade = told.Ipv4.Method == Ipv4Method.Dhcp && service.Lease is null && service.LinkLocal is not null,
        };
    }

    /// <summary>The differences to what was shown before.</summary>
    internal ServiceProperties ChangedSince(ServiceView before)
    {
        ServiceProperties changed = ServiceProperties.None;
        changed |= Ipv4 == before.Ipv4 ? 0 : ServiceProperties.Ipv4;
        changed |= IsIpv4OwnMade == before.IsIpv4OwnMade ? 0 : ServiceProperties.Ipv4Configuration;
        changed |= Ipv6 == before.Ipv6 ? 0 : ServiceProperties.Ipv6;
        changed |= Nameservers.IsSameAs(before.Nameservers) ? 0 : ServiceProperties.Nameservers;
        changed |= Timeservers.IsSameAs(before.Timeservers) ? 0 : ServiceProperties.Timeservers;
        changed |= Domains.IsSameAs(before.Domains) ? 0 : ServiceProperties.Domains;
        changed |= ProxyMethod == before.ProxyMethod && ProxyUrl == before.ProxyUrl ? 0 : ServiceProperties.Proxy;
        changed |= LinkName == before.LinkName && Mtu == before.Mtu ? 0 : ServiceProperties.Ethernet;
        return changed;
    }

    private static AddressView Ipv4Of(Service service)
    {
        string method = service.Provision?.Ipv4 is { Method: Ipv4Method.Manual } ? "fixed"
            : service.Configuration.Ipv4.Method switch
            {
                Ipv4Method.Off => "off",
                Ipv4Method.Manual => "manual",
                Ipv4Method.Dhcp => service.Lease is null && service.LinkLocal is not null ? "auto" : "dhcp",
            };
        return new AddressView(method, service.PlannedIpv4()?.Prefix, service.Gateway(IpFamily.V4));
    }

    private static AddressView Ipv6Of(Service service)
    {
        string method = service.Provision?.Ipv6 is { Method: Ipv6Method.Manual } ? "fixed"
            : service.Configuration.Ipv6.Method switch
            {
                Ipv6Method.Off => "off",
                Ipv6Method.Manual => "manual",
                Ipv6Method.Auto => "auto",
            };
        IpPrefix? address = service.PlannedIpv6()?.Prefix ?? service.Device.BestIpv6;
        return new AddressView(method, address, service.Gateway(IpFamily.V6));
    }

    private static ImmutableArray<IpAddress> Servers(Service service, bool isV4, bool isV6)
    {
        if (!service.Configuration.Nameservers.IsEmpty)
        {
            return service.Configuration.Nameservers;
        }

        List<IpAddress> servers = [];
        AddNew(servers, isV4 && service.Lease is not null ? service.Lease.Nameservers : []);
        AddNew(servers, isV6 && service.Router is not null ? service.Router.Nameservers : []);
        return [.. servers];
    }

    private static ImmutableArray<string> NetworkDomains(Service service, bool isV4, bool isV6)
    {
        List<string> domains = [];
        if (isV4 && service.Lease is { } lease)
        {
            AddNew(domains, lease.DomainName is null ? [] : [lease.DomainName]);
            AddNew(domains, lease.SearchDomains);
        }

        AddNew(domains, isV6 && service.Router is not null ? service.Router.SearchDomains : []);
        return [.. domains];
    }

    private static ImmutableArray<string> Times(
        Service service, ModelConfiguration rules, ImmutableArray<string> globalTimeservers)
    {
        List<string> servers = [];
        AddNew(servers, service.Configuration.Timeservers);
        AddNew(servers, service.Lease is null ? [] : service.Lease.Timeservers.Map(static s => s.ToString()));
        if (rules.GatewaysAreTimeservers)
        {
            AddNew(servers, service.Gateway(IpFamily.V4) is { } v4 ? [v4.ToString()] : []);
            AddNew(servers, service.Gateway(IpFamily.V6) is { } v6 ? [v6.ToString()] : []);
        }

        AddNew(servers, globalTimeservers);
        AddNew(servers, rules.FallbackTimeservers);
        return [.. servers];
    }

    private static (string? Method, string? Url) Proxy(Service service, bool isConnected)
    {
        ProxyConfiguration told = service.Configuration.Proxy;
        string? networkUrl = service.Lease?.ProxyUrl;
        return !isConnected ? (null, null) : told.Method switch
        {
            Model.ProxyMethod.Unset => networkUrl is null ? ("direct", null) : ("auto", networkUrl),
            Model.ProxyMethod.Direct => ("direct", null),
            Model.ProxyMethod.Auto => ("auto", told.Url ?? networkUrl),
            Model.ProxyMethod.Manual => ("manual", null),
        };
    }

    private static void AddNew<T>(List<T> list, ImmutableArray<T> more)
    {
        foreach (T item in more)
        {
            if (!list.Contains(item))
            {
                list.Add(item);
            }
        }
    }
}
