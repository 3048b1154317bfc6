using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using static Spindle.Scenarios.LibvirtLab;

namespace Spindle.Scenarios;

/// <summary>The libvirt door of the real daemon, by a client of the lab with a codec of its own (lab/tools/libvirt-client), against real links.</summary>
public sealed class LibvirtScenarios
{
    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task The_hosts_interfaces_are_listed_and_described_as_the_kernel_has_them()
    {
        await using Lab lab = await OnlineAsync();
        await lab.ShellAsync("ip link add br7 address 02:00:00:00:07:00 type bridge stp_state 1 forward_delay 400 && "
            + "ip link add port7 address 02:00:00:00:07:01 type veth peer name port8 && ip link set port7 master br7 up && ip link set br7 up");
        bool hasVlans = (await lab.TryAsync("ip", "link", "add", "link", "eth0", "name", "eth0.5", "type", "vlan", "id", "5")).Status == 0;
        await lab.UntilAsync(async () => (await VirshAsync(lab, "iface-list", "--all")).Contains("br7"), "the bridge in the list");
        string[] list = (await VirshAsync(lab, "iface-list", "--all")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains($" eth0       active   {Mac}", list);
        Assert.Contains(" lo         active   00:00:00:00:00:00", list);
        Assert.DoesNotContain(list, line => line.Contains("port7", StringComparison.Ordinal));
        Assert.Equal(Mac, (await VirshAsync(lab, "iface-mac", "eth0")).Trim());
        Assert.Equal("lo", (await VirshAsync(lab, "iface-name", "00:00:00:00:00:00")).Trim());

        string address = Assert.Single(await lab.AddressesAsync());
        string[] parts = address.Split('/');
        string eth0 = await VirshAsync(lab, "iface-dumpxml", "eth0");
        Assert.Contains($"<dhcp/>\n    <ip address='{parts[0]}' prefix='{parts[1]}'/>\n    <route gateway='10.77.0.1'/>", eth0, StringComparison.Ordinal);
        Assert.Contains("<link speed='10000' state='up'/>", eth0, StringComparison.Ordinal);
        string bridge = await VirshAsync(lab, "iface-dumpxml", "br7");
        Assert.Contains("<bridge stp='on' delay='400'>\n    <interface type='ethernet' name='port7'>", bridge, StringComparison.Ordinal);
        if (hasVlans)
        {
            Assert.Contains("<vlan tag='5'>\n    <interface name='eth0'/>", await VirshAsync(lab, "iface-dumpxml", "eth0.5"), StringComparison.Ordinal);
        }

        Assert.Equal("client", (await VirshAsync(lab, "hostname")).Trim());
        Assert.Equal("interface 1000 9000000", (await VirshAsync(lab, "version")).Trim());
        Assert.StartsWith($"model {(OperatingSystem.IsLinux() ? (await lab.ShellAsync("uname -m")).Trim() : "")} cpus {(await lab.ShellAsync("nproc --all")).Trim()} ",
            await VirshAsync(lab, "nodeinfo"), StringComparison.Ordinal);
        Assert.Contains("net_eth0_02_5d_00_00_00_01\n", await VirshAsync(lab, "nodedev-list"), StringComparison.Ordinal);
        Assert.StartsWith("computer\n", await VirshAsync(lab, "nodedev-list"), StringComparison.Ordinal);
        Assert.Contains("<capability type='system'>", await VirshAsync(lab, "nodedev-dumpxml", "computer"), StringComparison.Ordinal);
        Assert.Contains("<path>/sys/devices/virtual/net/eth0</path>", await VirshAsync(lab, "nodedev-dumpxml", "net_eth0_02_5d_00_00_00_01"), StringComparison.Ordinal);
        Assert.Equal((1, "error: Interface not found: couldn't find interface named 'nosuch' [57/26]\n"), await TryVirshAsync(lab, "iface-mac", "nosuch"));
        Assert.Equal((1, "error: unknown procedure: 203 [39/7]\n"), await TryVirshAsync(lab, "raw", "203"));
        Assert.Equal((1, "error: operation forbidden: read only access prevents virInterfaceDestroy [29/26]\n"), await TryVirshAsync(lab, "-r", "iface-destroy", "eth0"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task For_tls_spindled_becomes_the_executable_that_has_it()
    {
        await using Lab lab = await OnlineAsync(On + "listen_tls=true\n");
        Assert.EndsWith("/spindled-tls\n", await lab.ShellAsync("readlink /proc/[0-9]*/exe | grep /spindled-tls"), StringComparison.Ordinal);
        Assert.Contains("libvirt: there is no TLS: ", await lab.DaemonLogAsync(), StringComparison.Ordinal); // nobody made a certificate
        Assert.Equal("client", (await VirshAsync(lab, "hostname")).Trim());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Destroy_start_define_and_rollback_change_the_kernels_addresses()
    {
        await using Lab lab = await OnlineAsync();
        string before = Assert.Single(await lab.AddressesAsync());
        await VirshAsync(lab, "iface-destroy", "eth0");
        Assert.Empty(await lab.AddressesAsync());
        Assert.Equal("idle", await lab.StateAsync());
        Assert.Equal((1, "error: Requested operation is not valid [55/26]\n"), await TryVirshAsync(lab, "iface-destroy", "eth0"));
        await VirshAsync(lab, "iface-start", "eth0");
        Assert.Equal(before, Assert.Single(await lab.AddressesAsync()));

        await VirshAsync(lab, "iface-begin");
        await lab.WriteAsync("/run/eth0.xml", Static);
        Assert.Equal("Interface eth0 defined from /run/eth0.xml\n", await VirshAsync(lab, "iface-define", "/run/eth0.xml"));
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual(["10.77.0.20/24"]), "the address that was defined");
        Assert.Equal((1, "error: Requested operation is not valid: there is another transaction running. [55/26]\n"), await TryVirshAsync(lab, "iface-begin"));
        await VirshAsync(lab, "iface-rollback");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual([before]), "the address from before");

        await VirshAsync(lab, "iface-begin");
        await VirshAsync(lab, "iface-define", "/run/eth0.xml");
        await lab.SignalDaemonAsync("KILL");
        await lab.UntilAsync(async () => (await lab.TryAsync("daemon", "alive")).Status != 0, "the daemon's end");
        await lab.StartDaemonAsync();
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual([before]), "the address from before, after a start");
        Assert.Equal("", await lab.ShellAsync("cd /var/lib/connman && ls | grep -e config -e transaction || true"));

        await VirshAsync(lab, "iface-define", "/run/eth0.xml");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual(["10.77.0.20/24"]), "the address that was defined");
        await VirshAsync(lab, "iface-undefine", "eth0");
        await lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual([before]), "the address from before, once more");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Hot_plug_is_seen_as_it_happens()
    {
        await using Lab lab = await OnlineAsync();
        Watch watch = lab.Watch("python3", Client, "nodedev-event", "--count", "4");
        await watch.UntilAsync("listening");
        await lab.ShellAsync("ip link add hot7 address 02:00:00:00:07:07 type veth peer name hot8 && ip link del hot7");
        await watch.UntilAsync("event 'lifecycle' for node device net_hot7_02_00_00_00_07_07: Created");
        await watch.UntilAsync("event 'lifecycle' for node device net_hot7_02_00_00_00_07_07: Deleted");
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Without_a_word_of_it_there_is_no_socket_and_at_the_end_none_is_left()
    {
        await using Lab lab = await Lab.BuildAsync();
        await lab.StartDaemonAsync();
        Assert.NotEqual(0, (await lab.TryAsync("ls", "/run/libvirt")).Status);
        await lab.StopDaemonAsync();
        await lab.WriteAsync("/etc/connman/main.conf", On);
        await lab.StartDaemonAsync();
        Assert.Equal(
            "srwx------ virtinterfaced-admin-sock\nsrwxrwxrwx virtinterfaced-sock\nsrwxrwxrwx virtinterfaced-sock-ro\n",
            await lab.ShellAsync("cd /run/libvirt && stat -c '%A %n' *"));
        await lab.StopDaemonAsync();
        Assert.Equal("", await lab.ShellAsync("ls /run/libvirt"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Who_is_not_root_comes_in_by_permissions_alone_and_not_by_a_policykit_that_is_not_there()
    {
        // "daemon start" has the umask 077.
        await using Lab lab = await Lab.BuildAsync();
        bool hasUsers = long.Parse(await lab.ShellAsync("tr -s ' ' '\\n' </proc/self/uid_map | tail -n 1"), CultureInfo.InvariantCulture) > 0xFFFF;
        string group = hasUsers ? "65534" : "0"; // in a user's namespace there is nobody but root
        await lab.WriteAsync(
            "/etc/connman/main.conf", $"{On}unix_sock_group=\"{group}\"\nunix_sock_rw_perms=\"0770\"\nauth_unix_rw=\"none\" # by permissions\n");
        await lab.StartDaemonAsync();
        await lab.CableInAsync();
        await lab.UntilStateAsync("online");
        Assert.Equal(
            $"drwxr-xr-x 0 0 .\nsrwx------ 0 {group} virtinterfaced-admin-sock\nsrwxrwx--- 0 {group} virtinterfaced-sock\n"
            + $"srwxrwxrwx 0 {group} virtinterfaced-sock-ro\n",
            await lab.ShellAsync("cd /run/libvirt && stat -c '%A %u %g %n' . *"));
        Assert.Equal((0, "client\n"), await TryVirshAsync(lab, "-r", "hostname"));
        if (!hasUsers)
        {
            return;
        }

        Assert.Equal((0, "client\n"), await TryVirshAsync(lab, "-u", "65534:65534", "hostname"));
        Assert.Equal((0, $"{Mac}\n"), await TryVirshAsync(lab, "-u", "1234:65534", "iface-mac", "eth0"));
        Assert.Equal((0, "Interface eth0 destroyed\n"), await TryVirshAsync(lab, "-u", "65534:65534", "iface-destroy", "eth0"));
        Assert.Equal((1, "error: [Errno 13] Permission denied\n"), await TryVirshAsync(lab, "-u", "65534:1234", "hostname"));
        Assert.Equal(
            (1, "error: error from service: org.freedesktop.DBus.Error.ServiceUnknown: "
                + "The name org.freedesktop.PolicyKit1 was not provided by any .service files [89/47]\n"),
            await TryVirshAsync(lab, "-u", "65534:65534", "-r", "hostname"));
        Assert.Equal(
            (1, "error: [Errno 13] Permission denied\n"),
            await TryVirshAsync(lab, "-u", "1234:65534", "-s", "/run/libvirt/virtinterfaced-admin-sock", "hostname"));
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task A_bridge_with_ports_stays_on_whatever_unbridge_sends_and_workers_have_names()
    {
        await using Lab lab = await OnlineAsync(On + "auth_unix_ro=\"sasl\"\n");
        await lab.ShellAsync("ip link add br7 type bridge && ip link add port7 type veth peer name port8 && ip link set port7 master br7 up && ip link set br7 up");
        await lab.UntilAsync(async () => (await VirshAsync(lab, "iface-list", "--all")).Contains("br7"), "the bridge in the list");
        (int status, string output) = await TryVirshAsync(lab, "iface-destroy", "br7");
        Assert.Equal(1, status);
        Assert.Contains("'br7' is a bridge, and what is connected to it would be cut off (its ports: port7) [55/26]", output, StringComparison.Ordinal);
        Assert.Equal(1, (await TryVirshAsync(lab, "iface-undefine", "br7")).Status);
        Assert.Contains(",UP", await lab.ShellAsync("ip -o link show br7"), StringComparison.Ordinal);
        await lab.ShellAsync("ip link set port7 nomaster");
        await lab.UntilAsync(async () => (await TryVirshAsync(lab, "iface-destroy", "br7")).Status == 0, "the empty bridge off");
        Assert.DoesNotContain(",UP", await lab.ShellAsync("ip -o link show br7"), StringComparison.Ordinal);

        // Of sasl nobody is let in, root neither; and it is said that it is that.
        Assert.Equal((1, "error: authentication failed: authentication failed [45/7]\n"), await TryVirshAsync(lab, "-r", "hostname"));
        string[] names = (await lab.ShellAsync("cat /proc/$(daemon pid)/task/*/comm")).Split('\n');
        Assert.Contains("rpc-virtinterfa", names);
        Assert.Contains("prio-rpc-virtin", names);
    }

    private static Task<string> VirshAsync(Lab lab, params string[] arguments) => lab.ClientAsync(["python3", Client, .. arguments]);

    private static Task<(int Status, string Output)> TryVirshAsync(Lab lab, params string[] arguments) =>
        lab.TryAsync(["python3", Client, .. arguments]);
}
