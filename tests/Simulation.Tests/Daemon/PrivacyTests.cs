using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Simulation.Network;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Daemons;

/// <summary>The daemon on a link whose service wants temporary addresses (<c>IPv6.Privacy</c>).</summary>
public sealed class PrivacyTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Temporary_addresses_are_the_kernels_and_the_service_stays_online_while_they_come_and_go()
    {
        DaemonLife life = new(seed: 60);
        life.Plug("eth0", NetworkKind.Home);
        Provision(life, "prefered");
        life.Start();
        life.Run(Minute);
        life.AssertSaid("Ready -> Online");
        List<IpAddress> seen = [.. Temporary(life).Select(address => address.Local)];
        Assert.Single(seen);

        life.Lines.Clear();
        for (int day = 0; day < 10; day++)
        {
            life.Run(TimeSpan.FromDays(1));
            seen = [.. seen.Union(Temporary(life).Select(address => address.Local))];
            Assert.Contains(Temporary(life), static address => !address.IsDeprecated);
        }

        Assert.InRange(seen.Count, 10, 12); // a new one each day
        Assert.InRange(Temporary(life).Count, 7, 9); // and each is there for a week
        Assert.DoesNotContain(life.Lines, static line => line.Contains("Online ->", StringComparison.Ordinal));
    }

    [Fact]
    public void Packets_come_from_a_temporary_address_where_it_is_preferred()
    {
        DaemonLife life = new(seed: 61);
        life.Plug("eth0", NetworkKind.Home);
        Provision(life, "prefered");
        life.Start();
        life.Run(Minute);
        Assert.True(life.Machine.Network.FindRoute(new RouteQuery(IpAddress.Parse("2001:db8:ffff::80")), out RouteChoice choice, out _));
        Assert.Equal(Temporary(life)[0].Local, choice.PreferredSource);
    }

    [Fact]
    public void The_next_life_of_the_daemon_leaves_them_where_they_are()
    {
        DaemonLife life = new(seed: 62);
        life.Plug("eth0", NetworkKind.Home);
        Provision(life, "enabled");
        life.Start();
        life.Run(Minute);
        IpAddress before = Assert.Single(Temporary(life)).Local;
        life.Kernel!.Kill();
        life.Start();
        life.Run(Minute);
        Assert.Equal(before, Assert.Single(Temporary(life)).Local);
    }

    private static List<InterfaceAddress> Temporary(DaemonLife life) =>
        [.. life.Machine.Network.Addresses(null, IpFamily.V6).Where(address => address.IsTemporary)];

    private static void Provision(DaemonLife life, string privacy) => life.Provision($"[service_home]\nType = ethernet\nIPv6.Privacy = {privacy}\n");
}
