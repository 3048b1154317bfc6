using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Protocols.Rtnetlink;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Routing;
using Spindle.Simulation.Tests.Network;
using KernelNeighbor = Spindle.Protocols.Rtnetlink.Neighbor;
using KernelNeighborState = Spindle.Protocols.Rtnetlink.NeighborState;
using NeighborState = Spindle.Simulation.Network.Internet.NeighborState;
using Route = Spindle.Simulation.Network.Route;

namespace Spindle.Simulation.Tests.Networks;

/// <summary>What netlink is told of neighbours, as it was seen on the running kernel (6.18), and which routes they stop.</summary>
public sealed class NeighborTests
{
    private readonly NetworkPair pair = new();
    private readonly byte[] buffer = new byte[8192];
    private readonly int netlink;
    private readonly int udp;

    public NeighborTests()
    {
        netlink = First.Kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0).Int;
        Assert.True(First.Kernel.Bind(netlink, SocketAddress.Netlink(0, 0)).IsOk);
        Assert.True(First.Kernel.SetSocketOption(netlink, 270, 1, 3).IsOk);
        udp = First.Udp(1000, IpFamily.V6);
    }

    private NetworkPair.Host First => pair.First;

    [Fact]
    public void Each_state_that_is_entered_is_told_but_those_of_waiting()
    {
        Say();
        Pass(1);
        Assert.Equal([(KernelNeighborState.Reachable, true)], Told()); // Incomplete is not
        Pass(45);
        Assert.Equal([(KernelNeighborState.Stale, true)], Told());
        Say();
        Pass(4.9);
        Assert.Empty(Told()); // Delay is not
        Pass(0.2);
        Assert.Equal([(KernelNeighborState.Probe, true), (KernelNeighborState.Reachable, true)], Told());
        Pass(45);
        pair.Second.Plug.Partition = 1;
        Assert.Equal([(KernelNeighborState.Stale, true)], Told());
        Say();
        Pass(8.1);
        Assert.Equal([(KernelNeighborState.Probe, true), (KernelNeighborState.Failed, false)], Told());
        Say();
        Pass(3.1);
        Assert.Equal([(KernelNeighborState.Failed, false)], Told()); // each time anew
        pair.Second.Plug.Partition = 0;
        Say();
        Pass(1);
        Assert.Equal([(KernelNeighborState.Reachable, true)], Told());
    }

    [Fact]
    public void One_neighbour_is_asked_for_and_what_is_not_known_is_not_found()
    {
        Say();
        Pass(1);
        Told();
        Ask(pair.Second.V6);
        Assert.Equal([(KernelNeighborState.Reachable, true)], Told());
        Ask(IpAddress.Parse("fd00::77"));
        NetlinkMessage refused = Receive();
        Assert.True(NetlinkError.TryRead(refused, out NetlinkError error));
        Assert.Equal((int)Errno.ENOENT, error.Number);
    }

    [Fact]
    public void When_the_link_goes_down_they_go()
    {
        Say();
        Pass(1);
        Told();
        First.Internet.Network.Control.SetUp(First.Link, false);
        Assert.Equal(NetlinkMessageType.DeleteNeighbor, Receive().Header.Type);
        Assert.Null(First.Internet.Network.Neighbors.Find(First.Link, pair.Second.V6));
    }

    [Fact]
    public void A_route_by_a_router_that_has_failed_is_passed_over_whatever_its_metric()
    {
        NetworkStack network = First.Internet.Network;
        IpAddress[] routers = [IpAddress.Parse("fe80::1"), IpAddress.Parse("fe80::2"), IpAddress.Parse("fe80::3")];
        AddDefault(routers[0], metric: 100, preference: 0);
        AddDefault(routers[1], metric: 1024, preference: 0);
        AddDefault(routers[2], metric: 1024, preference: 1);
        Assert.Equal(routers[0], Chosen());
        Fail(routers[0]);
        Assert.Equal(routers[2], Chosen()); // of the same metric the preferred one
        Fail(routers[2]);
        Assert.Equal(routers[1], Chosen());
        Fail(routers[1]);
        Assert.Equal(routers[0], Chosen()); // all have failed

        void Fail(IpAddress router) =>
            network.Neighbors.Of(First.Link, IpFamily.V6).Set(router, default, NeighborState.Failed, isRouter: true);
    }

    [Fact]
    public void A_router_that_was_passed_over_is_asked_once_a_minute_whether_it_is_back()
    {
        NetworkStack network = First.Internet.Network;
        AddDefault(pair.Second.V6, metric: 100, preference: 0);
        AddDefault(IpAddress.Parse("fd00::77"), metric: 200, preference: 0);
        network.Neighbors.Of(First.Link, IpFamily.V6).Set(pair.Second.V6, default, NeighborState.Failed, isRouter: true);
        pair.Second.Plug.Partition = 1;
        Assert.NotEqual(pair.Second.V6, Chosen());
        Pass(1);
        pair.Second.Plug.Partition = 0;
        Pass(55);
        Assert.NotEqual(pair.Second.V6, Chosen());
        Pass(5);
        Assert.NotEqual(pair.Second.V6, Chosen()); // and this time it is asked
        Pass(1);
        Assert.Equal(pair.Second.V6, Chosen());
    }

    private void AddDefault(IpAddress gateway, uint metric, byte preference) => First.Internet.Network.Routes6.Add(
        new Route(Route.MainTable, new IpPrefix(IpAddress.AnyV6, 0))
        {
            Metric = metric,
            Gateway = gateway,
            Link = First.Link,
            Preference = preference,
        },
        MessageFlags.Create | MessageFlags.Append);

    private IpAddress? Chosen()
    {
        Assert.True(First.Internet.Network.FindRoute(
            new RouteQuery(IpAddress.Parse("2001:db8:ffff::1")), out RouteChoice choice, out _));
        return choice.Gateway;
    }

    private void Say() => First.SendTo(udp, pair.Second.V6, 2000, 1);

    private void Pass(double seconds) => pair.Pass(TimeSpan.FromSeconds(seconds));

    private void Ask(IpAddress address)
    {
        int size = NeighborMessage.WriteGet(buffer, 7, First.Link.Index, address);
        Assert.True(First.Kernel.SendTo(netlink, buffer.AsSpan(0, size), 0, SocketAddress.Netlink(0, 0)).IsOk);
    }

    private NetlinkMessage Receive()
    {
        Result result = First.Kernel.Receive(netlink, buffer);
        Assert.True(result.IsOk, result.ToString());
        Assert.True(NetlinkMessage.TryParse(buffer.AsSpan(0, result.Int), out NetlinkMessage message));
        return message;
    }

    /// <summary>The states of the second machine that were told, and whether with a hardware address.</summary>
    private List<(KernelNeighborState State, bool HasHardware)> Told()
    {
        List<(KernelNeighborState, bool)> told = [];
        while (First.Kernel.Receive(netlink, buffer) is { IsOk: true } result)
        {
            Assert.True(NetlinkMessage.TryParse(buffer.AsSpan(0, result.Int), out NetlinkMessage message));
            Assert.True(NeighborMessage.TryRead(message, out KernelNeighbor neighbor));
            Assert.Equal(First.Link.Index, neighbor.InterfaceIndex);
            if (neighbor.Address == pair.Second.V6)
            {
                told.Add((neighbor.State, !neighbor.HardwareAddress.IsZero));
            }
        }

        return told;
    }
}
