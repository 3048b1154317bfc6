using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Drivers.Tests;

public sealed class NeighborDriverTests
{
    private const string Mac = "02:00:00:00:00:07";
    private static readonly IpAddress First = IpAddress.Parse("fe80::a:1");
    private static readonly IpAddress Second = IpAddress.Parse("fe80::a:2");

    [Fact]
    public void What_is_known_is_told_at_first_and_then_what_changes() => InNamespace((loop, link) =>
    {
        Set(First, "failed");
        List<(IpAddress Address, bool? IsReachable)> told = [];
        using NeighborDriver driver = new(loop, (in Neighbor one) => told.Add((one.Address, one.IsReachable)));
        Assert.False(driver.IsListening);
        driver.Follow(link, [First, Second]);
        Assert.True(driver.IsListening);
        loop.Until(() => driver.Received == 2); // the second: ENOENT
        Assert.Equal([(First, false)], told);

        told.Clear();
        Set(Second, "stale");
        Set(First, "stale");
        Set(Second, "failed");
        loop.Until(() => told.Count == 3);
        Assert.Equal([(Second, true), (First, true), (Second, false)], told);
        Assert.Equal(0ul, driver.Losses);
    });

    [Fact]
    public void Others_do_not_wake_it() => InNamespace((loop, link) =>
    {
        List<Neighbor> told = [];
        using NeighborDriver driver = new(loop, (in Neighbor one) => told.Add(one));
        driver.Follow(link, [First, Second]);
        loop.Until(() => driver.Received == 2);
        StringBuilder others = new();
        for (int i = 0; i < 200; i++)
        {
            others.AppendLine($"neigh replace fe80::b:{i:x} dev veth0 lladdr {Mac} nud stale");
        }

        others.AppendLine($"neigh replace 192.0.2.7 dev veth0 lladdr {Mac} nud stale");
        others.AppendLine($"neigh replace {First} dev veth1 lladdr {Mac} nud stale"); // another link's: read, not told
        NetworkNamespace.Ip("-batch -", others.ToString());
        Set(Second, "reachable");
        loop.Until(() => told.Count > 0);
        Assert.Equal(4ul, driver.Received);
        Assert.Equal(new Neighbor(link, Second, NeighborState.Reachable, MacAddress.Read([2, 0, 0, 0, 0, 7])), Assert.Single(told));
    });

    [Fact]
    public void Who_comes_later_is_asked_for_and_who_goes_is_not_told_of() => InNamespace((loop, link) =>
    {
        Set(Second, "failed");
        List<IpAddress> told = [];
        using NeighborDriver driver = new(loop, (in Neighbor one) => told.Add(one.Address));
        driver.Follow(link, [First]);
        loop.Until(() => driver.Received == 1);
        driver.Follow(link, [First, Second]);
        loop.Until(() => told.Count == 1);
        Assert.Equal([Second], told);
        driver.Follow(link, [Second]);
        Set(First, "stale");
        Set(Second, "stale");
        loop.Until(() => told.Count == 2);
        Assert.Equal([Second, Second], told);
        driver.Follow(link, []);
        Assert.False(driver.IsListening);
        driver.Follow(link, [First]);
        loop.Until(() => told.Count == 3);
        Assert.Equal(First, told[2]);
    });

    [Fact]
    public void More_than_the_filter_tells_apart_are_followed_all_the_same() => InNamespace((loop, link) =>
    {
        List<IpAddress> told = [];
        using NeighborDriver driver = new(loop, (in Neighbor one) => told.Add(one.Address));
        for (int count = NeighborDriver.FilteredMax - 1; count < NeighborDriver.FilteredMax + 2; count++)
        {
            List<IpAddress> all = [];
            for (int i = 0; i < count; i++)
            {
                all.Add(IpAddress.FromV6(((UInt128)0xFE80 << 112) + 0xC_0000 + (uint)i));
            }

            driver.Follow(link, all);
            told.Clear();
            Set(all[0], "stale");
            Set(all[^1], "stale");
            loop.Until(() => told.Contains(all[0]) && told.Contains(all[^1]));
            Set(all[0], "failed");
            Set(all[^1], "failed");
        }
    });

    [Fact]
    public void What_was_lost_is_asked_for() => InNamespace((loop, link) =>
    {
        Neighbor last = default;
        using NeighborDriver driver = new(loop, (in Neighbor one) => last = one);
        driver.Follow(link, [First, Second]);
        loop.Until(() => driver.Received == 2);
        StringBuilder changes = new();
        for (int i = 0; i < 2000; i++)
        {
            changes.AppendLine($"neigh replace {First} dev veth0 lladdr {Mac} nud stale");
            changes.AppendLine($"neigh replace {First} dev veth0 nud failed");
        }

        changes.AppendLine($"neigh replace {First} dev veth0 lladdr {Mac} nud permanent");
        NetworkNamespace.Ip("-batch -", changes.ToString());
        loop.Until(() => last.State == NeighborState.Permanent);
        Assert.NotEqual(0ul, driver.Losses);
    });

    private static void Set(IpAddress address, string state) => NetworkNamespace.Ip(
        $"neigh replace {address} dev veth0 {(state == "failed" ? "" : $"lladdr {Mac} ")}nud {state}");

    private static void InNamespace(Action<EventLoop, int> body) => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("link add veth0 type veth peer name veth1");
        NetworkNamespace.Ip("link set veth0 up");
        NetworkNamespace.Ip("link set veth1 up");
        LinuxKernel kernel = new();
        using EventLoop loop = new(kernel);
        body(loop, kernel.InterfaceIndex("veth0").Int);
    });
}
