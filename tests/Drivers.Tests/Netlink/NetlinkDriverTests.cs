using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Drivers.Tests;

public sealed class NetlinkDriverTests
{
    [Fact]
    public void Links_addresses_routes_and_rules_are_followed() => InNamespace(world =>
    {
        world.Loop.Until(() => world.Driver.IsInStep);
        Assert.Equal(["lo"], world.Driver.Mirror.Links.Select(link => link.Name));
        Assert.NotEqual(0, world.Driver.Mirror.RuleCount);
        NetworkNamespace.Ip("link add veth0 type veth peer name veth1");
        NetworkNamespace.Ip("link set veth1 up");
        NetworkNamespace.Ip("link set veth0 up");
        world.Loop.Until(() => world.Link("veth0") is { HasCarrier: true, IsUp: true });
        Assert.Equal("veth", world.Link("veth0").Kind);
        Assert.Equal(world.Link("veth1").Index, world.Link("veth0").ParentIndex);
        NetworkNamespace.Ip("addr add 192.0.2.7/24 brd + dev veth0");
        NetworkNamespace.Ip("route add default via 192.0.2.1 metric 5");
        NetworkNamespace.Ip("rule add from 192.0.2.0/24 lookup 1000 priority 500");
        world.Loop.Until(() => world.Told.Contains(RtnetlinkOutputKind.RuleAppeared) && world.HasDefaultRoute);
        Assert.Contains(world.Driver.Mirror.Addresses, timed => timed.Address.Prefix == IpPrefix.Parse("192.0.2.7/24"));
        NetworkNamespace.Ip("link set veth0 down");
        world.Loop.Until(() => !world.HasDefaultRoute);
        NetworkNamespace.Ip("link del veth0");
        world.Loop.Until(() => world.Driver.Mirror.LinkCount == 1);
        world.AssertSameAsKernel();
    });

    [Fact]
    public void Requests_change_links_addresses_routes_and_rules() => InNamespace(world =>
    {
        NetworkNamespace.Ip("link add veth0 type veth peer name veth1");
        NetworkNamespace.Ip("link set veth1 up");
        world.Loop.Until(() => world.Driver.IsInStep && world.Driver.Mirror.LinkCount == 3);
        int index = world.Link("veth0").Index;
        Address address = new()
        {
            InterfaceIndex = index,
            Local = IpAddress.Parse("192.0.2.7"),
            PrefixLength = 24,
            Broadcast = IpAddress.Parse("192.0.2.255"),
            ValidSeconds = 3600,
            PreferredSeconds = 1800,
            Protocol = 250,
            Flags = AddressFlags.NoPrefixRoute,
        };
        Route onLink = new()
        {
            Destination = IpPrefix.Parse("192.0.2.0/24"),
            OutputInterface = index,
            PreferredSource = address.Local,
            Metric = 300,
            Protocol = 250,
        };
        Route gateway = new()
        {
            Destination = IpPrefix.Parse("0.0.0.0/0"),
            Gateway = IpAddress.Parse("192.0.2.1"),
            OutputInterface = index,
            Metric = 300,
            Protocol = 250,
        };
        Rule rule = new() { Source = IpPrefix.Parse("192.0.2.7/32"), Priority = 700, Table = 77, Protocol = 250 };
        List<NetlinkError> errors = [];
        NetlinkRequest[] requests =
        [
            NetlinkRequest.SetLinkMtu(index, 1400),
            NetlinkRequest.SetAddressGenerationMode(index, AddressGenerationMode.None),
            NetlinkRequest.SetLinkUp(index, true),
            NetlinkRequest.ReplaceAddress(address),
            NetlinkRequest.AddRoute(onLink),
            NetlinkRequest.ReplaceRoute(gateway),
            NetlinkRequest.AddRoute(gateway with { Table = 77 }),
            NetlinkRequest.AddRule(rule),
            NetlinkRequest.GetLink(index),
        ];
        foreach (NetlinkRequest request in requests)
        {
            world.Driver.Send(request, errors.Add);
        }

        world.Loop.Until(() => errors.Count == requests.Length);
        Assert.All(errors, error => Assert.True(error.IsOk, error.ToString()));
        Assert.Equal(1400u, world.Link("veth0").Mtu);
        Assert.Equal(AddressGenerationMode.None, world.Link("veth0").AddressGenerationMode);
        string shown = NetworkNamespace.Ip("-d addr show dev veth0") + NetworkNamespace.Ip("route show table all")
            + NetworkNamespace.Ip("rule show");
        Assert.Contains("192.0.2.7/24 brd 192.0.2.255", shown, StringComparison.Ordinal);
        Assert.Contains("noprefixroute", shown, StringComparison.Ordinal);
        Assert.Contains("default via 192.0.2.1 dev veth0 proto 250 metric 300", shown, StringComparison.Ordinal);
        Assert.Contains("192.0.2.0/24 dev veth0 proto 250 scope link src 192.0.2.7 metric 300", shown, StringComparison.Ordinal);
        Assert.Contains("default via 192.0.2.1 dev veth0 table 77", shown, StringComparison.Ordinal);
        Assert.Contains("from 192.0.2.7 lookup 77", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("inet6 fe80", shown, StringComparison.Ordinal);
        world.AssertSameAsKernel();

        errors.Clear();
        world.Driver.Send(NetlinkRequest.DeleteRule(rule), errors.Add);
        world.Driver.Send(NetlinkRequest.DeleteRoute(gateway with { Table = 77 }), errors.Add);
        world.Driver.Send(NetlinkRequest.DeleteRoute(gateway), errors.Add);
        world.Driver.Send(NetlinkRequest.DeleteRoute(onLink), errors.Add);
        world.Driver.Send(NetlinkRequest.DeleteAddress(address), errors.Add);
        world.Loop.Until(() => errors.Count == 5);
        Assert.All(errors, error => Assert.True(error.IsOk, error.ToString()));
        world.Loop.Until(() => world.Driver.IsInStep);
        Assert.DoesNotContain(world.Driver.Mirror.Routes, route => route.Protocol == 250);
        world.AssertSameAsKernel();
    });

    [Fact]
    public void A_refusal_comes_with_the_kernels_words() => InNamespace(world =>
    {
        List<NetlinkError> errors = [];
        Route route = new() { Destination = IpPrefix.Parse("10.0.0.0/8"), Gateway = IpAddress.Parse("192.0.2.1") };
        world.Driver.Send(NetlinkRequest.AddRoute(route), errors.Add);
        world.Loop.Until(() => errors.Count == 1);
        Assert.Equal((int)Errno.ENETUNREACH, errors[0].Number);
        Assert.Equal("Nexthop has invalid gateway", errors[0].Text);
    });

    [Fact]
    public void Done_is_told_when_the_mirror_has_it() => InNamespace(world =>
    {
        world.Loop.Until(() => world.Driver.IsInStep);
        bool isDone = false;
        world.Driver.Send(NetlinkRequest.SetLinkUp(1, true), error =>
        {
            isDone = error.IsOk;
            Assert.True(world.Link("lo").IsUp);
        });
        world.Loop.Until(() => isDone);
    });

    [Fact]
    public void Requests_may_be_made_while_being_told() => InNamespace(world =>
    {
        int answers = 0;
        world.OnChange = kind =>
        {
            if (kind == RtnetlinkOutputKind.LinkAppeared)
            {
                world.Driver.Send(NetlinkRequest.SetLinkUp(1, true), _ =>
                    world.Driver.Send(NetlinkRequest.GetLink(1), _ => answers++));
            }
        };
        world.Loop.Until(() => answers == 1);
    });

    [Fact]
    public void An_overrun_ends_in_step_and_the_watch_goes_on()
    {
        // A few kilobytes of queue and a loop that does not turn while ten thousand routes come.
        InNamespace(
            world =>
            {
                NetworkNamespace.Ip("link set lo up");
                world.Loop.Until(() => world.Driver.IsInStep);
                Storm("add");
                world.Loop.Until(() => world.Driver.Counters.Overruns > 0 && world.Driver.IsInStep);
                Assert.True(world.Driver.Mirror.RouteCount >= 10_000);
                world.AssertSameAsKernel();
                Assert.Single(world.Told, RtnetlinkOutputKind.OverrunBegan);

                Storm("del");
                world.Loop.Until(() => world.Driver.IsInStep && world.Driver.Mirror.RouteCount < 10_000);
                world.AssertSameAsKernel();

                NetworkNamespace.Ip("route add 203.0.113.0/24 dev lo");
                world.Loop.Until(() => world.Routes.Any(route => route.Destination == IpPrefix.Parse("203.0.113.0/24")));
                world.AssertSameAsKernel();
            },
            notificationBufferOctets: 4096);
    }

    [Fact]
    public void A_storm_that_the_loop_reads_along_with_loses_nothing() => InNamespace(world =>
    {
        NetworkNamespace.Ip("link set lo up");
        world.Loop.Until(() => world.Driver.IsInStep);
        using Process process = NetworkNamespace.StartIp("-batch -", hasInput: true);
        process.StandardInput.Write(Batch("add"));
        process.StandardInput.Close();
        world.Loop.Until(() => process.HasExited);
        world.Loop.Until(() => world.Driver.IsInStep && world.Driver.Mirror.RouteCount >= 10_000);
        Assert.Equal(0ul, world.Driver.Counters.Overruns);
        world.AssertSameAsKernel();
    });

    [Fact]
    public void Messages_of_other_processes_are_not_believed() => InNamespace(world =>
    {
        world.Loop.Until(() => world.Driver.IsInStep);
        Result other = world.Loop.Kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0);
        byte[] octets = new byte[512];
        Route route = new() { Destination = IpPrefix.Parse("0.0.0.0/0"), OutputInterface = 1 };
        int size = RouteMessage.Write(octets, NetlinkMessageType.NewRoute, NetlinkFlags.None, 0, route);

        // The first socket of a process is usually bound to the process id, the next to something random: try them all.
        foreach (uint port in NetlinkPorts())
        {
            world.Loop.Kernel.SendTo(other.Int, octets.AsSpan(0, size), 0, SocketAddress.Netlink(port, 0));
        }

        world.Loop.Until(() => world.Driver.ForeignMessages >= 2);
        Assert.False(world.HasDefaultRoute);
        world.Loop.Kernel.Close(other.Int);
    });

    private static IEnumerable<uint> NetlinkPorts() =>
        System.IO.File.ReadLines("/proc/thread-self/net/netlink").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[1] == "0" && words[2] != "0")
            .Select(words => uint.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture));

    private static void Storm(string verb) => NetworkNamespace.Ip("-batch -", Batch(verb));

    private static string Batch(string verb)
    {
        StringBuilder text = new();
        for (int i = 0; i < 10_000; i++)
        {
            text.Append($"route {verb} 10.{i / 250}.{i % 250}.0/24 dev lo metric 20\n");
        }

        return text.ToString();
    }

    private static void InNamespace(
        Action<World> body, int notificationBufferOctets = NetlinkDriver.NotificationBufferOctets) =>
        NetworkNamespace.Run(() =>
        {
            using World world = new(notificationBufferOctets);
            body(world);
        });

    private sealed class World : IDisposable
    {
        public World(int notificationBufferOctets)
        {
            Loop = new EventLoop(new LinuxKernel());
            Driver = new NetlinkDriver(Loop, Follow);
            Assert.True(Driver.Start(notificationBufferOctets).IsOk);
        }

        public EventLoop Loop { get; }

        public NetlinkDriver Driver { get; }

        public Action<RtnetlinkOutputKind>? OnChange { get; set; }

        public List<RtnetlinkOutputKind> Told { get; } = [];

        /// <summary>Routes as the differences tell them.</summary>
        public HashSet<Route> Routes { get; } = [];

        public bool HasDefaultRoute => Routes.Any(route => route.IsDefault);

        public Link Link(string name) => Driver.Mirror.Links.FirstOrDefault(link => link.Name == name, new Link());

        /// <summary>
        /// The mirror is what a fresh driver reads, and routes as followed are the mirror's. The kernel notifies of an
        /// IPv6 address only when its detection has ended and dumps it before: so what differs is looked at again.
        /// </summary>
        public void AssertSameAsKernel()
        {
            string[] mirrored = [];
            string[] read = [];
            for (int i = 0; i < 100; i++)
            {
                using NetlinkDriver fresh = new(Loop, (in RtnetlinkOutput _) => { });
                Assert.True(fresh.Start().IsOk);
                Loop.Until(() => fresh.IsInStep && Driver.IsInStep);
                mirrored = Texts(Driver.Mirror);
                read = Texts(fresh.Mirror);
                if (mirrored.AsSpan().SequenceEqual(read))
                {
                    break;
                }

                long begun = Stopwatch.GetTimestamp();
                Loop.Until(() => Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMilliseconds(100));
            }

            Assert.Equal(read, mirrored);
            Assert.Equal(
                Driver.Mirror.Routes.Select(Stateless).Select(route => route.ToString()).Order(StringComparer.Ordinal),
                Routes.Select(Stateless).Select(route => route.ToString()).Order(StringComparer.Ordinal));
            Assert.Equal(Driver.Mirror.RouteCount, Routes.Count);
        }

        private static string[] Texts(RtnetlinkMirror mirror) =>
        [
            .. mirror.Links.Select(link => (link with { Statistics = default }).ToString()).Order(StringComparer.Ordinal),
            .. mirror.Addresses.Select(timed => Lasting(timed).ToString()).Order(StringComparer.Ordinal),
            .. mirror.Routes.Select(route => Stateless(route).ToString()).Order(StringComparer.Ordinal),
            .. mirror.Rules.Select(rule => rule.ToString()).Order(StringComparer.Ordinal),
        ];

        public void Dispose()
        {
            Driver.Dispose();
            Loop.Dispose();
        }

        private static Address Lasting(TimedAddress timed) => timed.Address with
        {
            ValidSeconds = Address.Forever,
            PreferredSeconds = Address.Forever,
        };

        private static Route Stateless(Route route) => route with { Flags = RouteFlags.None, ExpiresSeconds = 0 };

        private void Follow(in RtnetlinkOutput change)
        {
            Told.Add(change.Kind);
            Route route = change.Route;
            switch (change.Kind)
            {
                case RtnetlinkOutputKind.RouteAppeared: Assert.True(Routes.Add(route)); break;
                case RtnetlinkOutputKind.RouteChanged:
                    Assert.Equal(1, Routes.RemoveWhere(there => there.HasSameIdentity(route)));
                    Routes.Add(route);
                    break;
                case RtnetlinkOutputKind.RouteVanished:
                    Assert.True(Routes.Remove(route) || Routes.RemoveWhere(there => there.HasSameIdentity(route)) == 1);
                    break;
                default: break;
            }

            OnChange?.Invoke(change.Kind);
        }
    }
}
