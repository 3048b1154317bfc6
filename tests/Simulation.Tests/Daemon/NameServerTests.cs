using System;
using Spindle.Basics;
using Spindle.Drivers.Dns;
using Spindle.Drivers.Sockets;
using Spindle.Loop;
using Spindle.Protocols.Dns;
using Spindle.Simulation.Network;
using Spindle.Simulation.Tests.Network;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Daemons;

/// <summary>Whom a name server can be asked from.</summary>
public sealed class NameServerTests
{
    [Theory]
    [InlineData(NetworkKind.Dead, 2, true)]
    [InlineData(NetworkKind.HomeWithoutIpv6, 60, false)]
    public void Over_a_link_without_an_address_nobody_is_asked(object kind, int seconds, bool isUnreachable)
    {
        DaemonLife life = new(60);
        NetworkAdapter adapter = life.Plug("eth0", (NetworkKind)kind);
        life.Start();
        life.Run(TimeSpan.FromSeconds(seconds));
        DnsQueryOptions options = new() { Host = "ipv4.connman.net", Family = IpFamily.V4, Servers = [new DnsServer(IpAddress.Parse("192.168.1.53"))] };
        DnsQueryResult? result = null;
        LinkScope link = new("eth0", adapter.Link!.Index);
        using DnsDriver driver = new(new EventLoop(life.Machine.StartProcess()), link, options, (_, found) => result = found);
        driver.Start();
        Assert.Equal(isUnreachable ? DnsQueryOutcome.Unreachable : null, result?.Outcome);
    }

    [Fact]
    public void A_server_that_the_service_has_no_address_for_is_not_asked_from_anothers()
    {
        DaemonLife life = new(61);
        RecordingStation line = new(life.Machine.World, 99);
        life.Plug("eth0", NetworkKind.Home, listener: line);
        life.Provision("[service_here]\nType = ethernet\nMAC = 02:00:00:00:00:01\nIPv4 = off\nNameservers = 192.168.2.53\n");
        life.Start();
        life.Run(TimeSpan.FromMinutes(1));
        life.Plug("eth1", NetworkKind.HomeWithoutIpv6);
        life.Run(TimeSpan.FromMinutes(5));
        life.AssertSaid("eth1 ethernet_020000000002_cable: Configuration -> Ready");
        Assert.DoesNotContain(line.Frames, static frame => frame.AsSpan(6, 8).SequenceEqual(ArpFromHere));
    }

    // The link's hardware address, and the type behind it.
    private static ReadOnlySpan<byte> ArpFromHere => [2, 0, 0, 0, 0, 1, 8, 6];
}
