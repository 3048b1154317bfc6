using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Model;

namespace Spindle.Programs.Net;

/// <summary>Which addresses and routes may be ours, and no others: from what the bus shows of each service, and from what servers
/// gave its link.</summary>
/// <remarks>Not from the daemon's plan, which is what is held against it.</remarks>
internal sealed class Explanations(NetWorld world)
{
    /// <summary>The first service's IPv6 routes win over the kernel's own, which have 1024.</summary>
    private const uint FirstMetricV6 = 100;

    /// <summary>Those of the others are behind all that anybody else may set, each link's in its place.</summary>
    private const long MetricsPerLink = 1024;
    private const long OtherMetricMin = 1 << 20;

    private static readonly IpPrefix EverywhereV4 = new(IpAddress.AnyV4, 0);
    private static readonly IpPrefix EverywhereV6 = new(IpAddress.AnyV6, 0);

    /// <summary>Addresses by link.</summary>
    public HashSet<(int Link, IpPrefix Prefix)> Addresses { get; } = [];

    public HashSet<OwnRoute> Routes { get; } = [];

    public void Clear()
    {
        Addresses.Clear();
        Routes.Clear();
    }

    /// <summary>All that another one has, too.</summary>
    public void Add(Explanations other)
    {
        Addresses.UnionWith(other.Addresses);
        Routes.UnionWith(other.Routes);
    }

    /// <summary>What the services account for as they are now.</summary>
    public void Add(NetworkModel model)
    {
        bool hasFirst = false;
        foreach (Service service in model.Services)
        {
            AddManual(service);
            if (service.Ipv4State.IsConnected() && service.Shown.Ipv4 is { Address: { } own } shown)
            {
                bool isFirst = !hasFirst && shown.Gateway is not null;
                hasFirst |= isFirst;
                Addresses.Add((service.Link.Index, own));
                AddIpv4(service, own, shown, isFirst ? 0 : OtherMetric(service));
            }
        }

        AddIpv6(model);
    }

    // One that the user gave is set before it counts.
    private void AddManual(Service service)
    {
        if (IsInUse(service.Ipv4State) && service.Configuration.Ipv4 is { Method: Ipv4Method.Manual, Address: { } v4 })
        {
            Addresses.Add((service.Link.Index, v4));
        }

        if (IsInUse(service.Ipv6State) && service.Configuration.Ipv6 is { Method: Ipv6Method.Manual, Address: { } v6 })
        {
            Addresses.Add((service.Link.Index, v6));
        }
    }

    private void AddIpv4(Service service, IpPrefix own, AddressView shown, uint metric)
    {
        int link = service.Link.Index;
        if (shown.Method is "manual" or "fixed" && shown.Gateway is { } byHand)
        {
            AddIpv4(link, own, EverywhereV4, byHand, metric);
        }
        else if (shown.Method == "dhcp" && service.Lease is { } lease && world.PortOf(link) is { } port)
        {
            foreach (NetworkRoute route in lease.Routes)
            {
                if (port.Monitor.Dhcp.Routes.Has(route.Destination.Network, route.Gateway))
                {
                    AddIpv4(link, own, route.Destination.Network, route.Gateway, metric);
                }
            }
        }

        // The default route that others have does not lead to these.
        if (metric != 0 && shown.Gateway is { } gateway)
        {
            foreach (IpAddress server in service.Shown.Nameservers)
            {
                if (server.IsV4 && !own.Contains(server))
                {
                    AddIpv4(link, own, new IpPrefix(server, 32), gateway, metric);
                }
            }
        }
    }

    // The kernel takes a gateway that is not on the link only with a route to it.
    private void AddIpv4(int link, IpPrefix own, IpPrefix destination, IpAddress? gateway, uint metric)
    {
        Routes.Add(new OwnRoute(link, destination, gateway, metric, own.Address));
        if (gateway is { } router && !own.Contains(router))
        {
            Routes.Add(new OwnRoute(link, new IpPrefix(router, 32), null, metric, own.Address));
        }
    }

    // With one service and a router that advertises itself, the kernel's own default route is all that it takes.
    private void AddIpv6(NetworkModel model)
    {
        int count = 0;
        foreach (Service service in model.Services)
        {
            count += GatewayV6(service) is null ? 0 : 1;
        }

        bool isFirst = true;
        foreach (Service service in model.Services)
        {
            if (GatewayV6(service) is not { } gateway)
            {
                continue;
            }

            bool isByHand = service.Configuration.Ipv6.Method == Ipv6Method.Manual;
            if (isByHand || (isFirst && count > 1))
            {
                AddIpv6(service, gateway, isFirst ? FirstMetricV6 : OtherMetric(service));
            }

            isFirst = false;
        }
    }

    private void AddIpv6(Service service, IpAddress gateway, uint metric)
    {
        int link = service.Link.Index;
        Routes.Add(new OwnRoute(link, EverywhereV6, gateway, metric, null));
        bool isOnLink = gateway.IsLinkLocal
            || (service.Configuration.Ipv6 is { Method: Ipv6Method.Manual, Address: { } own } && own.Contains(gateway));
        if (!isOnLink)
        {
            Routes.Add(new OwnRoute(link, new IpPrefix(gateway, 128), null, metric, null));
        }
    }

    private static bool IsInUse(ServiceState state) => state == ServiceState.Configuration || state.IsConnected();

    private static IpAddress? GatewayV6(Service service) =>
        service.Ipv6State.IsConnected() && service.Shown.Ipv6 is { Gateway: { } gateway } ? gateway : null;

    private static uint OtherMetric(Service service) =>
        (uint)Math.Max(OtherMetricMin, uint.MaxValue - (service.Link.Index * MetricsPerLink));
}
