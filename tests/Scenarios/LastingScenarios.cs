using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>What stays when the daemon, the bus or the kernel's queue goes.</summary>
public sealed class LastingScenarios
{
    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task After_sigterm_addresses_and_routes_stay_and_the_next_start_adopts_them()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string address = Assert.Single(await lab.AddressesAsync());
        Watch changes = lab.Watch("ip", "monitor", "address", "route");
        await lab.StopDaemonAsync();

        Assert.Equal([address], await lab.AddressesAsync());
        Assert.Contains("default via 10.77.0.1 dev eth0", await lab.ClientAsync("ip", "route"));
        Assert.DoesNotContain("valid_lft forever", await lab.ClientAsync("ip", "-4", "addr", "show", "eth0"));
        await lab.ShellAsync("timeout 5 bash -c 'exec 3<>/dev/tcp/10.77.0.1/80'");

        await lab.StartDaemonAsync();
        await lab.UntilStateAsync("online");
        Assert.Equal([address], await lab.AddressesAsync());
        Assert.DoesNotContain(changes.Lines(), line => line.Contains("Deleted") && line.Contains("inet 10.77"));
        Assert.DoesNotContain(changes.Lines(), line => line.Contains("Deleted default via 10.77.0.1"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task After_sigkill_too()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string address = Assert.Single(await lab.AddressesAsync());
        Watch changes = lab.Watch("ip", "monitor", "address");
        await lab.SignalDaemonAsync("KILL");
        await lab.UntilAsync(async () => (await lab.TryAsync("daemon", "alive")).Status != 0, "the daemon is dead");
        Assert.Equal([address], await lab.AddressesAsync());

        await lab.StartDaemonAsync();
        await lab.UntilStateAsync("online");
        Assert.Equal([address], await lab.AddressesAsync());
        Assert.DoesNotContain(changes.Lines(), line => line.Contains("Deleted") && line.Contains("inet 10.77"));

        await lab.ConnmanctlAsync("disconnect", Lab.Wired);
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 0, "what was adopted is ours to remove");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task What_the_machine_booted_with_is_kept()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.ShellAsync("ip link set eth0 up && ip addr add 10.77.0.40/24 dev eth0 && ip route add default via 10.77.0.1");
        await lab.CableInAsync();
        await lab.ShellAsync("until timeout 1 bash -c 'exec 3<>/dev/tcp/10.77.0.1/80' 2>/dev/null; do sleep 0.1; done");
        Watch changes = lab.Watch("ip", "monitor", "address", "link");
        await lab.StartDaemonAsync();
        await lab.UntilStateAsync("online");
        Assert.Contains("10.77.0.40/24", await lab.AddressesAsync());
        Assert.DoesNotContain(changes.Lines(), line => line.Contains("Deleted") && line.Contains("10.77.0.40"));
        Assert.DoesNotContain(changes.Lines(), line => line.Contains("eth0") && line.Contains("state DOWN"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Sigterm_leaves_no_process_and_no_socket()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.StopDaemonAsync();
        // The last thread of a process may still be closing its sockets when the process counts as ended.
        await lab.UntilAsync(
            async () => (await lab.ShellAsync(
                "ss -Hanup; ss -Hantp | grep -v TIME-WAIT; grep -v sk /proc/net/packet; true")).Trim().Length == 0,
            "no socket is left");
        Assert.DoesNotContain("spindled", await lab.ShellAsync("cat /proc/[0-9]*/comm"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_storm_does_not_make_it_deaf()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ShellAsync(
            """
            for ((i = 0; i < 10000; i++)); do echo "route add 10.200.$((i / 250)).$((i % 250 + 1))/32 dev eth0"; done >/run/lab/storm
            ip -batch /run/lab/storm
            for ((i = 0; i < 10000; i++)); do echo "link set dev eth0 alias storm$i"; done >/run/lab/storm
            ip -batch /run/lab/storm
            """);
        Assert.Equal("online", await lab.StateAsync());
        await lab.CableOutAsync();
        await lab.UntilStateAsync("idle");
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task When_the_bus_goes_links_stay_and_when_it_comes_back_so_does_the_name()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string address = Assert.Single(await lab.AddressesAsync());
        Watch changes = lab.Watch("ip", "monitor", "address");
        await lab.ClientAsync("bus", "stop");
        await lab.StaysAsync(async () => (await lab.AddressesAsync()).Contains(address), "the address, without a bus", seconds: 1);
        await lab.ClientAsync("daemon", "alive");

        await lab.ClientAsync("bus", "start");
        await lab.UntilAsync(async () => (await lab.TryAsync("connmanctl", "state")).Output.Contains("State = online"), "the name is owned again");
        Assert.DoesNotContain(changes.Lines(), line => line.Contains("Deleted") && line.Contains("inet 10.77"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_stopped_bus_delays_nothing_but_the_bus()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.StartDaemonAsync();
        await lab.ShellAsync("kill -STOP $(cat /run/lab/bus.pid)");
        await lab.CableInAsync();
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).Count == 1, "a lease while the bus is stopped");
        await lab.ShellAsync("kill -CONT $(cat /run/lab/bus.pid)");
        await lab.UntilStateAsync("online");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_second_daemon_ends_with_1_and_says_why()
    {
        await using Lab lab = await Lab.OnlineAsync();
        (int status, string output) = await lab.TryAsync($"{Lab.Root}/artifacts/spindled", "-n", "-r");
        Assert.Equal(1, status);
        Assert.Contains("net.connman", output);
        Assert.Equal("online", await lab.StateAsync());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Without_n_it_goes_to_the_background_when_it_owns_its_name()
    {
        await using Lab lab = await Lab.BuildAsync();
        (int status, _) = await lab.TryAsync("bash", "-c", $"{Lab.Root}/artifacts/spindled -r </dev/null >/dev/null 2>&1");
        Assert.Equal(0, status);
        Assert.Equal("idle", await lab.StateAsync());
    }

    [Fact]
    public async Task Settings_are_in_connmans_own_form()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string address = (await lab.AddressesAsync())[0].Split('/')[0];
        string path = $"/var/lib/connman/{Lab.Wired}/settings";
        await lab.UntilAsync(async () => (await lab.TryAsync("grep", "-q", "LastAddress", path)).Status == 0, "the settings");
        string text = await lab.ClientAsync("cat", path);
        Assert.Contains($"[{Lab.Wired}]", text);
        Assert.Contains("Name=Wired", text);
        Assert.Contains("AutoConnect=true", text);
        Assert.Contains("IPv4.method=dhcp", text);
        Assert.Contains($"IPv4.DHCP.LastAddress={address}", text);
        Assert.Matches("Modified=20[0-9-]+T[0-9:]+Z", text);
        Assert.Equal("600", (await lab.ClientAsync("stat", "-c", "%a", path)).Trim());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Its_signals_are_blocked_in_every_thread_and_it_lives_once()
    {
        await using Lab lab = await Lab.OnlineAsync();
        string masks = await lab.ShellAsync("grep -h ^SigBlk /proc/$(daemon pid)/task/*/status");
        Assert.All(
            masks.Split('\n', System.StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Equal(0x4003ul, System.Convert.ToUInt64(line.Split('\t')[1], 16) & 0x4003ul)); // HUP, INT, TERM
        string environment = await lab.ShellAsync("tr '\\0' '\\n' </proc/$(daemon pid)/environ");
        Assert.DoesNotContain("SPINDLE_SIGNALS_BLOCKED", environment); // the mark of a second life
    }
}
