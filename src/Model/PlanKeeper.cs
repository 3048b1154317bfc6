using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Which addresses and routes shall be there, and the difference to what we had the kernel set.</summary>
internal sealed class PlanKeeper(ModelStore store)
{
    /// <summary>Below the kernel's own IPv6 default routes (1024), so that the first service wins.</summary>
    private const uint DefaultMetricV6 = 100;

    private readonly HashSet<RoutePlan> routes = [];
    private readonly HashSet<RoutePlan> wanted = [];
    private readonly HashSet<RoutePlan> doubtful = [];
    private readonly List<(int Link, IpPrefix Prefix)> adoptedAddresses = [];
    private readonly List<RoutePlan> adoptedRoutes = [];

    // What was planned last, and what is planned now: they change places with each step.
    private Dictionary<(int Link, IpPrefix Prefix), AddressPlan> addresses = [];
    private Dictionary<(int Link, IpPrefix Prefix), AddressPlan> wantedAddresses = [];
    private List<RoutePlan> settledRoutes = [];
    private List<RoutePlan> wantedRoutes = [];

    /// <summary>The routes are those of the last plan, and all surely there.</summary>
    private bool areRoutesSettled;

    /// <summary>Outputs what is missing, and what is too much: routes go before addresses and come after them.</summary>
    public void Settle()
    {
        TakeOverAdopted();
        CollectAddresses();
        CollectRoutes();
        DoubtRoutesFromGoingAddresses();
        bool areRoutesSame = areRoutesSettled && wantedRoutes.IsSameAs(settledRoutes);
        if (!areRoutesSame)
        {
            RemoveOtherRoutes();
        }

        foreach ((int link, IpPrefix prefix) in addresses.Keys)
        {
            if (!wantedAddresses.ContainsKey((link, prefix)))
            {
                store.Do(new ModelOutput.RemoveAddress(link, prefix));
            }
        }

        AddMissingAddresses();
        if (!areRoutesSame)
        {
            AddMissingRoutes();
        }

        (addresses, wantedAddresses) = (wantedAddresses, addresses);
        (settledRoutes, wantedRoutes) = (wantedRoutes, settledRoutes);
    }

    /// <summary>The kernel dropped all that was on a link that is gone.</summary>
    public void Forget(int linkIndex)
    {
        areRoutesSettled = false;
        routes.RemoveWhere(route => route.LinkIndex == linkIndex);
        adoptedRoutes.RemoveAll(route => route.LinkIndex == linkIndex);
        adoptedAddresses.RemoveAll(address => address.Link == linkIndex);
        foreach ((int link, IpPrefix prefix) in new List<(int, IpPrefix)>(addresses.Keys))
        {
            if (link == linkIndex)
            {
                addresses.Remove((link, prefix));
            }
        }
    }

    /// <summary>The kernel does not have this address any more: it is set again when it is wanted.</summary>
    public void Forget(int linkIndex, IpPrefix prefix)
    {
        adoptedAddresses.Remove((linkIndex, prefix));
        foreach (RoutePlan route in adoptedRoutes)
        {
            if (route.LinkIndex == linkIndex && route.Destination.Family == prefix.Family)
            {
                doubtful.Add(route);
            }
        }

        if (!addresses.Remove((linkIndex, prefix)))
        {
            return;
        }

        areRoutesSettled = false;

        // IPv4 routes name their source and go with it. IPv6 routes may or may not be there still.
        if (prefix.Family == IpFamily.V4)
        {
            routes.RemoveWhere(route => route.LinkIndex == linkIndex && route.Destination.Family == IpFamily.V4);
        }
        else
        {
            DoubtRoutes(route => route.LinkIndex == linkIndex && route.Destination.Family == IpFamily.V6);
        }
    }

    /// <summary>An address of ours from before a restart: stays until its service knows better.</summary>
    public void Adopt(int linkIndex, IpPrefix prefix) => adoptedAddresses.Add((linkIndex, prefix));

    /// <summary>A route of ours from before a restart.</summary>
    public void Adopt(RoutePlan route) => adoptedRoutes.Add(route);

    /// <summary>True if addresses of ours from before a restart are on the link.</summary>
    public bool HasAdopted(int linkIndex) => adoptedAddresses.Exists(address => address.Link == linkIndex);

    /// <summary>True if we had the kernel set this address.</summary>
    public bool Has(int linkIndex, IpPrefix prefix) => addresses.ContainsKey((linkIndex, prefix));

    // The kernel drops IPv4 routes with the last address that they name as their source, and the same address may be wanted with
    // another prefix length: it goes before it comes.
    private void DoubtRoutesFromGoingAddresses()
    {
        foreach ((int link, IpPrefix prefix) in addresses.Keys)
        {
            if (prefix.Family == IpFamily.V4 && !wantedAddresses.ContainsKey((link, prefix)))
            {
                DoubtRoutes(route => route.Source == prefix.Address);
            }
        }
    }

    private void DoubtRoutes(Predicate<RoutePlan> isDoubtful)
    {
        foreach (RoutePlan route in routes)
        {
            if (isDoubtful(route))
            {
                doubtful.Add(route);
                areRoutesSettled = false;
            }
        }
    }

    /// <summary>Once it is decided what becomes of a link, what an earlier run left on it is kept or removed by the plan.</summary>
    private void TakeOverAdopted()
    {
        if (adoptedAddresses.Count == 0 && adoptedRoutes.Count == 0)
        {
            return;
        }

        for (int i = adoptedAddresses.Count - 1; i >= 0; i--)
        {
            (int link, IpPrefix prefix) = adoptedAddresses[i];
            if (IsDecided(link, prefix.Family))
            {
                adoptedAddresses.RemoveAt(i);
                addresses.TryAdd((link, prefix), new AddressPlan(prefix, null, Instant.Zero));
            }
        }

        for (int i = adoptedRoutes.Count - 1; i >= 0; i--)
        {
            RoutePlan route = adoptedRoutes[i];
            if (IsDecided(route.LinkIndex, route.Destination.Family) || IsRival(route))
            {
                areRoutesSettled = false;
                routes.Add(adoptedRoutes[i]);
                adoptedRoutes.RemoveAt(i);
            }
        }
    }

    // A link without a service, unless one is on its way, needs nothing that an earlier run had there.
    private bool IsDecided(int link, IpFamily family) => store.ServiceOn(link) is { } service
        ? !service.State.IsConnecting() && !service.StateOf(family).IsConnecting()
        : store.IsKernelKnown && store.Devices.GetValueOrDefault(link)?.IsLoading != true;

    // The default route is the first service's: one of an earlier run stays only while nobody is connected.
    private bool IsRival(RoutePlan adopted)
    {
        IpFamily family = adopted.Destination.Family;
        if (adopted.Destination.Length != 0 || adopted.Metric > (family == IpFamily.V4 ? 0 : DefaultMetricV6))
        {
            return false;
        }

        Service? first = store.Services.Find(service => service.StateOf(family).IsConnected() && service.Gateway(family) is not null);
        return first is not null && first.Link.Index != adopted.LinkIndex;
    }

    private void RemoveOtherRoutes()
    {
        wanted.Clear();
        wanted.UnionWith(wantedRoutes);
        foreach (RoutePlan route in routes)
        {
            if (!wanted.Contains(route))
            {
                store.Do(new ModelOutput.RemoveRoute(route));
            }
        }
    }

    private void AddMissingAddresses()
    {
        foreach (((int link, IpPrefix prefix), AddressPlan plan) in wantedAddresses)
        {
            if (!addresses.TryGetValue((link, prefix), out AddressPlan had) || had != plan)
            {
                store.Do(new ModelOutput.AddAddress(link, plan));
            }
        }
    }

    private void AddMissingRoutes()
    {
        foreach (RoutePlan route in wantedRoutes)
        {
            if (!routes.Contains(route) || doubtful.Contains(route))
            {
                store.Do(new ModelOutput.AddRoute(route));
            }
        }

        doubtful.IntersectWith(adoptedRoutes); // those of an earlier run are doubted until they are taken over
        routes.Clear();
        routes.UnionWith(wantedRoutes);
        areRoutesSettled = true;
    }

    private void CollectAddresses()
    {
        wantedAddresses.Clear();
        foreach (Service service in store.Services)
        {
            foreach (AddressPlan? plan in (ReadOnlySpan<AddressPlan?>)[service.PlannedIpv4(), service.PlannedIpv6()])
            {
                if (plan is { } address)
                {
                    wantedAddresses[(service.Link.Index, address.Prefix)] = address;
                }
            }
        }
    }

    private void CollectRoutes()
    {
        wantedRoutes.Clear();
        bool hasDefault = false;
        foreach (Service service in store.Services)
        {
            if (service.Ipv4State.IsConnected() && service.PlannedIpv4() is { } plan)
            {
                bool isDefault = !hasDefault && service.Gateway(IpFamily.V4) is not null;
                hasDefault |= isDefault;
                AddIpv4(wantedRoutes, service, plan.Prefix, isDefault ? 0 : OtherMetric(service));
            }
        }

        AddIpv6(wantedRoutes);
    }

    private static uint OtherMetric(Service service) =>
        (uint)Math.Max(1L << 20, uint.MaxValue - ((long)service.Link.Index * 1024));

    private static void AddIpv4(List<RoutePlan> wanted, Service service, IpPrefix own, uint metric)
    {
        int link = service.Link.Index;
        void Add(NetworkRoute route)
        {
            // A gateway outside our network is reached by a route of its own first.
            if (route.Gateway is { } gateway && !own.Contains(gateway))
            {
                AddOnce(wanted, new RoutePlan(link, new IpPrefix(gateway, 32), null, metric, own.Address));
            }

            AddOnce(wanted, new RoutePlan(link, route.Destination.Network, route.Gateway, metric, own.Address));
        }

        if (service.Configuration.Ipv4.Method == Ipv4Method.Manual)
        {
            if (service.Configuration.Ipv4.Gateway is { } gateway)
            {
                Add(new NetworkRoute(new IpPrefix(IpAddress.AnyV4, 0), gateway));
            }
        }
        else if (service.Lease is { } lease)
        {
            foreach (NetworkRoute route in lease.Routes)
            {
                Add(route);
            }
        }

        // Name servers of a service that has not the default route are reached over its own link all the same.
        foreach (IpAddress server in metric == 0 ? [] : service.Shown.Nameservers)
        {
            if (server.IsV4 && !own.Contains(server) && service.Gateway(IpFamily.V4) is { } gateway)
            {
                Add(new NetworkRoute(new IpPrefix(server, 32), gateway));
            }
        }
    }

    private void AddIpv6(List<RoutePlan> wanted)
    {
        Service? first = null;
        int count = 0;
        foreach (Service service in store.Services)
        {
            if (service.Ipv6State.IsConnected() && service.Gateway(IpFamily.V6) is { } gateway)
            {
                count++;
                first ??= service;
                if (service.Configuration.Ipv6.Method == Ipv6Method.Manual && service != first)
                {
                    AddDefaultIpv6(wanted, service, gateway, OtherMetric(service));
                }
            }
        }

        // One service alone has the kernel's own default route, with the lifetime that its router gave.
        if (first is not null && (count > 1 || first.Configuration.Ipv6.Method == Ipv6Method.Manual))
        {
            AddDefaultIpv6(wanted, first, first.Gateway(IpFamily.V6)!.Value, DefaultMetricV6);
        }
    }

    private static void AddDefaultIpv6(List<RoutePlan> wanted, Service service, IpAddress gateway, uint metric)
    {
        int link = service.Link.Index;
        if (!gateway.IsLinkLocal && service.PlannedIpv6()?.Prefix.Contains(gateway) != true)
        {
            AddOnce(wanted, new RoutePlan(link, new IpPrefix(gateway, 128), null, metric, null));
        }

        AddOnce(wanted, new RoutePlan(link, new IpPrefix(IpAddress.AnyV6, 0), gateway, metric, null));
    }

    private static void AddOnce(List<RoutePlan> wanted, RoutePlan route)
    {
        if (!wanted.Contains(route))
        {
            wanted.Add(route);
        }
    }
}
