using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>A cable goes in and comes out.</summary>
public sealed class CableScenarios
{
    [Fact]
    public async Task A_cable_goes_in_and_connmanctl_says_online()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.StartDaemonAsync();
        Assert.Equal("idle", await lab.StateAsync());
        Assert.Empty(await lab.ServicesAsync());

        Watch signals = await lab.WatchSignalsAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        await signals.UntilAsync("string \"State\"\\s+variant\\s+string \"ready\".*string \"State\"\\s+variant\\s+string \"online\"");
        await lab.UntilAsync(async () => (await lab.ServicesAsync()).SequenceEqual([("*AO", Lab.Wired)]), "the service online");

        string address = Assert.Single(await lab.AddressesAsync());
        Assert.StartsWith("10.77.0.", address);
        Assert.Contains("GET /online/status.html HTTP/1.1", await lab.HttpLogAsync());
        Assert.Contains("nameserver 10.77.0.1", await ResolvConfAsync(lab));
        Assert.Contains("default via 10.77.0.1 dev eth0", await lab.ClientAsync("ip", "route"));
    }

    [Fact]
    public async Task A_service_tells_its_lease()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string address = (await lab.AddressesAsync())[0].Split('/')[0];

        Assert.Equal($"[ Method=dhcp, Address={address}, Netmask=255.255.255.0, Gateway=10.77.0.1 ]", await lab.ServiceAsync("IPv4"));
        Assert.Equal("[ Method=dhcp ]", await lab.ServiceAsync("IPv4.Configuration"));
        Assert.Equal("[ Method=auto, Interface=eth0, Address=02:5D:00:00:00:01, MTU=1500 ]", await lab.ServiceAsync("Ethernet"));
        Assert.Equal("[ lab.test ]", await lab.ServiceAsync("Domains"));
        Assert.Contains("10.77.0.1", await lab.ServiceAsync("Nameservers"));
        Assert.Equal("Wired", await lab.ServiceAsync("Name"));
        Assert.Equal("ethernet", await lab.ServiceAsync("Type"));
        Assert.Equal("[  ]", await lab.ServiceAsync("Security"));
        Assert.Equal("True", await lab.ServiceAsync("Favorite"));
        Assert.Equal("False", await lab.ServiceAsync("Immutable"));
        Assert.Equal("True", await lab.ServiceAsync("AutoConnect"));
    }

    [Fact]
    public async Task The_cable_comes_out_and_all_that_was_of_it_goes()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.CableOutAsync();
        await lab.UntilStateAsync("idle");

        await lab.UntilAsync(async () => (await lab.ServicesAsync()).Count == 0, "no service without carrier");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 0, "no address");
        await lab.UntilAsync(async () => !(await ResolvConfAsync(lab)).Contains("nameserver 10.77"), "no name server");
        Assert.DoesNotContain("default", await lab.ClientAsync("ip", "route"));
    }

    [Fact]
    public async Task A_known_network_costs_one_round_trip()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string address = Assert.Single(await lab.AddressesAsync());
        await lab.CableOutAsync();
        await lab.UntilStateAsync("idle");

        int mark = await lab.DhcpMarkAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        Assert.Equal(["DHCPREQUEST", "DHCPACK"], (await lab.DhcpAsync(mark)).Take(2));
        Assert.DoesNotContain("DHCPDISCOVER", await lab.DhcpAsync(mark));
        Assert.Equal([address], await lab.AddressesAsync());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_hundred_cables_go_in_at_once_and_all_are_ready()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.ClientAsync("cable", "more", "99");
        await lab.StartDaemonAsync();
        await lab.UntilAsync(async () => Regex.Count(await lab.ClientAsync("ip", "-o", "link", "show", "up"), " eth[0-9]+@") == 100, "100 links up");
        await lab.CableInAsync();
        await lab.ClientAsync("cable", "all", "in");
        await lab.UntilAsync(async () => (await lab.ServicesAsync()).Count(service => Regex.IsMatch(service.Flags, "[RO]$")) == 100, "100 services ready", seconds: 120);
    }

    [Fact]
    public async Task Two_cables_can_change_their_order()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.ClientAsync("cable", "more", "1");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.CableInAsync("wire2");
        await lab.UntilAsync(async () => (await lab.ServicesAsync()).Count(service => Regex.IsMatch(service.Flags, "[RO]$")) == 2, "two services");

        List<string> order = (await lab.ServicesAsync()).Select(service => service.Id).ToList();
        await lab.ConnmanctlAsync("move-before", order[1], order[0]);
        await lab.UntilAsync(async () => (await lab.ServicesAsync())[0].Id == order[1], "the second is first");
        await lab.UntilAsync(async () => await DefaultLinkAsync(lab) == await lab.ServiceLinkAsync(order[1]), "the default route follows");

        await lab.ConnmanctlAsync("move-after", order[1], order[0]);
        await lab.UntilAsync(async () => (await lab.ServicesAsync())[0].Id == order[0], "the first is first again");
        await lab.UntilAsync(async () => await DefaultLinkAsync(lab) == await lab.ServiceLinkAsync(order[0]), "the default route follows again");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task When_the_first_cable_comes_out_the_second_takes_over()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ClientAsync("cable", "more", "1");
        await lab.CableInAsync("wire2");
        await lab.UntilAsync(async () => (await lab.ServicesAsync()).Count(service => Regex.IsMatch(service.Flags, "[RO]$")) == 2, "two services");
        string first = await DefaultLinkAsync(lab);

        await lab.CableOutAsync(first == "eth0" ? "cable" : "wire2");
        await lab.UntilAsync(async () => await DefaultLinkAsync(lab) == (first == "eth0" ? "eth2" : "eth0"), "the default route over the other");
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Containers_keep_their_links()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ShellAsync(
            """
            ip link add veth1234 type veth peer name cni1234 && ip link set veth1234 up && ip link set cni1234 up
            ip link add docker0 type bridge && ip link set docker0 up
            ip link add eth7 type veth peer name far7 && ip link set eth7 master docker0 up && ip link set far7 up
            ip link add eth8 type veth peer name far8 && ip link set far8 up
            """);
        await lab.UntilAsync(async () => (await lab.ServicesAsync()).Count == 2, "eth0 and eth8, an Ethernet port by its name, are services");
        await lab.StaysAsync(async () => (await lab.ServicesAsync()).Count == 2, "nothing else is");
        Assert.Empty(await lab.AddressesAsync("veth1234"));
    }

    private static async Task<string> ResolvConfAsync(Lab lab) => await lab.ShellAsync("cat /run/connman/resolv.conf /etc/resolv.conf 2>/dev/null; true");

    private static async Task<string> DefaultLinkAsync(Lab lab)
    {
        Match match = Regex.Match(await lab.ClientAsync("ip", "route", "get", "198.51.100.1"), "dev (\\S+)");
        return match.Groups[1].Value;
    }
}
