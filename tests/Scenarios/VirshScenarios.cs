using System;
using System.Linq;
using System.Threading.Tasks;
using static Spindle.Scenarios.LibvirtLab;

namespace Spindle.Scenarios;

/// <summary>libvirt's own virsh against the daemon: every command of docs/libvirt.md, what it says and its exit status.</summary>
[Trait("Daemon", "spindled")]
[Trait("Needs", "libvirt")]
public sealed class VirshScenarios
{
    private const string NotValid = "error: Requested operation is not valid";

    // Here libvirt's words are ours too, to the letter.
    private static readonly string[] BadDefinitions =
    [
        "not xml",
        "<interface type='ethernet' name='eth0'>",
        "<interface type='ethernet' name='eth0'></wrong>",
        "<interface type='ethernet' name='eth0'>\n\t<mtu \u00fc='1' size></mtu></interface>",
        "<interface type='ethernet' name='eth0' name='x'/>",
        "<interface type='ethernet' name='eth0'>&nosuch;</interface>",
        "<interface type='ethernet' name='eth0'/> more",
        "<interface/>",
        "<interface name='eth0'/>",
        "<interface type='bogus' name='eth0'/>",
        "<interface type='vlan' name='eth0.5'/>",
        "<interface type='bond' name='b'/>",
        "<interface type='bridge' name='b'/>",
        "<other/>",
    ];

    [Fact]
    public async Task Interfaces_are_listed_and_looked_up()
    {
        await using Lab lab = await OnlineAsync();
        await lab.AddBridgeAsync();
        await lab.UntilAsync(async () => (await lab.RealVirshAsync("iface-list", "--all")).Output.Contains("br7"), "the bridge in the list");
        Assert.Equal((0, $" Name   State    MAC Address\n------------------------------------\n eth0   active   {Mac}\n lo     active   00:00:00:00:00:00"),
            await lab.RealVirshAsync("iface-list"));
        string[] all =
        [
            " Name    State      MAC Address", "---------------------------------------", " br7     inactive   02:00:00:00:07:00",
            $" eth0    active     {Mac}", " lo      active     00:00:00:00:00:00", " port8   inactive   02:00:00:00:07:02",
        ];
        Assert.Equal((0, string.Join('\n', all)), await lab.RealVirshAsync("iface-list", "--all"));
        Assert.Equal((0, string.Join('\n', all[0], all[1], all[2], all[5])), await lab.RealVirshAsync("iface-list", "--inactive"));
        Assert.Equal((0, Mac), await lab.RealVirshAsync("iface-mac", "eth0"));
        Assert.Equal((0, "eth0"), await lab.RealVirshAsync("iface-name", Mac));
        Assert.Equal((1, "error: failed to get interface 'nosuch'\nerror: Interface not found: couldn't find interface named 'nosuch'"),
            await lab.RealVirshAsync("iface-mac", "nosuch"));
        Assert.Equal(
            (1, "error: failed to get interface '02:00:00:00:00:99'\n"
                + "error: Interface not found: couldn't find interface with MAC address '02:00:00:00:00:99'"),
            await lab.RealVirshAsync("iface-name", "02:00:00:00:00:99"));
        await lab.ShellAsync("ip link set port8 address 02:00:00:00:07:00");
        await lab.UntilAsync(async () => (await lab.RealVirshAsync("iface-mac", "port8")).Output == "02:00:00:00:07:00", "the address of port8");
        Assert.Equal(
            (1, "error: failed to get interface '02:00:00:00:07:00'\n"
                + "error: multiple matching interfaces found: the MAC address '02:00:00:00:07:00' matches multiple interfaces"),
            await lab.RealVirshAsync("iface-name", "02:00:00:00:07:00"));
    }

    [Fact]
    public async Task What_is_described_is_what_the_kernel_has_and_valid_by_libvirts_schemas()
    {
        await using Lab lab = await OnlineAsync();
        await lab.AddBridgeAsync();
        await lab.UntilAsync(async () => (await lab.RealVirshAsync("iface-list", "--all")).Output.Contains("br7"), "the bridge in the list");
        string[] address = Assert.Single(await lab.AddressesAsync()).Split('/');
        (int status, string eth0) = await lab.RealVirshAsync("iface-dumpxml", "eth0");
        Assert.Equal(0, status);
        Assert.StartsWith(
            $"""
            <interface type='ethernet' name='eth0'>
              <start mode='onboot'/>
              <mtu size='1500'/>
              <protocol family='ipv4'>
                <dhcp/>
                <ip address='{address[0]}' prefix='{address[1]}'/>
                <route gateway='10.77.0.1'/>
              </protocol>
              <protocol family='ipv6'>
                <autoconf/>
            """,
            eth0, StringComparison.Ordinal);
        Assert.EndsWith($"\n  <link speed='10000' state='up'/>\n  <mac address='{Mac}'/>\n</interface>", eth0, StringComparison.Ordinal);
        Assert.Equal(
            (0, $"""
            <interface type='ethernet' name='eth0'>
              <start mode='onboot'/>
              <protocol family='ipv4'>
                <dhcp/>
              </protocol>
              <protocol family='ipv6'>
                <autoconf/>
              </protocol>
              <mac address='{Mac}'/>
            </interface>
            """),
            await lab.RealVirshAsync("iface-dumpxml", "eth0", "--inactive"));
        (status, string bridge) = await lab.RealVirshAsync("iface-dumpxml", "br7");
        Assert.Equal(0, status);
        Assert.Contains(
            "  <bridge stp='on' delay='400'>\n    <interface type='ethernet' name='port7'>\n      <link state='down'/>\n"
            + "      <mac address='02:00:00:00:07:01'/>\n    </interface>\n  </bridge>\n", bridge.Replace("lowerlayerdown", "down"), StringComparison.Ordinal);

        foreach (string link in new[] { "eth0", "lo", "br7", "port8" })
        {
            foreach (string which in new[] { "", "--inactive" })
            {
                await lab.ShellAsync($"virsh -c interface:///system iface-dumpxml {link} {which} >/run/it.xml && "
                    + "xmllint --noout --relaxng /usr/share/libvirt/schemas/interface.rng /run/it.xml");
            }
        }

        await lab.ShellAsync("for name in $(virsh -c interface:///system nodedev-list); do virsh -c interface:///system nodedev-dumpxml $name >/run/it.xml && "
            + "xmllint --noout --relaxng /usr/share/libvirt/schemas/nodedev.rng /run/it.xml || exit 1; done");
    }

    [Fact]
    public async Task Destroy_and_start_disconnect_and_connect()
    {
        await using Lab lab = await OnlineAsync();
        string before = Assert.Single(await lab.AddressesAsync());

        // Some versions of virsh end with 1 behind a destroy that went well; its own driver for tests shows what this one does.
        (int asItIs, _) = await lab.SaidAsync("virsh", "-c", "test:///default", "iface-destroy", "eth1");
        Assert.Equal((asItIs, "Interface eth0 destroyed"), await lab.RealVirshAsync("iface-destroy", "eth0"));
        Assert.Empty(await lab.AddressesAsync());
        Assert.Equal("idle", await lab.StateAsync());
        Assert.Equal((1, $"error: Failed to destroy interface eth0\n{NotValid}"), await lab.RealVirshAsync("iface-destroy", "eth0"));
        Assert.Contains(" eth0   inactive", (await lab.RealVirshAsync("iface-list", "--all")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "Interface eth0 started"), await lab.RealVirshAsync("iface-start", "eth0"));
        Assert.Equal(before, Assert.Single(await lab.AddressesAsync()));
        Assert.Equal((1, $"error: Failed to start interface eth0\n{NotValid}"), await lab.RealVirshAsync("iface-start", "eth0"));
        const string Forbidden = "error: operation forbidden: read only access prevents";
        Assert.Equal((1, $"error: Failed to destroy interface eth0\n{Forbidden} virInterfaceDestroy"), await lab.ReadOnlyVirshAsync("iface-destroy", "eth0"));
        Assert.Equal((1, $"error: Failed to start interface lo\n{Forbidden} virInterfaceCreate"), await lab.ReadOnlyVirshAsync("iface-start", "lo"));
        Assert.Equal((1, $"error: Failed to begin network config change transaction\n{Forbidden} virInterfaceChangeBegin"),
            await lab.ReadOnlyVirshAsync("iface-begin"));
        Assert.Equal((0, Mac), await lab.ReadOnlyVirshAsync("iface-mac", "eth0"));
    }

    [Fact]
    public async Task Define_edit_undefine_and_transactions_change_the_kernels_addresses()
    {
        await using Lab lab = await OnlineAsync();
        string before = Assert.Single(await lab.AddressesAsync());
        Task AddressAsync(string address) => lab.UntilAsync(async () => (await lab.AddressesAsync()).SequenceEqual([address]), $"the address {address}");

        const string CannotBegin = "error: Failed to begin network config change transaction\n" + NotValid;
        Assert.Equal((1, $"error: Failed to commit network config change transaction\n{NotValid}: no transaction running, nothing to be committed."),
            await lab.RealVirshAsync("iface-commit"));
        Assert.Equal((1, $"error: Failed to rollback network config change transaction\n{NotValid}: no transaction running, nothing to rollback."),
            await lab.RealVirshAsync("iface-rollback"));
        Assert.Equal((0, "Network config change transaction started"), await lab.RealVirshAsync("iface-begin"));
        Assert.Equal((1, $"{CannotBegin}: there is another transaction running."), await lab.RealVirshAsync("iface-begin"));
        await lab.WriteAsync("/run/eth0.xml", Static);
        Assert.Equal((0, "Interface eth0 defined from /run/eth0.xml"), await lab.RealVirshAsync("iface-define", "/run/eth0.xml", "--validate"));
        await AddressAsync("10.77.0.20/24");
        Assert.Equal((0, "Network config change transaction rolled back"), await lab.RealVirshAsync("iface-rollback"));
        await AddressAsync(before);

        Assert.Equal((0, "Network config change transaction started"), await lab.RealVirshAsync("iface-begin"));
        Assert.Equal((0, "Interface eth0 defined from /run/eth0.xml"), await lab.RealVirshAsync("iface-define", "/run/eth0.xml"));
        Assert.Equal((0, "Network config change transaction committed"), await lab.RealVirshAsync("iface-commit"));
        await AddressAsync("10.77.0.20/24");

        await lab.WriteAsync("/run/editor", "#!/bin/sh\nsed -i s/10.77.0.20/10.77.0.21/ \"$1\"\n");
        await lab.ShellAsync("chmod +x /run/editor");
        Assert.Equal((0, "Interface eth0 XML configuration edited."), await lab.SaidAsync("env", "EDITOR=/run/editor", "virsh", "-c", "interface:///system", "iface-edit", "eth0"));
        await AddressAsync("10.77.0.21/24");
        Assert.Equal((0, "Interface eth0 XML configuration not changed."), await lab.SaidAsync("env", "EDITOR=true", "virsh", "-c", "interface:///system", "iface-edit", "eth0"));
        Assert.Equal((0, "Interface eth0 undefined"), await lab.RealVirshAsync("iface-undefine", "eth0"));
        await AddressAsync(before);
    }

    [Fact]
    public async Task Bad_definitions_have_libvirts_own_errors_and_bridges_are_left_alone()
    {
        await using Lab lab = await OnlineAsync();
        foreach (string text in BadDefinitions)
        {
            // libvirt's own driver for tests, inside virsh, reads with libvirt's parser; without --validate it looks for what it needs alone.
            await lab.WriteAsync("/run/bad.xml", text);
            (int status, string libvirts) = await lab.SaidAsync("virsh", "-c", "test:///default", "iface-define", "/run/bad.xml");
            (int Status, string Output) ours = await lab.RealVirshAsync("iface-define", "/run/bad.xml");
            Assert.Equal((1, 1), (status, ours.Status));
            Assert.Equal(libvirts, ours.Output);
        }

        await lab.AddBridgeAsync();
        await lab.UntilAsync(async () => (await lab.RealVirshAsync("iface-list", "--all")).Output.Contains("br7"), "the bridge in the list");
        Assert.Equal(
            (1, "error: Failed to define new bridge interface brx\n"
                + "error: unsupported configuration: spindled makes no bridge: only interfaces of type 'ethernet' can be defined"),
            await lab.RealVirshAsync("iface-bridge", "eth0", "brx"));
        Assert.Equal(
            (1, $"error: Failed to destroy bridge interface br7\n{NotValid}: 'br7' is a bridge, "
                + "and what is connected to it would be cut off (its ports: port7)"),
            await lab.RealVirshAsync("iface-unbridge", "br7"));
        Assert.Equal(
            (1, $"error: Failed to undefine interface br7\n{NotValid}: 'br7' was not defined by iface-define, so there is nothing to take back"),
            await lab.RealVirshAsync("iface-undefine", "br7"));
        Assert.Contains(",UP", await lab.ShellAsync("ip -o link show br7"), StringComparison.Ordinal);
        Assert.Single(await lab.AddressesAsync());
    }

    [Fact]
    public async Task The_host_is_told_of_and_what_is_not_ours_is_an_unknown_procedure()
    {
        await using Lab lab = await OnlineAsync();
        Assert.Equal((0, "client"), await lab.RealVirshAsync("hostname"));
        Assert.Equal((0, "interface:///system"), await lab.RealVirshAsync("uri"));
        (int status, string version) = await lab.RealVirshAsync("version", "--daemon");
        Assert.Equal(0, status);
        Assert.EndsWith("\nUsing API: interface 9.0.0\nRunning hypervisor: interface 0.1.0\nRunning against daemon: 9.0.0", version, StringComparison.Ordinal);
        (status, string node) = await lab.RealVirshAsync("nodeinfo");
        Assert.Equal(0, status);
        Assert.StartsWith(
            $"CPU model:           {(await lab.ShellAsync("uname -m")).Trim()}\nCPU(s):              {(await lab.ShellAsync("nproc --all")).Trim()}\n",
            node, StringComparison.Ordinal);

        (string Command, string Error)[] others =
        [
            ("capabilities", "error: failed to get capabilities\nerror: unknown procedure: 7"),
            ("list --all", "error: Failed to list active domains\nerror: unknown procedure: 51"),
            ("net-list --all", "error: Failed to get the number of active networks\nerror: unknown procedure: 52"),
            ("sysinfo", "error: failed to get sysinfo\nerror: unknown procedure: 203"),
            ("freecell", "error: unknown procedure: 102"),
        ];
        foreach ((string command, string error) in others)
        {
            Assert.Equal((1, error), await lab.RealVirshAsync(command.Split(' ')));
        }

        Assert.Equal((1, "error: failed to connect to the hypervisor\nerror: no connection driver available for foo:///"),
            await lab.SaidAsync("virsh", "-c", "foo:///?socket=/run/libvirt/virtinterfaced-sock", "hostname"));
        foreach (string uri in new[] { "interface+unix:///system", "interface:///system?socket=/run/libvirt/virtinterfaced-sock", "remote:///?socket=/run/libvirt/virtinterfaced-sock" })
        {
            Assert.Equal((0, Mac), await lab.SaidAsync("virsh", "-c", uri, "iface-mac", "eth0"));
        }
    }

    [Fact]
    public async Task Node_devices_are_described_and_hot_plug_is_seen_as_it_happens()
    {
        await using Lab lab = await OnlineAsync();
        Assert.Equal((0, "computer\nnet_eth0_02_5d_00_00_00_01\nnet_lo_00_00_00_00_00_00"), await lab.RealVirshAsync("nodedev-list"));
        Assert.Equal((0, "net_eth0_02_5d_00_00_00_01\nnet_lo_00_00_00_00_00_00"), await lab.RealVirshAsync("nodedev-list", "--cap", "net"));
        Assert.Equal((0, ""), await lab.RealVirshAsync("nodedev-list", "--cap", "pci"));
        Assert.Equal((0, "computer\n  |\n  +- net_eth0_02_5d_00_00_00_01\n  +- net_lo_00_00_00_00_00_00"), await lab.RealVirshAsync("nodedev-list", "--tree"));
        Assert.Equal(
            (0, $"""
            <device>
              <name>net_eth0_02_5d_00_00_00_01</name>
              <path>/sys/devices/virtual/net/eth0</path>
              <parent>computer</parent>
              <capability type='net'>
                <interface>eth0</interface>
                <address>{Mac}</address>
                <link speed='10000' state='up'/>
                <capability type='80203'/>
              </capability>
            </device>
            """),
            await lab.RealVirshAsync("nodedev-dumpxml", "net_eth0_02_5d_00_00_00_01"));
        Assert.Equal(
            (0, "Name:           net_eth0_02_5d_00_00_00_01\nParent:         computer\nActive:         yes\nPersistent:     no\nAutostart:      no"),
            await lab.RealVirshAsync("nodedev-info", "net_eth0_02_5d_00_00_00_01"));
        Assert.Equal((0, "Name:           computer\nParent:\nActive:         yes\nPersistent:     yes\nAutostart:      yes"),
            await lab.RealVirshAsync("nodedev-info", "computer"));
        Assert.Equal((1, "error: Could not find matching device 'nosuch'\nerror: Node device not found: no node device with matching name 'nosuch'"),
            await lab.RealVirshAsync("nodedev-dumpxml", "nosuch"));

        Watch watch = lab.Watch("stdbuf", "-oL", "virsh", "-c", "interface:///system", "nodedev-event", "--event", "lifecycle", "--loop");
        const string Hot = "event 'lifecycle' for node device net_hot7_02_00_00_00_07_07:";
        await lab.UntilAsync(
            async () =>
            {
                await lab.ShellAsync("ip link add hot7 address 02:00:00:00:07:07 type veth peer name hot8 && ip link del hot7");
                return watch.Lines().Contains($"{Hot} Created"); // nobody knows when virsh has begun to listen
            },
            "a link that was created");
        await watch.UntilAsync($"{Hot} Created\n.*{Hot} Deleted");
    }

    [Fact]
    public async Task Who_stays_is_kept_alive_and_told_of_the_daemons_end()
    {
        await using Lab lab = await OnlineAsync();
        Watch patient = lab.Watch("stdbuf", "-oL", "virsh", "-k", "2", "-K", "2", "-c", "interface:///system");
        Watch other = lab.Watch("stdbuf", "-oL", "virsh", "-k", "2", "-K", "2", "-c", "interface:///system");
        await patient.TypeAsync("iface-mac eth0");
        await other.TypeAsync("iface-mac eth0");
        await patient.UntilAsync(Mac);
        await other.UntilAsync(Mac);

        // Four intervals of silence: without an answer virsh would have gone after three.
        await Task.Delay(TimeSpan.FromSeconds(8));
        await patient.TypeAsync("iface-name " + Mac);
        await patient.UntilAsync("eth0");
        Assert.DoesNotContain(patient.Lines(), line => line.Contains("Disconnected", StringComparison.Ordinal));

        await lab.SignalDaemonAsync("STOP");
        await other.UntilAsync("Disconnected from interface:///system due to keepalive timeout");
        await lab.SignalDaemonAsync("CONT");
        Watch third = lab.Watch("stdbuf", "-oL", "virsh", "-c", "interface:///system");
        await third.TypeAsync("iface-mac eth0");
        await third.UntilAsync(Mac);
        await lab.StopDaemonAsync();
        await third.UntilAsync("Disconnected from interface:///system due to end of file");
    }
}
