using System;
using Spindle.Basics;
using Spindle.Drivers.Dns;
using Spindle.Drivers.Sockets;
using Spindle.Loop;
using Spindle.Protocols.Dns;
using Spindle.Simulation.Network;
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
}
