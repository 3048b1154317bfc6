using System;
using System.Linq;
using System.Threading.Tasks;
using static Spindle.Scenarios.LibvirtLab;

namespace Spindle.Scenarios;

/// <summary>libvirt's own virt-admin against the daemon: every command, what it says and its exit status.</summary>
[Trait("Daemon", "spindled")]
[Trait("Needs", "libvirt")]
public sealed class VirtAdminScenarios
{
    [Fact]
    public async Task Servers_and_their_workers_are_shown_and_changed()
    {
        await using Lab lab = await OnlineAsync();
        Assert.Equal((0, " Id   Name\n----------------------\n 0    virtinterfaced\n 1    admin"), await lab.VirtAdminAsync("srv-list"));
        (int status, string version) = await lab.VirtAdminAsync("version");
        Assert.Equal(0, status);
        Assert.EndsWith("\nRunning against daemon: 9.0.0", version, StringComparison.Ordinal);
        Assert.Equal(
            (0, "minWorkers     : 5\nmaxWorkers     : 20\nnWorkers       : 0\nfreeWorkers    : 0\nprioWorkers    : 0\njobQueueDepth  : 0"),
            await lab.VirtAdminAsync("srv-threadpool-info", "admin"));
        Assert.Equal((0, ""), await lab.VirtAdminAsync("srv-threadpool-set", "virtinterfaced", "--min-workers", "6", "--max-workers", "21", "--priority-workers", "7"));
        await lab.RealVirshAsync("iface-dumpxml", "eth0"); // needs a worker
        const string Pool = "minWorkers     : 6\nmaxWorkers     : 21\nnWorkers       : 6\nfreeWorkers    : 6\nprioWorkers    : 7\njobQueueDepth  : 0";
        await lab.UntilAsync(async () => await lab.VirtAdminAsync("srv-threadpool-info", "virtinterfaced") == (0, Pool), "the pool as it was set, and nothing to do");
        Assert.Equal((1, "error: Unable to change server workerpool parameters\nerror: invalid argument: minWorkers cannot be larger than maxWorkers"),
            await lab.VirtAdminAsync("srv-threadpool-set", "virtinterfaced", "--min-workers", "30"));
        Assert.Equal((1, "error: Server not found: No server named 'nosuch'"), await lab.VirtAdminAsync("srv-threadpool-info", "nosuch"));
    }

    [Fact]
    public async Task Clients_are_shown_limited_and_disconnected()
    {
        await using Lab lab = await OnlineAsync();
        Assert.Equal((0, "nclients_max        : 5000\nnclients            : 0\nnclients_unauth_max : 20\nnclients_unauth     : 0"),
            await lab.VirtAdminAsync("srv-clients-info", "virtinterfaced"));
        Assert.Equal((0, ""), await lab.VirtAdminAsync("srv-clients-set", "virtinterfaced", "--max-clients", "4000", "--max-unauth-clients", "30"));
        Assert.Equal((0, "nclients_max        : 4000\nnclients            : 0\nnclients_unauth_max : 30\nnclients_unauth     : 0"),
            await lab.VirtAdminAsync("srv-clients-info", "virtinterfaced"));

        Watch virsh = lab.Watch("stdbuf", "-oL", "virsh", "-r", "-c", "interface:///system");
        await virsh.TypeAsync("iface-mac eth0");
        await virsh.UntilAsync(Mac);
        (int status, string list) = await lab.VirtAdminAsync("srv-clients-list", "virtinterfaced");
        Assert.Equal(0, status);
        string[] row = list.Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("unix", row[1]);
        string id = row[0];
        (status, string info) = await lab.VirtAdminAsync("client-info", "virtinterfaced", id);
        Assert.Equal(0, status);
        string[] facts = [.. info.Split('\n').Select(line => string.Join('=', line.Split(':', 2).Select(part => part.Trim())))];
        string pid = (await lab.ShellAsync("pgrep -x virsh")).Trim();
        string[] wanted =
        [
            $"id={id}", facts[1], "transport=unix", "readonly=yes", "unix_user_id=0", "unix_user_name=root", "unix_group_id=0", "unix_group_name=root",
            $"unix_process_id={pid}",
        ];
        Assert.Equal(wanted, facts[..9]); // and the SELinux context where there is one
        Assert.Equal((0, $"Client '{id}' disconnected"), await lab.VirtAdminAsync("client-disconnect", "virtinterfaced", id));
        await virsh.UntilAsync("Disconnected from interface:///system due to end of file");
        Assert.Equal((1, $"error: Client not found: No client with matching ID '{id}'"), await lab.VirtAdminAsync("client-info", "virtinterfaced", id));
        Assert.Equal((1, "error: Server not found: No server named 'nosuch'"), await lab.VirtAdminAsync("client-info", "nosuch", "1"));
    }

    [Fact]
    public async Task The_log_is_turned_up_and_down_and_what_cannot_be_is_refused()
    {
        await using Lab lab = await OnlineAsync();
        Assert.Equal((0, " Logging outputs: 2:stderr"), await lab.VirtAdminAsync("daemon-log-outputs"));
        Assert.Equal((0, " Logging filters:"), await lab.VirtAdminAsync("daemon-log-filters"));
        Assert.Equal((0, ""), await lab.VirtAdminAsync("daemon-log-filters", "1:dhcp"));
        Assert.Equal((0, " Logging filters: 1:dhcp"), await lab.VirtAdminAsync("daemon-log-filters"));
        Assert.Equal((0, ""), await lab.VirtAdminAsync("daemon-log-outputs", "4:stderr"));
        Assert.Equal((0, " Logging outputs: 4:stderr"), await lab.VirtAdminAsync("daemon-log-outputs"));
        Assert.Equal(
            (1, "error: Unable to change daemon logging settings\nerror: invalid argument: the log goes to 'stderr' alone, so '1:file:/tmp/x' is not possible"),
            await lab.VirtAdminAsync("daemon-log-outputs", "1:file:/tmp/x"));
        Assert.Equal((1, "error: Unable to change daemon logging settings\nerror: invalid argument: Invalid log priority '0' for log output '0:stderr'"),
            await lab.VirtAdminAsync("daemon-log-outputs", "0:stderr"));
        Assert.Equal((1, "error: Unable to change daemon logging settings\nerror: invalid argument: Invalid priority '0' for filter '0:dhcp'"),
            await lab.VirtAdminAsync("daemon-log-filters", "0:dhcp"));
        Assert.Equal((0, ""), await lab.VirtAdminAsync("daemon-timeout", "--timeout", "0"));
        Assert.Equal((1, "error: Operation not supported: the daemon has work to do without clients, and does not end by itself"),
            await lab.VirtAdminAsync("daemon-timeout", "--timeout", "5"));
        Assert.Equal((1, "error: Unable to update server's tls related files.\nerror: internal error: no tls service found, unable to update tls files"),
            await lab.VirtAdminAsync("server-update-tls", "virtinterfaced"));
    }
}
