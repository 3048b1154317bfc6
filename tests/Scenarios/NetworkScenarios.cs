using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>Networks that are slow, wrong, rich or lying.</summary>
public sealed class NetworkScenarios
{
    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_lying_server_is_not_believed()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.NetworkAsync("network-service", "start", "liar");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 1, "one lease");
        Assert.StartsWith("10.77.0.", Assert.Single(await lab.AddressesAsync()));
        Assert.DoesNotContain("10.66", await lab.ShellAsync("ip route; cat /run/connman/resolv.conf /etc/resolv.conf 2>/dev/null; true"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task One_lost_packet_costs_no_seconds()
    {
        await using Lab lab = await Lab.BuildAsync("LAB_RA=no");
        await lab.NetworkAsync(
            "nft", "table netdev lost { chain in { type filter hook ingress device \"cable\" priority 0; udp dport 67 limit rate 1/day burst 1 packets counter drop; }; }");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        Assert.Contains("counter packets 1 ", await lab.NetworkAsync("nft", "list", "ruleset"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Without_a_server_a_link_local_address_serves_until_one_appears()
    {
        await using Lab lab = await Lab.BuildAsync("LAB_RA=no");
        await lab.NetworkAsync("network-service", "stop", "dnsmasq");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Any(address => address.StartsWith("169.254.")), "a link-local address", seconds: 90);
        await lab.UntilStateAsync("ready");
        await lab.NetworkAsync("network-service", "start", "dnsmasq");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Any(address => address.StartsWith("10.77.0.")), "a lease", seconds: 90);
        await lab.UntilAsync(async () => !(await lab.AddressesAsync()).Any(address => address.StartsWith("169.254.")), "the link-local address has gone");
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Classless_routes_win_over_the_router()
    {
        await using Lab lab = await Lab.OnlineAsync("LAB_DNSMASQ=--dhcp-option=121,10.9.0.0/16,10.77.0.9,0.0.0.0/0,10.77.0.1");
        string routes = await lab.ClientAsync("ip", "route");
        Assert.Contains("10.9.0.0/16 via 10.77.0.9 dev eth0", routes);
        Assert.Contains("default via 10.77.0.1 dev eth0", routes);
    }

    [Fact]
    public async Task A_name_from_dhcp_becomes_the_host_name()
    {
        await using Lab lab = await Lab.OnlineAsync("LAB_DNSMASQ=--dhcp-host=02:5d:00:00:00:01,lamp");
        await lab.UntilAsync(async () => (await lab.ClientAsync("hostname")).Trim() == "lamp", "the host name");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Router_advertisements_give_address_and_name_servers()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.UntilAsync(async () => (await lab.AddressesAsync("eth0", "-6", "scope global")).Any(address => address.StartsWith("fd77:")), "a global address");
        await lab.UntilAsync(async () => (await lab.ServiceAsync("IPv6")).Contains("Address=fd77:"), "IPv6 of the service");
        await lab.UntilAsync(async () => Regex.IsMatch(await lab.ServiceAsync("Nameservers"), "fd77::1"), "the name server of the advertisement");
        await lab.ConnmanctlAsync("config", Lab.Wired, "--ipv6", "off");
        await lab.UntilAsync(async () => (await lab.AddressesAsync("eth0", "-6", "scope global")).Count == 0, "no global IPv6 address");
        Assert.Equal("online", await lab.StateAsync());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Ipv6_alone_is_a_network_too()
    {
        await using Lab lab = await Lab.BuildAsync("LAB_DNSMASQ=--dhcp-ignore=tag:!nobody");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        Assert.DoesNotContain(await lab.AddressesAsync(), address => address.StartsWith("10."));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_check_that_fails_is_asked_again()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.HttpAsync("404");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("ready");
        await lab.UntilAsync(async () => Regex.Count(await lab.HttpLogAsync(), "GET /online") >= 2, "a second request");
        Assert.Equal("ready", await lab.StateAsync());
        await lab.HttpAsync("online-body");
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Garbage_instead_of_http_is_a_failure_like_any_other()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.HttpAsync("garbage");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilAsync(async () => (await lab.HttpLogAsync()).Contains("garbage GET"), "a request");
        await lab.UntilStateAsync("ready");
        await lab.HttpAsync("online");
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Without_main_conf_the_defaults_apply()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.ClientAsync("rm", "/etc/connman/main.conf");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_short_lease_is_renewed_in_time()
    {
        await using Lab lab = await Lab.OnlineAsync("LAB_LEASE=2m\nLAB_DNSMASQ=--dhcp-option-force=58,5 --dhcp-option-force=59,60");
        string address = Assert.Single(await lab.AddressesAsync());
        int mark = await lab.DhcpMarkAsync();
        await lab.UntilAsync(async () => (await lab.DhcpAsync(mark)).Contains("DHCPACK"), "a renewal at T1");
        Assert.DoesNotContain("DHCPDISCOVER", await lab.DhcpAsync(mark));
        Assert.Equal([address], await lab.AddressesAsync());
    }
}
