using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using static Spindle.Scenarios.LibvirtLab;

namespace Spindle.Scenarios;

/// <summary>Second readers of the door's protocol: libvirt's own library, by python3-libvirt, and libvirt's dissector in tshark.</summary>
[Trait("Daemon", "spindled")]
[Trait("Needs", "libvirt")]
public sealed class LibvirtReaderScenarios
{
    private static string Bindings => Path.Combine(Lab.Root, "lab/tools/libvirt-bindings");

    [Fact]
    public async Task The_library_reads_the_connection_and_what_is_not_ours_is_not_supported()
    {
        await using Lab lab = await OnlineAsync();
        const string NotSupported = "[3/7] unknown procedure:"; // VIR_ERR_NO_SUPPORT, which the library makes of it
        string[] wanted =
        [
            "type: interface", "version: 1000", "library: 9", "uri: interface:///system", "host: client", "alive: 1", "secure: 1", "encrypted: 0",
            $"processors: {(await lab.ShellAsync("nproc --all")).Trim()}", $"capabilities: {NotSupported} 7",
            $"domains: {NotSupported} 273", $"networks: {NotSupported} 283",
        ];
        Assert.Equal(wanted, await ReadAsync(lab, "connection"));
    }

    [Fact]
    public async Task The_library_reads_and_changes_interfaces()
    {
        await using Lab lab = await OnlineAsync();
        await lab.ShellAsync("ip link add port8 type veth peer name port9");
        await lab.UntilAsync(async () => (await lab.RealVirshAsync("iface-list", "--all")).Output.Contains("port9"), "the new links in the list");
        string[] wanted =
        [
            "active: ['eth0', 'lo']", "active number: 2", "defined: ['port8', 'port9']", "defined number: 2", "all: ['eth0', 'lo', 'port8', 'port9']",
            "all active: ['eth0', 'lo']", "all inactive: ['port8', 'port9']", $"mac: {Mac}", "by mac: eth0", "is active: 1", "xml: <interface type='ethernet' name='eth0'>",
            "start: [55/26] Requested operation is not valid",
            "no such: [57/26] Interface not found: couldn't find interface named 'nosuch'",
            "not xml: [27/5] XML error: Invalid value for attribute 'type' in element 'interface': 'bogus'.",
            "valid: [27/5] XML error: Missing required attribute 'name' in element 'interface'",
            "begin twice: [55/26] Requested operation is not valid: there is another transaction running.",
            "destroyed: 0", "created: 1", "read only: [29/26] operation forbidden: read only access prevents virInterfaceDestroy",
        ];
        Assert.Equal(wanted, await ReadAsync(lab, "interfaces"));
    }

    [Fact]
    public async Task The_library_reads_node_devices_and_hears_of_links_and_of_the_end()
    {
        await using Lab lab = await OnlineAsync();
        string[] wanted =
        [
            "devices: ['computer', 'net_eth0_02_5d_00_00_00_01', 'net_lo_00_00_00_00_00_00']",
            "net: ['net_eth0_02_5d_00_00_00_01', 'net_lo_00_00_00_00_00_00']", "number: 3", "parent: computer", "capabilities: ['net']",
            "is active: 1", "is persistent: 0", "autostart: 0", "no such: [53/22] Node device not found: no node device with matching name 'nosuch'",
        ];
        Assert.Equal(wanted, await ReadAsync(lab, "devices"));

        Watch watch = lab.Watch("/usr/bin/python3", Bindings, "events");
        await watch.UntilAsync("keepalive: 0\nlistening: 1"); // 0: the server does as it is asked
        await lab.ShellAsync("ip link add hot7 address 02:00:00:00:07:07 type veth peer name hot8 && ip link del hot7");
        await watch.UntilAsync("event: net_hot7_02_00_00_00_07_07 0 0");
        await watch.UntilAsync("event: net_hot7_02_00_00_00_07_07 1 0");
        await lab.StopDaemonAsync();
        await watch.UntilAsync("closed: 1"); // VIR_CONNECT_CLOSE_REASON_EOF
    }

    [Fact]
    public async Task Eight_threads_of_the_library_list_interfaces_and_nothing_goes_wrong()
    {
        await using Lab lab = await OnlineAsync();
        Assert.Equal(["wrong: []"], await ReadAsync(lab, "crowd"));
    }

    [Fact]
    public async Task The_dissector_understands_every_message()
    {
        await using Lab lab = await OnlineAsync(On + "listen_tcp=true\nauth_tcp=none\nlisten_addr=127.0.0.1\n");
        await lab.WriteAsync("/run/eth0.xml", Static);
        Watch capture = lab.Watch("tshark", "-l", "-i", "lo", "-f", "tcp port 16509", "-w", "/run/it.pcap", "-P");
        await lab.UntilAsync(
            async () =>
            {
                await lab.TryAsync("virsh", "-c", "interface+tcp://127.0.0.1/system", "hostname");
                return capture.Lines().Any(line => line.Contains("16509", StringComparison.Ordinal)); // nobody knows when tshark has begun to listen
            },
            "the first packet");
        const string Commands = "iface-list --all; iface-dumpxml eth0; iface-mac eth0; iface-name 02:5d:00:00:00:01; iface-begin; "
            + "iface-define /run/eth0.xml; iface-rollback; nodeinfo; version --daemon; nodedev-list; nodedev-dumpxml computer; nodedev-info computer";
        (int status, string output) = await lab.SaidAsync("virsh", "-c", "interface+tcp://127.0.0.1/system", Commands);
        Assert.True(status == 0, output);
        Assert.NotEqual(0, (await lab.SaidAsync("virsh", "-c", "interface+tcp://127.0.0.1/system", "iface-mac", "nosuch")).Status);
        Assert.Equal((0, "client"), await lab.SaidAsync("virsh", "-c", "interface+tcp://127.0.0.1/system", "hostname"));
        const string Read = "tshark -r /run/it.pcap -d tcp.port==16509,libvirt -Y libvirt";
        await lab.UntilAsync(
            async () => (await lab.ShellAsync($"{Read} -T fields -e libvirt.procedure -e libvirt.status 2>/dev/null | tail -n 1")).StartsWith("2\t", StringComparison.Ordinal),
            "the last message in the file");

        string dissected = await lab.ShellAsync($"{Read} -O libvirt -V 2>/dev/null");
        Assert.DoesNotContain("Malformed", dissected, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Unknown", dissected, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Dissector bug", dissected, StringComparison.OrdinalIgnoreCase);
        string[] procedures =
        [
            "AUTH_LIST", "CONNECT_SUPPORTS_FEATURE", "CONNECT_OPEN", "CONNECT_REGISTER_CLOSE_CALLBACK", "CONNECT_LIST_ALL_INTERFACES", "INTERFACE_IS_ACTIVE",
            "INTERFACE_LOOKUP_BY_NAME", "INTERFACE_GET_XML_DESC", "INTERFACE_LOOKUP_BY_MAC_STRING", "INTERFACE_CHANGE_BEGIN", "INTERFACE_DEFINE_XML",
            "INTERFACE_CHANGE_ROLLBACK", "NODE_GET_INFO", "CONNECT_GET_TYPE", "CONNECT_GET_VERSION", "CONNECT_GET_LIB_VERSION",
            "CONNECT_LIST_ALL_NODE_DEVICES", "NODE_DEVICE_LOOKUP_BY_NAME", "NODE_DEVICE_GET_XML_DESC", "NODE_DEVICE_IS_ACTIVE",
            "NODE_DEVICE_IS_PERSISTENT", "NODE_DEVICE_GET_AUTOSTART", "CONNECT_GET_HOSTNAME", "CONNECT_UNREGISTER_CLOSE_CALLBACK", "CONNECT_CLOSE",
        ];
        string[] told = (await lab.ShellAsync($"{Read} -T fields -E occurrence=f -e _ws.col.Info 2>/dev/null")).Split('\n');
        foreach (string procedure in procedures)
        {
            Assert.Contains(told, line => line.StartsWith($"Prog=REMOTE Proc={procedure} Type=CALL ", StringComparison.Ordinal));
            Assert.Contains(told, line => line.StartsWith($"Prog=REMOTE Proc={procedure} Type=REPLY ", StringComparison.Ordinal) && line.Contains("Status=OK"));
        }

        Assert.Contains(told, line => line.StartsWith("Prog=REMOTE Proc=INTERFACE_LOOKUP_BY_NAME Type=REPLY ", StringComparison.Ordinal) && line.Contains("Status=ERROR"));
        Assert.Contains("remote_nonnull_interface", dissected, StringComparison.Ordinal);
        Assert.Contains($"mac: {Mac}", dissected, StringComparison.Ordinal);
        Assert.Contains("couldn't find interface named 'nosuch'", dissected, StringComparison.Ordinal);
    }

    private static async Task<string[]> ReadAsync(Lab lab, string part) =>
        (await lab.ClientAsync("/usr/bin/python3", Bindings, part)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
