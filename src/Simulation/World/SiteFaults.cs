using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Dhcp;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Names;
using Spindle.Simulation.Actors.Rivals;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Actors.Web;

namespace Spindle.Simulation.World;

/// <summary>What can go wrong in a <see cref="NetworkSite"/>.</summary>
internal static class SiteFaults
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hours = TimeSpan.FromHours(6);
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(20);

    /// <summary>Adds them all.</summary>
    public static void AddTo(FaultMenu menu, NetworkSite site)
    {
        foreach (DhcpServer server in site.DhcpServers)
        {
            AddDhcp(menu, server);
        }

        foreach (RouterAdvertiser router in site.Routers)
        {
            AddRouter(menu, router);
        }

        foreach (DnsService names in site.NameServers)
        {
            AddNames(menu, names);
        }

        foreach (WebSite pages in site.Sites)
        {
            WebSettings good = pages.Settings;
            menu.Add(pages.Name + " is in another mood", Shortest, Hours,
                choices => pages.Settings = good with { Mood = (WebMood)choices.Between(0, (int)WebMood.TwoLengths) }, () => pages.Settings = good);
        }

        AddCloud(menu, site);
        AddRivals(menu, site);
    }

    private static void AddDhcp(FaultMenu menu, DhcpServer server)
    {
        DhcpServerSettings good = server.Settings;
        void Change(string what, Func<Choices, DhcpServerSettings> next, uint weight = 10) =>
            menu.Add($"{server.Name} {what}", Shortest, Hours, choices => server.Settings = next(choices), () => server.Settings = good, weight);

        Change("is silent", _ => good with { IsSilent = true }, 20);
        Change("is slow", choices => good with { DelayMin = TimeSpan.FromMilliseconds(200), DelayMax = choices.Magnitude(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)) });
        Change("hears badly", choices => good with { SilencePerMillion = choices.NextBelow(900_000), RepeatPerMillion = choices.NextBelow(300_000) });
        Change("lies", choices => good with { Lie = DhcpLies.Draw(choices), LiePerMillion = choices.Pick<uint>([300_000, 1_000_000]) }, 20);
        Change("refuses", _ => good with { RefusesAll = true });
        Change("renews otherwise", choices => good with { Renewal = (DhcpRenewalPolicy)choices.Between(1, (int)DhcpRenewalPolicy.AcknowledgeAnother) }, 20);
        Change("gives short leases", choices => good with
        {
            LeaseTime = TimeSpan.FromSeconds(choices.Between(1, 120)),
            RenewalTime = null,
            RebindingTime = null,
        });
        Change("gives long leases", choices => good with
        {
            LeaseTime = choices.Chance(300_000) ? TimeSpan.MaxValue : choices.Magnitude(TimeSpan.FromDays(1), TimeSpan.FromDays(60)),
            RenewalTime = null,
            RebindingTime = null,
        });
        menu.Add(server.Name + " forgets", _ => server.Pool.Forget());
    }

    private static void AddRouter(FaultMenu menu, RouterAdvertiser router)
    {
        RouterSettings good = router.Settings;
        void Restore()
        {
            router.Settings = good;
            router.Return();
        }

        menu.Add(router.Name + " is silent", Shortest, Hours, _ => router.Settings = good with { IsSilent = true }, Restore);
        menu.Add(router.Name + " says goodbye", Shortest, Hours, choices => router.Goodbye(choices.Chance(500_000)), Restore);
        menu.Add(router.Name + " lies", Shortest, Hours, choices => router.Settings = good with
        {
            Lie = (RouterLie)choices.Between(1, (int)RouterLie.UnknownOptions),
        }, Restore);
        menu.Add(router.Name + " has another prefix", Shortest, Hours, choices => router.ChangePrefix(
            new(new(IpAddress.FromV6(((UInt128)0x2001_0DB8_E000 + choices.NextBelow(4096)) << 80), 64))), Restore);
        menu.Add(router.Name + " has other name servers", Shortest, Hours, choices => router.Settings = good with
        {
            DnsServers = [IpAddress.FromV6(((UInt128)0x2001_0DB8 << 96) + choices.NextBelow(1000) + 1)],
            DnsSeconds = choices.NextBelow(3600),
        }, Restore);
        menu.Add(router.Name + " has short lifetimes", Shortest, Hours, choices => router.Settings = good with
        {
            LifetimeSeconds = (ushort)choices.Between(1, 30),
            DnsSeconds = (uint)choices.Between(1, 30),
            IntervalMin = TimeSpan.FromSeconds(3),
            IntervalMax = TimeSpan.FromSeconds(9),
        }, Restore);
        menu.Add(router.Name + " is managed now", Shortest, Hours, _ => router.Settings = good with { IsManaged = true, HasOtherConfiguration = true }, Restore);
    }

    private static void AddNames(FaultMenu menu, DnsService names)
    {
        DnsSettings good = names.Settings;
        menu.Add(names.Name + " is silent", Shortest, Hours, _ => names.Settings = good with { IsSilent = true }, () => names.Settings = good);
        menu.Add(names.Name + " is slow", Shortest, Hours,
            choices => names.Settings = good with { DelayMin = TimeSpan.FromSeconds(1), DelayMax = choices.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20)) },
            () => names.Settings = good);
        menu.Add(names.Name + " is in another mood", Shortest, Hours, choices => names.Settings = good with
        {
            Mood = (DnsMood)choices.Between(1, (int)DnsMood.OtherCase),
            MoodPerMillion = choices.Pick<uint>([500_000, 1_000_000]),
            Tcp = (TcpWelcome)choices.Between(0, (int)TcpWelcome.Ignore),
        }, () => names.Settings = good, 20);
    }

    private static void AddCloud(FaultMenu menu, NetworkSite site)
    {
        if (site.Cloud is not { } cloud)
        {
            return;
        }

        bool wasUp = cloud.IsUp;
        TimeSpan latency = cloud.Latency;
        ActorHost router = site.Hosts[0];
        menu.Add(site.Name + " loses its provider", Shortest, Hours, choices =>
        {
            cloud.IsUp = false;
            cloud.SaysUnreachable = choices.Chance(500_000);
        }, () => cloud.IsUp = wasUp, 20);
        menu.Add(site.Name + " has a bad line", Shortest, Hours, choices =>
        {
            cloud.Latency = choices.Magnitude(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(4));
            cloud.Jitter = choices.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1));
            cloud.LossPerMillion = choices.NextBelow(500_000);
        }, () =>
        {
            cloud.Latency = latency;
            cloud.Jitter = TimeSpan.Zero;
            cloud.LossPerMillion = 0;
        });
        menu.Add(site.Name + "'s router has no power", Shortest, Hours, choices =>
        {
            router.IsOff = true;
            router.Ip.Tcp.Forget();
        }, () => router.IsOff = false);
        if (site.Portal is { } portal)
        {
            menu.Add(site.Name + "'s portal forgets its guests", _ => portal.ForgetGuests());
            menu.Add(site.Name + "'s portal is open", Shortest, Hours, _ => portal.IsOpen = true, () => portal.IsOpen = false);
        }
    }

    private static void AddRivals(FaultMenu menu, NetworkSite site)
    {
        if (site.Rival is { } rival)
        {
            menu.Add(site.Name + "'s addresses are claimed", Shortest, Minutes, choices =>
            {
                rival.Habit = choices.Pick<RivalHabit>([RivalHabit.Owner, RivalHabit.Defender, RivalHabit.Claimer, RivalHabit.Prober, RivalHabit.Miser]);
                rival.ActPerMillion = choices.Pick<uint>([200_000, 1_000_000]);
                rival.Address = DrawClaimed(site, choices);
            }, rival.Stop);
            menu.Add(site.Name + "'s gateway is claimed", Shortest, Minutes, _ =>
            {
                rival.Address = site.Promise.GatewayV4 ?? default;
                rival.StartSpoofing();
            }, rival.Stop);
        }

        if (site.NeighborRival is { } twin)
        {
            menu.Add(site.Name + " has twins", Shortest, Minutes, choices =>
            {
                twin.Habit = choices.Pick<NeighborHabit>([NeighborHabit.AnswersProbes, NeighborHabit.ProbesToo]);
                twin.ActPerMillion = choices.Pick<uint>([200_000, 1_000_000]);
                twin.SparesLinkLocal = choices.Chance(700_000);
            }, () => twin.Habit = NeighborHabit.Quiet);
        }

        if (site.Attacker is { } attacker)
        {
            menu.Add(site.Name + " is attacked", Shortest, Minutes, choices =>
            {
                attacker.IntervalMax = choices.Magnitude(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5));
                attacker.IntervalMin = attacker.IntervalMax / 10;
                attacker.Start();
            }, attacker.Stop);
        }
    }

    private static IpAddress DrawClaimed(NetworkSite site, Choices choices)
    {
        if (site.DhcpServers.Count == 0)
        {
            return default;
        }

        DhcpPool pool = site.DhcpServers[0].Pool;
        return IpAddress.FromV4(pool.First.ToV4() + choices.NextBelow((uint)Math.Min(pool.Count, 4)));
    }
}
