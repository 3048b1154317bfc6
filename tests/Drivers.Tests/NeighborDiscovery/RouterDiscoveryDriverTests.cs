using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Drivers.NeighborDiscovery;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.NeighborDiscovery;

namespace Spindle.Drivers.Tests;

public sealed class RouterDiscoveryDriverTests
{
    private const int LevelIpv6 = 41;
    private static readonly IpAddress AllNodes = IpAddress.Parse("ff02::1");
    private static readonly IpAddress Server = IpAddress.Parse("2001:db8::53");

    [Fact]
    public void A_solicitation_goes_out_and_the_answer_is_told() => InNamespace((loop, kernel, host, router) =>
    {
        List<(int Link, RouterDiscoveryOutput Change)> told = [];
        using RouterDiscoveryDriver driver = new(loop, (link, _, change) => told.Add((link, change)));
        int routerSocket = OpenRouter(kernel, router);
        MacAddress mac = MacAddress.Read([2, 0, 0, 0, 0, 1]);
        Assert.True(driver.Follow(host, mac).IsOk);

        RouterSolicitation heard = default;
        loop.Until(() => TryHear(kernel, routerSocket, out heard));
        Assert.Equal(mac, heard.Source);

        Send(kernel, routerSocket, router, hops: 64);
        loop.Until(() => driver.Dropped == 1);
        Assert.Empty(told);

        Send(kernel, routerSocket, router, hops: 255);
        loop.Until(() => told.Contains((host, RouterDiscoveryOutput.ResolversChanged)));
        Assert.True(driver.TryGet(host, out RouterDiscovery discovery));
        Assert.Equal([Server], discovery.Servers);
        Assert.True(discovery.HasOtherConfiguration);
        Assert.Equal(RouterDiscoveryState.Listening, discovery.State);

        driver.Forget(host);
        told.Clear();
        Send(kernel, routerSocket, router, hops: 64);
        loop.Until(() => driver.Dropped == 2);
        Assert.Empty(told);
        kernel.Close(routerSocket);
    });

    [Fact]
    public void Settings_of_a_link_are_written_and_read_and_of_no_other_file() => InNamespace((_, kernel, _, _) =>
    {
        Ipv6Settings settings = new(kernel);
        Assert.True(settings.Write("veth0", Ipv6Setting.UseTemporaryAddresses, 2).IsOk);
        Assert.Equal(2, settings.Read("veth0", Ipv6Setting.UseTemporaryAddresses).Value);
        Assert.True(settings.Write("veth0", Ipv6Setting.DisableIpv6, 1).IsOk);
        Assert.DoesNotContain("inet6", NetworkNamespace.Ip("addr show dev veth0"), StringComparison.Ordinal);
        foreach (Ipv6Setting setting in Enum.GetValues<Ipv6Setting>())
        {
            Assert.True(settings.Read("veth0", setting).IsOk, setting.ToString());
        }

        Assert.Equal(Errno.ENOENT, settings.Write("none", Ipv6Setting.DisableIpv6, 1).Error);
        foreach (string name in (string[])["", ".", "..", "all", "default", "a/b", "../lo", "a b", "sixteen-octets-x"])
        {
            Assert.Equal(Errno.EINVAL, settings.Write(name, Ipv6Setting.DisableIpv6, 1).Error);
            Assert.Equal(Errno.EINVAL, settings.Read(name, Ipv6Setting.DisableIpv6).Error);
        }
    });

    private static void InNamespace(Action<EventLoop, Kernel, int, int> body) => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("link add veth0 type veth peer name veth1");
        LinuxKernel kernel = new();
        foreach (string name in (string[])["veth0", "veth1"])
        {
            // Link-local addresses at once, and no router discovery of the kernel's in between.
            NetworkNamespace.Run("sysctl", $"-qw net.ipv6.conf.{name}.accept_dad=0 net.ipv6.conf.{name}.router_solicitations=0");
            NetworkNamespace.Ip($"link set {name} up");
        }

        using EventLoop loop = new(kernel);
        loop.Until(() => NetworkNamespace.Ip("-6 addr show").Split("scope link").Length == 3);
        body(loop, kernel, kernel.InterfaceIndex("veth0").Int, kernel.InterfaceIndex("veth1").Int);
    });

    private static int OpenRouter(Kernel kernel, int index)
    {
        int fd = kernel.Socket(AddressFamily.Inet6, SocketType.Raw, 58).Int;
        byte[] group = new byte[20];
        IpAddress.Parse("ff02::2").Write(group);
        MemoryMarshal.Write(group.AsSpan(16), index);
        Assert.True(kernel.SetSocketOption(fd, LevelIpv6, 20, group).IsOk);

        // Both ends are in one namespace: what is sent would come back on the router's link too.
        Assert.True(kernel.SetSocketOption(fd, LevelIpv6, 19, 0).IsOk);
        return fd;
    }

    private static bool TryHear(Kernel kernel, int fd, out RouterSolicitation solicitation)
    {
        byte[] packet = new byte[1500];
        solicitation = default;
        Result result = kernel.ReceiveFrom(fd, packet, 0, out _);
        return result.IsOk && RouterSolicitation.TryRead(packet.AsSpan(0, result.Int), out solicitation);
    }

    private static void Send(Kernel kernel, int fd, int index, int hops)
    {
        byte[] packet = new byte[RouterAdvertisementHeader.Size + 24];
        new RouterAdvertisementHeader(64, false, true, default, 1800, 0, 0).Write(packet);
        RecursiveDnsServers.Write(packet.AsSpan(RouterAdvertisementHeader.Size), 600, [Server]);
        Assert.True(kernel.SetSocketOption(fd, LevelIpv6, 18, hops).IsOk);
        Assert.True(kernel.SendTo(fd, packet, 0, SocketAddress.Inet(AllNodes, 0, (uint)index)).IsOk);
    }
}
