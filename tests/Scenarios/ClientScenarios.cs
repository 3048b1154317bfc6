using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>What a user does with ConnMan's own command line.</summary>
public sealed class ClientScenarios
{
    [Fact]
    public async Task Technologies_are_shown()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string text = await lab.ConnmanctlAsync("technologies");
        Assert.Contains("/net/connman/technology/ethernet", text);
        Assert.Contains("Name = Wired", text);
        Assert.Contains("Type = ethernet", text);
        Assert.Contains("Powered = True", text);
        Assert.Contains("Connected = True", text);
        Assert.Contains("Tethering = False", text);
    }

    [Fact]
    public async Task Disable_takes_the_service_away_and_enable_brings_it_back()
    {
        await using Lab lab = await Lab.OnlineAsync();
        Assert.Matches("^Disabled? ethernet", await lab.ConnmanctlAsync("disable", "ethernet"));
        await lab.UntilAsync(async () => (await lab.ServicesAsync()).Count == 0, "no service");
        await lab.UntilStateAsync("idle");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 0, "no address");
        Assert.Contains("already disabled", (await lab.TryAsync("connmanctl", "disable", "ethernet")).Output, System.StringComparison.OrdinalIgnoreCase);

        Assert.Matches("^Enabled? ethernet", await lab.ConnmanctlAsync("enable", "ethernet"));
        await lab.UntilStateAsync("online");
    }

    [Fact]
    public async Task Disconnect_takes_the_addresses_and_connect_brings_them_back()
    {
        await using Lab lab = await Lab.OnlineAsync();
        Assert.Contains("Disconnected", await lab.ConnmanctlAsync("disconnect", Lab.Wired));
        await lab.UntilStateAsync("idle");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 0, "no address");
        await lab.UntilAsync(async () => (await lab.ServiceAsync("State")) == "idle", "an idle service");
        await lab.StaysAsync(async () => (await lab.StateAsync()) == "idle", "a user's disconnect is respected");

        Assert.Contains("Connected", await lab.ConnmanctlAsync("connect", Lab.Wired));
        await lab.UntilStateAsync("online");
        Assert.Contains("Already connected", (await lab.TryAsync("connmanctl", "connect", Lab.Wired)).Output);
    }

    [Fact]
    public async Task What_others_have_put_on_the_link_stays_after_a_disconnect()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ShellAsync("ip addr add 192.0.2.9/24 dev eth0 && ip route add 203.0.113.0/24 via 192.0.2.1 dev eth0");
        await lab.ConnmanctlAsync("disconnect", Lab.Wired);
        await lab.UntilAsync(async () => !(await lab.ClientAsync("ip", "-4", "addr", "show", "eth0")).Contains("10.77.0."), "our address has gone");
        Assert.Equal(["192.0.2.9/24"], await lab.AddressesAsync());
        Assert.Contains("203.0.113.0/24", await lab.ClientAsync("ip", "route"));
    }

    [Fact]
    public async Task An_address_by_hand_and_back_to_dhcp()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ConnmanctlAsync("config", Lab.Wired, "--ipv4", "manual", "10.77.0.9", "255.255.255.0", "10.77.0.1");
        await lab.UntilAsync(async () => await lab.ServiceAsync("IPv4") == "[ Method=manual, Address=10.77.0.9, Netmask=255.255.255.0, Gateway=10.77.0.1 ]", "the manual address");
        Assert.Equal(["10.77.0.9/24"], await lab.AddressesAsync());
        Assert.Equal("[ Method=manual, Address=10.77.0.9, Netmask=255.255.255.0, Gateway=10.77.0.1 ]", await lab.ServiceAsync("IPv4.Configuration"));
        await lab.UntilAsync(async () => (await lab.ClientAsync("ip", "route")).Contains("default via 10.77.0.1 dev eth0"), "a default route");

        await lab.ConnmanctlAsync("config", Lab.Wired, "--ipv4", "dhcp");
        await lab.UntilAsync(async () => (await lab.ServiceAsync("IPv4")).Contains("Method=dhcp, Address=10.77.0."), "a lease again");
        await lab.UntilAsync(async () => !(await lab.AddressesAsync()).Contains("10.77.0.9/24"), "the manual address has gone");
    }

    [Fact]
    public async Task Ipv4_off_and_on()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ConnmanctlAsync("config", Lab.Wired, "--ipv4", "off");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 0, "no IPv4 address");
        await lab.ConnmanctlAsync("config", Lab.Wired, "--ipv4", "dhcp");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 1, "a lease");
    }

    [Fact]
    public async Task Name_servers_domains_and_time_servers_by_hand()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ConnmanctlAsync("config", Lab.Wired, "--nameservers", "10.77.0.53", "10.77.0.54");
        await lab.UntilAsync(async () => await lab.ServiceAsync("Nameservers") == "[ 10.77.0.53, 10.77.0.54 ]", "the name servers");
        Assert.Equal("[ 10.77.0.53, 10.77.0.54 ]", await lab.ServiceAsync("Nameservers.Configuration"));
        await lab.UntilAsync(
            async () => Regex.IsMatch(await lab.ShellAsync("cat /run/connman/resolv.conf /etc/resolv.conf 2>/dev/null; true"), "nameserver 10.77.0.53\\s+nameserver 10.77.0.54"),
            "resolv.conf");

        await lab.ConnmanctlAsync("config", Lab.Wired, "--domains", "example.org", "example.net");
        await lab.UntilAsync(async () => await lab.ServiceAsync("Domains.Configuration") == "[ example.org, example.net ]", "the domains");
        await lab.UntilAsync(async () => (await lab.ShellAsync("cat /run/connman/resolv.conf /etc/resolv.conf 2>/dev/null; true")).Contains("search example.org"), "search in resolv.conf");

        await lab.ConnmanctlAsync("config", Lab.Wired, "--timeservers", "10.77.0.123");
        await lab.UntilAsync(async () => await lab.ServiceAsync("Timeservers.Configuration") == "[ 10.77.0.123 ]", "the time servers");

        // Settings outlive the daemon.
        await lab.UntilAsync(
            async () => (await lab.TryAsync("grep", "-c", "10.77.0.53;10.77.0.54;\\|example.org;example.net;\\|10.77.0.123;", $"/var/lib/connman/{Lab.Wired}/settings")).Output.Trim() == "3",
            "the settings are stored");
        await lab.StopDaemonAsync();
        await lab.StartDaemonAsync();
        await lab.UntilAsync(async () => await lab.ServiceAsync("Nameservers.Configuration") == "[ 10.77.0.53, 10.77.0.54 ]", "the name servers after a restart");
    }

    [Fact]
    public async Task Without_autoconnect_a_cable_alone_connects_nothing()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ConnmanctlAsync("config", Lab.Wired, "--autoconnect", "no");
        await lab.UntilAsync(async () => await lab.ServiceAsync("AutoConnect") == "False", "AutoConnect is off");
        await lab.CableOutAsync();
        await lab.UntilStateAsync("idle");
        await lab.CableInAsync();
        await lab.UntilAsync(async () => (await lab.ServicesAsync()).Count == 1, "the service is there");
        await lab.StaysAsync(async () => await lab.StateAsync() == "idle", "nothing connects");

        await lab.ConnmanctlAsync("connect", Lab.Wired);
        await lab.UntilStateAsync("online");
        await lab.ConnmanctlAsync("config", Lab.Wired, "--autoconnect", "yes");
        await lab.UntilAsync(async () => await lab.ServiceAsync("AutoConnect") == "True", "AutoConnect is on");
        await lab.CableOutAsync();
        await lab.UntilStateAsync("idle");
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
    }

    [Fact]
    public async Task Monitor_shows_what_changes()
    {
        await using Lab lab = await Lab.OnlineAsync();
        Watch monitor = lab.Watch("connmanctl");
        await monitor.TypeAsync("monitor");
        await monitor.TypeAsync("state");
        int mark = await monitor.UntilAsync("State = online");
        await lab.CableOutAsync();
        mark = await monitor.UntilAsync("Manager +State = idle", mark);
        await lab.CableInAsync();
        await monitor.UntilAsync("Manager +State = online", mark);
    }

    [Fact]
    public async Task Offline_mode_is_kept()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ConnmanctlAsync("enable", "offline");
        await lab.UntilAsync(async () => (await lab.ConnmanctlAsync("state")).Contains("OfflineMode = True"), "offline mode");
        await lab.UntilStateAsync("offline");
        await lab.StopDaemonAsync();
        await lab.StartDaemonAsync();
        Assert.Contains("OfflineMode = True", await lab.ConnmanctlAsync("state"));
        await lab.ConnmanctlAsync("disable", "offline");
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_portal_asks_for_the_browser()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.HttpAsync("redirect");
        await lab.StartDaemonAsync();
        Watch agent = lab.Watch("connmanctl");
        await agent.TypeAsync("agent on");
        await agent.UntilAsync("Agent registered");
        await lab.CableInAsync();
        await agent.UntilAsync("Agent RequestBrowser.*http://10\\.77\\.0\\.1/login");
        Assert.Equal("ready", await lab.StateAsync());
    }
}
