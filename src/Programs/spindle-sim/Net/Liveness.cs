using System;
using Spindle.Basics;
using Spindle.Model;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Network;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>Once nothing goes wrong any more: the user wants everything as it comes, and a network that works must work.</summary>
internal sealed class Liveness(NetWorld world, SimulatedBus bus, BusUser user, Action<string, string> violated)
{
    /// <summary>A daemon that was down is up by then, and knows its services.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    /// <summary>The longest attempt is 120 s; a server that was silent is asked again within 64 s; checks come 144 s apart at most.</summary>
    private static readonly TimeSpan Recovered = TimeSpan.FromMinutes(15);

    /// <summary>Lets the user restore everything once the daemon is there.</summary>
    /// <returns>When all must be well.</returns>
    public Instant Restore()
    {
        world.Clock.Set(world.Clock.Now + Settled, user.Restore);
        world.Clock.Set(world.Clock.Now + Settled + Settled, user.Restore);
        return world.Clock.Now + Settled + Settled + Recovered;
    }

    /// <summary>All links have what their networks promise.</summary>
    public void Check(DaemonLife life)
    {
        if (!bus.IsOwned)
        {
            violated("a calm world has a daemon on the bus", "nobody owns net.connman");
        }

        foreach (WorldPort port in world.Ports)
        {
            NetworkPromise promise = world.SiteOf(port).Promise;
            ServiceState? state = StateOn(life.Daemon.Model, port);
            bool isGood = promise.Reach >= NetworkReach.Ready
                ? state is ServiceState.Ready or ServiceState.Online
                : state is not null;
            if (!isGood)
            {
                violated("a network that works is used", $"{port.Name} in {world.SiteOf(port).Name} ({world.SiteOf(port).Kind}) is {state}");
            }
        }

        CheckFirst(life.Daemon.Model);
    }

    private void CheckFirst(NetworkModel model)
    {
        foreach (WorldPort port in world.Ports)
        {
            if (model.Services.Count > 0 && model.Services[0].Link.Index == port.Link?.Index
                && world.SiteOf(port).Promise.Reach == NetworkReach.Online && model.State != "online"
                && !IsMisled(port))
            {
                violated("a network that works is online", $"{port.Name} in {world.SiteOf(port).Name} ({world.SiteOf(port).Kind}) is {model.State}: {Text(model.Services[0])}");
            }
        }
    }

    /// <summary>An attacker can announce a prefix for ever, in the router's own name, and the kernel does what it says (seen on Linux 6.18):
    /// it prefers the newest of addresses that are as good, and answers to it go nowhere; and a network on the link goes before the default
    /// router, be it half of all addresses. Or it announces itself, for ever too, and answers whoever asks whether it is there. What the kernel
    /// has made of it the daemon leaves there: only IPv4 would help.</summary>
    private bool IsMisled(WorldPort port)
    {
        NetworkSite site = world.SiteOf(port);
        NetworkStack network = world.Machine.Network;
        RouteQuery query = new(NetworkFactory.StatusPageV6) { OutputLink = port.Link }; // as the check asks
        if (site.Promise.SubnetV4 is not null || site.Routers.Count == 0 || !network.FindRoute(query, out RouteChoice choice, out _))
        {
            return false;
        }

        bool isFalse = choice.Gateway is { } gateway && !site.Routers.Exists(router => router.Address == gateway)
            && network.Neighbors.Find(choice.Link, gateway) is { IsValid: true };
        return isFalse
            || !Advertises(site, prefix => prefix.Contains(choice.PreferredSource))
            || (network.Chooser.TryFind(query, RouteScope.Universe, out Route? route, out _)
                && route is { IsAdvertised: true, Gateway: null }
                && !Advertises(site, prefix => prefix == route.Destination));
    }

    private static bool Advertises(NetworkSite site, Func<IpPrefix, bool> isIt)
    {
        foreach (RouterAdvertiser router in site.Routers)
        {
            foreach (AdvertisedPrefix advertised in router.Settings.Prefixes)
            {
                if (isIt(advertised.Prefix.Network))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static string Text(Service service) =>
        $"IPv4 {service.Ipv4State}, IPv6 {service.Ipv6State}, error {service.Error}, gateway {service.Gateway(IpFamily.V6)}, name servers {string.Join(' ', service.Shown.Nameservers)}";

    private static ServiceState? StateOn(NetworkModel model, WorldPort port)
    {
        foreach (Service service in model.Services)
        {
            if (service.Link.Index == port.Link?.Index)
            {
                return service.State;
            }
        }

        return null;
    }
}
