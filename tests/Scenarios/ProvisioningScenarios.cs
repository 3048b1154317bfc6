using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>Files that an administrator writes while the daemon runs.</summary>
public sealed class ProvisioningScenarios
{
    private const string File = "/var/lib/connman/lab.config";
    private const string Good = "[service_lab]\nType=ethernet\nMAC=02:5d:00:00:00:01\nIPv4=10.77.0.20/24/10.77.0.1\nNameservers=10.77.0.1\n";

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_file_takes_effect_at_once_and_a_removed_one_is_taken_back()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.WriteAsync(File, Good);
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual(["10.77.0.20/24"]), "the address of the file");
        await lab.UntilAsync(async () => await lab.ServiceAsync("Immutable") == "True", "an immutable service");

        await lab.ClientAsync("rm", File);
        await lab.UntilAsync(async () => await lab.ServiceAsync("Immutable") == "False", "not immutable any more");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).All(address => address != "10.77.0.20/24"), "the address of the file has gone");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_broken_file_is_refused_whole_and_the_last_good_one_stays()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.WriteAsync(File, Good);
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        Assert.Equal(["10.77.0.20/24"], await lab.AddressesAsync());

        await lab.WriteAsync(File, "[service_lab]\nType=ethernet\nMAC=02:5d:00:00:00:01\nIPv4=10.77.0.300/24\n");
        await lab.UntilAsync(async () => Regex.IsMatch(await lab.DaemonLogAsync(), @"lab\.config[:, ].*\b4\b"), "file, line and reason in the log");
        await lab.StaysAsync(async () => (await lab.AddressesAsync()).SequenceEqual(["10.77.0.20/24"]), "the last good one");

        await lab.WriteAsync(File, Good.Replace(".20/", ".21/"));
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual(["10.77.0.21/24"]), "a good one again");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_file_without_mac_or_name_is_for_every_ethernet_port_but_a_containers()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ShellAsync("ip link add veth1234 type veth peer name cni1234 && ip link set veth1234 up && ip link set cni1234 up");
        await lab.WriteAsync(File, "[service_any]\nType=ethernet\nIPv4=10.77.0.22/24/10.77.0.1\n");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual(["10.77.0.22/24"]), "the address of the file");
        Assert.Empty(await lab.AddressesAsync("veth1234"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Sighup_reads_main_conf_again()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.WriteAsync("/etc/connman/main.conf", "[General]\nOnlineCheckIPv4URL=http://10.77.0.1/other\nOnlineCheckIPv6URL=http://[fd77::1]/other\n");
        await lab.SignalDaemonAsync("HUP");
        await lab.UntilAsync(async () => (await lab.DaemonLogAsync()).Contains("main.conf"), "the log says so");
        await lab.CableOutAsync();
        await lab.UntilStateAsync("idle");
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        Assert.Contains("GET /other", await lab.HttpLogAsync());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_broken_main_conf_is_said_and_ends_nothing()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ShellAsync("head -c 3000 /dev/urandom >/etc/connman/main.conf");
        await lab.SignalDaemonAsync("HUP");
        await lab.UntilAsync(async () => (await lab.DaemonLogAsync()).Contains("main.conf"), "the log says so");
        Assert.Equal("online", await lab.StateAsync());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Torn_settings_are_set_aside_and_end_nothing()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.ShellAsync($"mkdir -p /var/lib/connman/{Lab.Wired} && head -c 3000 /dev/urandom | tee /var/lib/connman/settings >/var/lib/connman/{Lab.Wired}/settings");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
    }
}
