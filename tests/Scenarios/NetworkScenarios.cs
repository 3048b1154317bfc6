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

    /// <summary>The first router is an address of the network's that goes away, as one does that never was more than a claim.</summary>
    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_default_router_that_does_not_answer_gives_way_to_one_that_does()
    {
        await using Lab lab = await Lab.BuildAsync("LAB_RA=no");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        await lab.NetworkAsync("ip", "addr", "add", "fe80::99/64", "dev", "lan", "nodad");
        await lab.NetworkAsync("python3", "-S", "-E", "-c", AdvertiseOnce);
        await lab.UntilAsync(async () => await GatewayAsync(lab) == "fe80::99", "the first router is used");

        await lab.NetworkAsync("ip", "addr", "del", "fe80::99/64", "dev", "lan");
        await lab.NetworkAsync("bash", "-c", "LAB_RA=yes network-service restart dnsmasq");
        await lab.UntilAsync(async () => (await lab.ClientAsync("ip", "-6", "route", "show", "default", "proto", "ra"))
            .Split('\n').Count(line => line.StartsWith("default")) == 2, "the kernel has heard both");
        await lab.UntilAsync(
            async () =>
            {
                // The kernel asks a router only when something is sent to it.
                await lab.ShellAsync("echo x >/dev/udp/2001:db8::1/9 || true");
                return await GatewayAsync(lab) is not ("fe80::99" or "");
            },
            "the other router is used",
            seconds: 90);
        Assert.Contains("router fe80::99 does not answer", await lab.DaemonLogAsync());
    }

    /// <summary>A router advertisement from fe80::99, of high preference, with the network's prefix.</summary>
    private const string AdvertiseOnce = """
        import socket, struct
        s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58)
        index = socket.if_nametoindex("lan")
        s.bind(("fe80::99", 0, 0, index))
        s.setsockopt(41, 18, 255)
        mac = bytes.fromhex(open("/sys/class/net/lan/address").read().strip().replace(":", ""))
        message = struct.pack("!BBHBBHII", 134, 0, 0, 64, 8, 1800, 0, 0) + b"\x01\x01" + mac
        message += struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 3600, 0) + socket.inet_pton(10, "fd77::")
        s.sendto(message, ("ff02::1", 0, 0, index))
        """;

    private static async Task<string> GatewayAsync(Lab lab) =>
        Regex.Match(await lab.ServiceAsync("IPv6"), @"Gateway=([0-9a-f:]+)").Groups[1].Value;

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
