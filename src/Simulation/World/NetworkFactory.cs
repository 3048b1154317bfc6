using System;
using System.Globalization;
using Spindle.Basics;
using Spindle.Simulation.Actors;
using Spindle.Simulation.Actors.Dhcp;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Names;
using Spindle.Simulation.Actors.Rivals;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Actors.Web;

namespace Spindle.Simulation.World;

/// <summary>Builds networks, their details drawn from choices.</summary>
internal static class NetworkFactory
{
    /// <summary>Where the status pages are, by the names of main.conf's defaults.</summary>
    public static readonly IpAddress StatusPageV4 = IpAddress.Parse("198.51.100.80");

    public static readonly IpAddress StatusPageV6 = IpAddress.Parse("2001:db8:ffff::80");

    private const string StatusNameV4 = "ipv4.connman.net";
    private const string StatusNameV6 = "ipv6.connman.net";

    /// <summary>A network of any kind.</summary>
    public static NetworkSite Draw(ActorContext context, string name, byte number)
    {
        Choices choices = context.Choices.Fork(name + " kind");
        int kind = choices.PickWeighted([30, 15, 5, 10, 10, 10, 8, 5, 4, 3]);
        return Build(context, name, (NetworkKind)kind, number);
    }

    /// <summary>A network.</summary>
    /// <param name="context">The world.</param>
    /// <param name="name">Its name in traces; two networks have two names.</param>
    /// <param name="kind">Which.</param>
    /// <param name="number">From 1 to 250; two networks with different numbers share no address.</param>
    public static NetworkSite Build(ActorContext context, string name, NetworkKind kind, byte number)
    {
        NetworkSite site = new(context.Fork(name), name, kind);
        switch (kind)
        {
            case NetworkKind.Home:
            case NetworkKind.TwoServers:
            case NetworkKind.Liar:
            case NetworkKind.Hotel:
            case NetworkKind.NoInternet:
                AddRouter(site, number, hasV4: true, hasV6: site.Context.Choices.Chance(800_000) || kind == NetworkKind.Home);
                break;
            case NetworkKind.HomeWithoutIpv6:
                AddRouter(site, number, hasV4: true, hasV6: false);
                break;
            case NetworkKind.Ipv6Only:
                AddRouter(site, number, hasV4: false, hasV6: true);
                break;
            case NetworkKind.Corporate:
                AddCorporate(site, number);
                break;
            case NetworkKind.LinkLocalOnly:
                AddPeers(site);
                break;
            case NetworkKind.Dead:
                break;
        }

        AddSpecialities(site, number);
        AddRivals(site);
        return site;
    }

    private static void AddRouter(NetworkSite site, byte number, bool hasV4, bool hasV6)
    {
        string net = number.ToString(CultureInfo.InvariantCulture);
        ActorHost router = site.AddHost("router");
        site.Cloud = new Cloud(site.Context.Fork("cloud"), router) { Latency = site.Context.Choices.Between(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(80)) };
        IpAddress ours = IpAddress.Parse($"192.168.{net}.1");
        if (hasV4)
        {
            router.AddAddress(new(ours, 24));
            DhcpPool pool = new(IpPrefix.Parse($"192.168.{net}.0/24"), IpAddress.Parse($"192.168.{net}.100"), 64);
            site.DhcpServers.Add(new DhcpServer(router, ours, pool, DrawSettings(site) with { Routers = [ours], NameServers = [ours] }));
        }

        AddNames(site, router.Ip);
        AddInternet(site);
        if (hasV6)
        {
            AddAdvertiser(site, router, number);
        }

        site.Promise = site.Promise with
        {
            Reach = NetworkReach.Online,
            SubnetV4 = hasV4 ? IpPrefix.Parse($"192.168.{net}.0/24") : null,
            GatewayV4 = hasV4 ? ours : null,
        };
    }

    private static void AddAdvertiser(NetworkSite site, ActorHost router, byte number)
    {
        IpPrefix prefix = IpPrefix.Parse($"2001:db8:{number:x}::/64");
        IpAddress ours = IpAddress.FromV6(prefix.Address.ToBits() + 1);
        router.AddAddress(new(ours, 64));
        Choices choices = site.Context.Choices;
        TimeSpan interval = choices.Magnitude(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(600));
        site.Routers.Add(new RouterAdvertiser(router, new RouterSettings
        {
            IntervalMax = interval,
            IntervalMin = interval / 3,
            LifetimeSeconds = (ushort)(interval.TotalSeconds * 3),
            Prefixes = [new(prefix)],
            DnsServers = [ours],
            DnsSeconds = (uint)(interval.TotalSeconds * 3),
            SearchDomains = choices.Chance(300_000) ? ["home.example"] : [],
            HasOtherConfiguration = choices.Chance(200_000),
            Mtu = choices.Chance(200_000) ? 1480u : 0,
        }));
        site.Promise = site.Promise with { PrefixV6 = prefix, GatewayV6 = router.LinkLocal };
    }

    private static void AddCorporate(NetworkSite site, byte number)
    {
        string net = number.ToString(CultureInfo.InvariantCulture);
        ActorHost router = site.AddHost("router", $"10.{net}.0.1/22");
        site.Cloud = new Cloud(site.Context.Fork("cloud"), router) { Latency = TimeSpan.FromMilliseconds(3) };
        IpStack far = site.Cloud.AddHost(site.Name + " far", IpAddress.Parse("10.255.0.1"), IpAddress.Parse("10.255.0.2"));
        IpAddress gateway = IpAddress.Parse($"10.{net}.0.1");
        DhcpPool pool = new(IpPrefix.Parse($"10.{net}.0.0/22"), IpAddress.Parse($"10.{net}.1.0"), 500);
        byte third = number;
        site.DhcpServers.Add(new DhcpServer(router, IpAddress.Parse("10.255.0.1"), pool, DrawSettings(site) with
        {
            Routers = [gateway],
            NameServers = [IpAddress.Parse("10.255.0.1"), IpAddress.Parse("10.255.0.2")],
            DomainName = "corp.example",
            ClasslessRoutes = [8, 10, 10, third, 0, 1, 0, 10, third, 0, 1],
        }, far));
        AddNames(site, far);
        AddInternet(site);
        site.Promise = new()
        {
            Reach = NetworkReach.Online,
            SubnetV4 = IpPrefix.Parse($"10.{net}.0.0/22"),
            GatewayV4 = gateway,
        };
    }

    private static void AddInternet(NetworkSite site)
    {
        IpStack pages = site.Cloud!.AddHost(site.Name + " pages", StatusPageV4, StatusPageV6);
        site.Sites.Add(new WebSite(pages, new WebSettings()));
    }

    private static void AddNames(NetworkSite site, IpStack stack)
    {
        DnsService names = new(stack, new DnsSettings());
        names.Add(StatusNameV4, StatusPageV4);
        names.Add(StatusNameV6, StatusPageV6);
        site.NameServers.Add(names);
    }

    private static void AddPeers(NetworkSite site)
    {
        int count = site.Context.Choices.Between(1, 4);
        for (int i = 0; i < count; i++)
        {
            uint host = 0xA9FE_0100 + site.Context.Choices.NextBelow(0xFE00);
            site.AddHost($"peer{i}").AddAddress(new(IpAddress.FromV4(host), 16));
        }
    }

    private static void AddSpecialities(NetworkSite site, byte number)
    {
        string net = number.ToString(CultureInfo.InvariantCulture);
        switch (site.Kind)
        {
            case NetworkKind.TwoServers:
            case NetworkKind.Liar:
                ActorHost second = site.AddHost("second", $"192.168.{net}.2/24");
                IpAddress ours = IpAddress.Parse($"192.168.{net}.2");
                DhcpPool pool = new(IpPrefix.Parse($"192.168.{net}.0/24"), IpAddress.Parse($"192.168.{net}.200"), 32);
                DhcpServerSettings settings = DrawSettings(site) with
                {
                    Routers = [site.Promise.GatewayV4!.Value],
                    NameServers = [site.Promise.GatewayV4!.Value],
                    IsAuthoritative = false,
                    Lie = site.Kind == NetworkKind.Liar ? DrawHardLie(site.Context.Choices) : DhcpLie.None,
                };
                site.DhcpServers.Add(new DhcpServer(second, ours, pool, settings));
                break;
            case NetworkKind.Hotel:
                site.Portal = new PortalGate(site.Hosts[0], site.Cloud!, new WebSettings
                {
                    Mood = site.Context.Choices.Pick<WebMood>([WebMood.Redirect, WebMood.PortalPage, WebMood.LoginRequired]),
                });
                site.Promise = site.Promise with { Reach = NetworkReach.Portal };
                break;
            case NetworkKind.NoInternet:
                site.Cloud!.IsUp = false;
                site.Cloud.SaysUnreachable = site.Context.Choices.Chance(500_000);
                site.Promise = site.Promise with { Reach = NetworkReach.Ready };
                break;
        }
    }

    private static DhcpLie DrawHardLie(Choices choices) =>
        (DhcpLie)choices.Between((int)DhcpLie.WrongTransaction, (int)DhcpLie.BadSubnetMask);

    private static void AddRivals(NetworkSite site)
    {
        if (site.Kind == NetworkKind.Dead)
        {
            return;
        }

        site.Rival = new AddressRival(site.AddHost("rival"));
        site.NeighborRival = new NeighborRival(site.AddHost("twin"));
        site.Attacker = new Attacker(site.AddHost("attacker"));
    }

    /// <summary>A good server's settings: leases from a minute to a day, options as servers differ in them.</summary>
    private static DhcpServerSettings DrawSettings(NetworkSite site)
    {
        Choices choices = site.Context.Choices.Fork("dhcp settings");
        TimeSpan lease = TimeSpan.FromSeconds(Math.Round(choices.Magnitude(TimeSpan.FromSeconds(60), TimeSpan.FromDays(1)).TotalSeconds));
        bool saysTimes = choices.Chance(500_000);
        return new DhcpServerSettings
        {
            LeaseTime = lease,
            RenewalTime = saysTimes ? lease / 2 : null,
            RebindingTime = saysTimes ? lease / 8 * 7 : null,
            DoesRapidCommit = choices.Chance(200_000),
            IsAuthoritative = choices.Chance(700_000),
            EchoesClientIdentifier = choices.Chance(500_000),
            ProbesAddresses = choices.Chance(300_000),
            DelayMax = choices.Magnitude(TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(1)),
            DomainName = choices.Chance(500_000) ? "lan.example" : null,
            Lie = choices.Chance(200_000) ? (DhcpLie)choices.Between(1, (int)DhcpLie.TinyMessage) : DhcpLie.None,
        };
    }
}
