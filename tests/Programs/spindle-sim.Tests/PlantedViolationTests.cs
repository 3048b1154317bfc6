using System;
using System.Linq;
using Spindle.Basics;
using Spindle.LibvirtDoor;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.Rtnetlink;
using Spindle.Simulation.Network;
using KernelRoute = Spindle.Simulation.Network.Route;
using Route = Spindle.Protocols.Rtnetlink.Route;

namespace Spindle.Programs.Net.Tests;

/// <summary>What must not be is seen: a quiet world in which somebody plants it breaks that promise, the same one without it none
/// (see <see cref="NetRunTests"/>).</summary>
public sealed class PlantedViolationTests
{
    private const byte Ours = 158;
    private const string Unexplained = "a route of ours belongs to a service";
    private const string Mirror = "the mirror is the kernel";
    private const string End = "the daemon ends when somebody ends it";

    private static NetOptions Door => new() { IsQuiet = true, HasDoor = true, Span = TimeSpan.FromMinutes(15) };

    private static NetOptions Quiet => new() { IsQuiet = true, Span = TimeSpan.FromMinutes(10) };

    [Fact]
    public void A_libvirt_door_that_is_open_breaks_no_promise() => Assert.Empty(NetRun.Run(Door).Violations);

    [Fact]
    public void A_libvirt_door_that_is_shut()
    {
        bool isPlanted = false;
        AssertSeen("the libvirt door is open", "virtinterfaced-sock", Door with
        {
            Plant = life =>
            {
                if (!isPlanted)
                {
                    life.Daemon.Libvirt!.Stop(TimeSpan.FromSeconds(1), static _ => { });
                    isPlanted = true;
                }
            },
        });
    }

    [Fact]
    public void A_libvirt_door_that_does_not_answer() => AssertSeen(
        "the libvirt door answers", "no answer", Door with { Plant = static life => ToAll(life, static client => client.Close()) });

    [Fact]
    public void A_libvirt_door_that_answers_twice() => AssertSeen(
        "every call is answered once", "a second answer to 0 of the libvirt door",
        Door with { Plant = static life => ToAll(life, static client => client.Send(Message(RpcMessageType.Reply))) });

    [Fact]
    public void A_libvirt_door_that_says_nonsense() => AssertSeen(
        "the libvirt door's messages are well formed", "a length", Door with { Plant = static life => ToAll(life, static client => client.Send(new byte[64])) });

    [Fact]
    public void A_route_that_no_server_gave() =>
        AssertSeen(Unexplained, "203.0.113.0/24", (life, link) => Add(life, RouteTo("203.0.113.0/24", link, null)));

    [Theory]
    [InlineData("0.0.0.0/1")]
    [InlineData("128.0.0.0/1")]
    public void Half_of_the_world_through_somebody_else(string half) =>
        AssertSeen(Unexplained, half, (life, link) => Add(life, RouteTo(half, link, Stranger(link))));

    [Fact]
    public void A_default_route_through_somebody_else() => AssertSeen(Unexplained, "77", (life, link) =>
    {
        KernelRoute right = Routes4(life).Single(static route => route is { Protocol: Ours, Metric: 0, Destination.Length: 0 });
        Add(life, RouteTo("0.0.0.0/0", link, Stranger(link)));
        life.Netlink.Send(NetlinkRequest.DeleteRoute(RouteTo("0.0.0.0/0", link, right.Gateway)));
    });

    [Fact]
    public void The_right_default_route_with_another_metric() => AssertSeen(Unexplained, "metric 7", (life, link) =>
        Add(life, RouteTo("0.0.0.0/0", link, Routes4(life).First(static route => route.Destination.Length == 0).Gateway) with { Metric = 7 }));

    [Fact]
    public void A_route_in_a_table_that_nobody_looks_at() =>
        AssertSeen(Unexplained, "table 77", (life, link) => Add(life, RouteTo("203.0.113.0/24", link, null) with { Table = 77 }));

    [Fact]
    public void An_IPv6_route_that_nobody_needs() => AssertSeen(
        Unexplained, "2001:db8:dead::/48", (life, link) => Add(life, RouteTo("2001:db8:dead::/48", link, IpAddress.Parse("fe80::77"))));

    [Fact]
    public void A_route_while_the_service_still_connects() => AssertSeen(
        Unexplained, "203.0.113.0/24", static (life, link) => Add(life, RouteTo("203.0.113.0/24", link, null)), static link => IsConnecting(link));

    [Fact]
    public void An_address_while_the_service_still_connects()
    {
        long plantedAt = 0;
        NetResult result = NetRun.Run(Quiet with
        {
            Plant = life =>
            {
                SimulatedLink? link = life.Kernel.Machine.Network.Links.FirstOrDefault(IsConnecting);
                if (plantedAt == 0 && link is not null)
                {
                    plantedAt = life.Turns;
                    life.Netlink.Send(NetlinkRequest.ReplaceAddress(Foreign(link.Index)));
                }
                else if (plantedAt != 0 && life.Turns == plantedAt + 4)
                {
                    // Gone before the service is connected: then it would be seen for another reason.
                    life.Netlink.Send(NetlinkRequest.DeleteAddress(Foreign(life.Kernel.Machine.Network.Links[^1].Index)));
                }
            },
        });
        Assert.Contains(result.Violations, static text => text.Contains("an address of ours belongs to a service: 203.0.113.5/24", StringComparison.Ordinal));
    }

    [Fact]
    public void A_service_behind_the_first_that_has_its_routes_no_more()
    {
        bool isPlanted = false;
        NetResult result = NetRun.Run(new NetOptions
        {
            Seed = 8,
            Span = TimeSpan.FromMinutes(20),
            Links = 2,
            Faults = 0,
            Plant = life =>
            {
                KernelRoute? behind = Routes4(life).Find(static route => route is { Protocol: Ours, Metric: > 0, Destination.Length: 0 });
                if (!isPlanted && behind is not null)
                {
                    isPlanted = true;
                    life.Netlink.Send(NetlinkRequest.DeleteRoute(RouteTo("0.0.0.0/0", behind.Link!, behind.Gateway) with { Metric = behind.Metric }));
                }
            },
        });
        Assert.True(isPlanted);
        Assert.Contains(result.Violations, static text => text.Contains("a connected service has its routes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_connected_route_that_went_without_a_word() => AssertSeen(Mirror, "not there", static (life, _) =>
        Assert.Equal(1, Routes4(life).RemoveAll(static route => route is { Protocol: KernelRoute.KernelProtocol, Destination.Length: 24 })));

    [Fact]
    public void A_route_that_came_without_a_word() => AssertSeen(Mirror, "not known", static (life, link) =>
        Routes4(life).Add(new KernelRoute(KernelRoute.MainTable, IpPrefix.Parse("203.0.113.0/24")) { Link = link, Scope = RouteScope.Link }));

    [Fact]
    public void A_default_route_that_went_without_a_word() => AssertSeen(Mirror, "not there", static (life, _) =>
        Assert.NotEqual(0, life.Kernel.Machine.Network.Routes6.Tables.Of(KernelRoute.MainTable).RemoveAll(static route => route.Destination.Length == 0)));

    [Fact]
    public void Packets_that_became_shorter_without_a_word() => AssertSeen(Mirror, "1400 octets", static (_, link) => link.Mtu = 1400);

    [Fact]
    public void A_hardware_address_that_became_another_without_a_word() =>
        AssertSeen(Mirror, "is 02:", static (_, link) => link.MacAddress = MacAddress.Read([2, 0xAA, 0, 0, 0, 7]));

    [Fact]
    public void A_lifetime_that_became_longer_without_a_word() =>
        AssertSeen(Mirror, "is until", static (_, link) => link.Addresses4[0].ValidUntil += TimeSpan.FromSeconds(10));

    [Fact]
    public void A_lifetime_that_has_no_end_any_more_without_a_word() =>
        AssertSeen(Mirror, "is until", static (_, link) => link.Addresses4[0].ValidUntil = Instant.Never);

    [Fact]
    public void An_address_that_is_deprecated_without_a_word() =>
        AssertSeen(Mirror, "Deprecated", static (_, link) => link.Addresses4[0].Flags |= Simulation.Network.AddressFlags.Deprecated);

    [Fact]
    public void A_daemon_that_ends_in_order_though_nobody_asked() => AssertEnds("in order", static life => life.Ask());

    [Fact]
    public void A_daemon_that_dies_though_nobody_killed_it() => AssertEnds("dead", static life => life.Kernel.Kill());

    [Fact]
    public void A_daemon_that_nobody_starts_again()
    {
        NetResult result = NetRun.Run(Quiet with
        {
            Span = TimeSpan.FromMinutes(20),
            Plant = static life =>
            {
                if (life.Turns == 20)
                {
                    life.Kernel.Machine.PowerCut();
                }
            },
        });
        Assert.Contains("a calm world has a daemon: there is none at the deadline", Assert.Single(result.Violations), StringComparison.Ordinal);
    }

    private static void AssertEnds(string how, Action<DaemonLife> end)
    {
        NetResult result = NetRun.Run(Quiet with
        {
            Plant = life =>
            {
                if (life.Turns == 20)
                {
                    end(life);
                }
            },
        });
        Assert.Contains(result.Violations, text => text.Contains(End, StringComparison.Ordinal) && text.Contains(how, StringComparison.Ordinal));
    }

    private static void AssertSeen(string rule, string what, NetOptions planted)
    {
        NetResult result = NetRun.Run(planted);
        Assert.Contains(result.Violations, text => text.Contains(rule, StringComparison.Ordinal) && text.Contains(what, StringComparison.Ordinal));
    }

    private static void ToAll(DaemonLife life, Action<RpcClient> plant)
    {
        foreach (RpcClient client in life.Daemon.Libvirt!.Door.Servers[0].Clients.ToArray())
        {
            plant(client);
        }
    }

    // A message of 28 octets about the call 0.
    private static byte[] Message(RpcMessageType type)
    {
        byte[] message = new byte[RpcFrame.MinimumLength];
        message[3] = RpcFrame.MinimumLength;
        (RpcHeader.Call(RpcPrograms.Remote, 1, 0) with { Type = type }).Write(message.AsSpan(RpcFrame.LengthSize));
        return message;
    }

    private static void AssertSeen(string rule, string what, Action<DaemonLife, SimulatedLink> plant, Func<SimulatedLink, bool>? when = null)
    {
        bool isPlanted = false;
        NetResult result = NetRun.Run(Quiet with
        {
            Plant = life =>
            {
                SimulatedLink? link = life.Kernel.Machine.Network.Links.FirstOrDefault(when ?? IsConnected);
                if (!isPlanted && link is not null)
                {
                    isPlanted = true;
                    plant(life, link);
                }
            },
        });
        Assert.True(isPlanted);
        Assert.Contains(result.Violations, text => text.Contains(rule, StringComparison.Ordinal) && text.Contains(what, StringComparison.Ordinal));
    }

    private static bool IsConnected(SimulatedLink link) =>
        link.Addresses4.Exists(static address => address.Protocol == Ours) && link.Addresses6.Exists(static address => address is { IsTentative: false, Scope: RouteScope.Universe })
        && link.Stack.Routes4.Tables.Of(KernelRoute.MainTable).Exists(static route => route is { Protocol: Ours, Destination.Length: 0 });

    private static bool IsConnecting(SimulatedLink link) => link is { Kind: LinkKind.Ethernet, IsRunning: true } && link.Addresses4.Count == 0;

    private static System.Collections.Generic.List<KernelRoute> Routes4(DaemonLife life) =>
        life.Kernel.Machine.Network.Routes4.Tables.Of(KernelRoute.MainTable);

    private static void Add(DaemonLife life, Route route) => life.Netlink.Send(NetlinkRequest.PrependRoute(route));

    private static Address Foreign(int link) => new()
    {
        InterfaceIndex = link,
        Local = IpAddress.Parse("203.0.113.5"),
        PrefixLength = 24,
        Protocol = Ours,
    };

    // A host of the network that nobody named as a router.
    private static IpAddress Stranger(SimulatedLink link) => IpAddress.FromV4((link.Addresses4[0].Local.ToV4() & 0xFFFF_FF00) | 77);

    private static Route RouteTo(string destination, SimulatedLink link, IpAddress? gateway)
    {
        IpPrefix prefix = IpPrefix.Parse(destination);
        Route route = new() { Destination = prefix, OutputInterface = link.Index, Protocol = Ours };
        return gateway is { } through ? route with { Gateway = through } : route;
    }
}
