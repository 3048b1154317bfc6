using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Kernels;
using Spindle.Simulation.Network;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>Define, undefine and transactions, by a client, on a simulated machine.</summary>
public sealed class DefinitionDoorTests
{
    private const string Eth0 = "02:00:00:00:ab:01";
    private const string File = "libvirteth0.config";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private const string Static = """
        <interface type='ethernet' name='eth0'>
          <start mode='onboot'/>
          <protocol family='ipv4'>
            <ip address='192.0.2.7' prefix='24'/>
            <route gateway='192.0.2.1'/>
          </protocol>
        </interface>
        """;

    [Fact]
    public void A_definition_is_a_provisioning_file_in_force_when_it_is_answered_and_undefine_takes_it_back()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        RpcTestClient client = world.Start().Settled().Client().Open();
        RpcAnswer defined = client.Call(131, Octets.None.Text(Static).Number(1), Soon);
        Assert.Equal(("eth0", Eth0), (defined.Text(), defined.Text()));
        Assert.Equal(
            """
            [global]
            Name=eth0
            Description=Defined through libvirt

            [service_libvirt]
            Type=ethernet
            DeviceName=eth0
            IPv4=192.0.2.7/24/192.0.2.1
            IPv6=off

            """,
            world.Provisioned()[File]);
        Assert.Equal(Static.ReplaceLineEndings("\n").Replace("</interface>", $"  <mac address='{Eth0}'/>\n</interface>\n", StringComparison.Ordinal),
            client.Call(130, Octets.None.Text("eth0").Text(Eth0).Number(1)).Text());
        Assert.True(world.Until(() => Addresses(world).SequenceEqual(["192.0.2.7/24"]), Soon));

        Assert.Equal(0, client.Call(132, Octets.None.Text("eth0").Text(Eth0), Soon).Remaining);
        Assert.Empty(world.Provisioned());
        Assert.True(world.Until(() => Addresses(world).Any(each => each.StartsWith("192.168.1.", StringComparison.Ordinal)), Soon));
        (uint code, _, string sentence) = client.Call(132, Octets.None.Text("eth0").Text(Eth0)).Error();
        Assert.Equal((55u, "Requested operation is not valid: 'eth0' was not defined by iface-define, so there is nothing to take back"), (code, sentence));
    }

    [Fact]
    public void What_iface_edit_dumps_can_be_defined_as_it_is()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        RpcTestClient client = world.Start().Settled().Client().Open();
        string dumped = client.Call(130, Octets.None.Text("eth0").Text(Eth0).Number(1)).Text();
        Assert.False(client.Call(131, Octets.None.Text(dumped).Number(0), Soon).IsError);
        Assert.Equal(dumped, client.Call(130, Octets.None.Text("eth0").Text(Eth0).Number(1)).Text());
        Assert.Contains("IPv4=dhcp\nIPv6=auto\n", world.Provisioned()[File], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_defined_for_a_link_that_is_not_there_is_inactive_until_it_comes()
    {
        DoorWorld world = new DoorWorld().Start().Settled();
        RpcTestClient client = world.Client().Open();
        string text = Static.Replace("eth0", "eth0.5-x", StringComparison.Ordinal);
        RpcAnswer defined = client.Call(131, Octets.None.Text(text).Number(0), Soon);
        Assert.Equal(("eth0.5-x", ""), (defined.Text(), defined.Text()));
        Assert.Equal(["libvirteth0X2E5X2Dx.config"], world.Provisioned().Keys);
        Assert.Equal([("eth0.5-x", "")], client.Call(284, Octets.None.Number(1).Number(1)).Interfaces());
        Assert.Equal(0u, client.Call(156, Octets.None.Text("eth0.5-x").Text("")).Number());
        Assert.Equal(
            "Requested operation is not valid: there is no link 'eth0.5-x'",
            client.Call(133, Octets.None.Text("eth0.5-x").Text("").Number(0)).Error().Sentence);
        Assert.Contains("<ip address='192.0.2.7' prefix='24'/>", client.Call(130, Octets.None.Text("eth0.5-x").Text("").Number(0)).Text(), StringComparison.Ordinal);
        Assert.Equal(0, client.Call(132, Octets.None.Text("eth0.5-x").Text(""), Soon).Remaining);
        Assert.Empty(client.Call(284, Octets.None.Number(1).Number(1)).Interfaces());
    }

    [Theory]
    [InlineData("not xml", 35, "(interface_definition):1: Start tag expected, '<' not found\nnot xml\n^")]
    [InlineData("<interface type='bogus' name='eth0'/>", 27, "XML error: Invalid value for attribute 'type' in element 'interface': 'bogus'.")]
    [InlineData("<interface type='bridge' name='br0'><bridge/></interface>", 67, "unsupported configuration: spindled makes no bridge: only interfaces of type 'ethernet' can be defined")]
    [InlineData("<interface type='vlan' name='eth0.5'><vlan tag='5'><interface name='eth0'/></vlan></interface>", 67, "unsupported configuration: spindled makes no VLAN: only interfaces of type 'ethernet' can be defined")]
    [InlineData("<interface type='ethernet' name='lo'/>", 67, "unsupported configuration: spindled leaves 'lo' alone: not an Ethernet link")]
    [InlineData("<interface type='ethernet' name='eth0'><start mode='none'/></interface>", 67, "unsupported configuration: what is defined is connected as soon as it can be: start mode 'none' is not possible")]
    [InlineData("<interface type='ethernet' name='eth0'><mtu size='9000'/></interface>", 67, "unsupported configuration: the MTU of 'eth0' is 1500, and spindled does not change it")]
    [InlineData("<interface type='ethernet' name='eth0'><mac address='02:00:00:00:00:55'/></interface>", 67, "unsupported configuration: the address of 'eth0' is 02:00:00:00:ab:01, and spindled does not change it")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><dhcp peerdns='no'/></protocol></interface>", 67, "unsupported configuration: ipv4: peerdns='no' is not possible")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><dhcp/><ip address='192.0.2.1' prefix='24'/></protocol></interface>", 67, "unsupported configuration: ipv4: an address beside dhcp or autoconf is not possible")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv6'><autoconf/><ip address='2001:db8::1' prefix='64'/></protocol></interface>", 67, "unsupported configuration: ipv6: an address beside dhcp or autoconf is not possible")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><ip address='192.0.2.1' prefix='24'/><ip address='192.0.2.2' prefix='24'/></protocol></interface>", 67, "unsupported configuration: ipv4: more than one address is not possible")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><ip address='192.0.2.1'/></protocol></interface>", 67, "unsupported configuration: ipv4: the address has no prefix")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><ip address='0.0.0.0' prefix='24'/></protocol></interface>", 67, "unsupported configuration: ipv4: '0.0.0.0' is not the address of a host")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><ip address='224.0.0.1' prefix='24'/></protocol></interface>", 67, "unsupported configuration: ipv4: '224.0.0.1' is not the address of a host")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv6'><ip address='ff02::1' prefix='64'/></protocol></interface>", 67, "unsupported configuration: ipv6: 'ff02::1' is not the address of a host")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><ip address='192.0.2.1' prefix='0'/></protocol></interface>", 67, "unsupported configuration: ipv4: the prefix 0 is not possible")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><ip address='192.0.2.1' prefix='24'/><route gateway='192.0.2.1'/></protocol></interface>", 67, "unsupported configuration: ipv4: the gateway '192.0.2.1' is not the address of another host")]
    [InlineData("<interface type='ethernet' name='eth0'><protocol family='ipv4'><ip address='192.0.2.1' prefix='24'/><route gateway='127.0.0.1'/></protocol></interface>", 67, "unsupported configuration: ipv4: the gateway '127.0.0.1' is not the address of another host")]
    public void What_cannot_be_done_is_refused_and_nothing_is_written(string text, uint code, string sentence)
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        RpcTestClient client = world.Client().Open();
        (uint found, _, string said) = client.Call(131, Octets.None.Text(text).Number(0), Soon).Error();
        Assert.Equal((code, sentence), (found, said));
        Assert.Empty(world.Provisioned());
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0");
        world.Write($"{DoorWorld.Storage}/{File}", "[service_a]\nType=ethernet\nDeviceName=eth0\n");
        world.Write($"{DoorWorld.Storage}/a.config", "[service_a]\nType=ethernet\nDeviceName=eth1\n");
        RpcTestClient client = world.Start().Settled().Client().Open();
        const string NotOurs = "Requested operation is not valid: 'libvirteth0.config' was not written by iface-define, and is left alone";
        Assert.Equal((55u, 26u, NotOurs), client.Call(131, Octets.None.Text(Static).Number(0), Soon).Error());
        Assert.Equal((55u, 26u, NotOurs), client.Call(132, Octets.None.Text("eth0").Text(""), Soon).Error());
        Assert.Equal(
            (55u, 26u, "Requested operation is not valid: 'eth1' is ruled by 'a.config' already"),
            client.Call(131, Octets.None.Text(Static.Replace("eth0", "eth1", StringComparison.Ordinal)).Number(0), Soon).Error());
        Assert.Equal(["a.config", File], world.Provisioned().Keys);
    }

    [Fact]
    public void A_disk_that_says_no_is_said_and_nothing_changes()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        RpcTestClient client = world.Client().Open();
        world.Machine.FreeDiskSpace = 0;
        Assert.Equal(38u, client.Call(131, Octets.None.Text(Static).Number(0), Soon).Error().Code);
        Assert.Equal(38u, client.Call(220, Octets.None.Number(0), Soon).Error().Code);
        Assert.Empty(world.Provisioned());
        world.Machine.FreeDiskSpace = 1 << 20;
        Assert.False(client.Call(220, Octets.None.Number(0), Soon).IsError);
    }

    [Fact]
    public void Rollback_brings_back_files_addresses_and_services()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        world.Plug("eth1");
        world.Write($"{DoorWorld.Storage}/mine.config", "[service_a]\nType=ethernet\nDeviceName=eth9\n");
        RpcTestClient client = world.Start().Settled().Client().Open();
        SortedDictionary<string, string> before = world.Provisioned();
        string address = Assert.Single(Addresses(world));

        Assert.Equal((55u, 26u, "Requested operation is not valid: no transaction running, nothing to be committed."), client.Call(221, Octets.None.Number(0), Soon).Error());
        Assert.Equal((55u, 26u, "Requested operation is not valid: no transaction running, nothing to rollback."), client.Call(222, Octets.None.Number(0), Soon).Error());
        Assert.Equal(0, client.Call(220, Octets.None.Number(0), Soon).Remaining);
        Assert.Equal((55u, 26u, "Requested operation is not valid: there is another transaction running."), client.Call(220, Octets.None.Number(0), Soon).Error());

        Assert.False(client.Call(131, Octets.None.Text(Static).Number(0), Soon).IsError);
        Assert.False(client.Call(134, Octets.None.Text("eth1").Text("").Number(0), Soon).IsError);
        world.Write($"{DoorWorld.Storage}/mine.config", "[service_a]\nType=ethernet\nDeviceName=eth8\n");
        Assert.True(world.Until(() => Addresses(world).SequenceEqual(["192.0.2.7/24"]), Soon));
        Assert.Equal(0u, client.Call(156, Octets.None.Text("eth1").Text("")).Number());

        Assert.Equal(0, client.Call(222, Octets.None.Number(0), Soon).Remaining);
        Assert.Equal(before, world.Provisioned());
        Assert.True(world.Until(() => Addresses(world).SequenceEqual([address]), Soon));
        Assert.True(world.Until(() => client.Call(156, Octets.None.Text("eth1").Text("")).Number() == 1, Soon));
        Assert.Equal(55u, client.Call(222, Octets.None.Number(0), Soon).Error().Code);
    }

    [Fact]
    public void Commit_keeps_what_was_done()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        RpcTestClient client = world.Client().Open();
        Assert.False(client.Call(220, Octets.None.Number(0), Soon).IsError);
        Assert.False(client.Call(131, Octets.None.Text(Static).Number(0), Soon).IsError);
        Assert.Equal(0, client.Call(221, Octets.None.Number(0), Soon).Remaining);
        Assert.Equal([File], world.Provisioned().Keys);
        world.Kernel.Kill();
        world.Start().Settled();
        Assert.Equal([File], world.Provisioned().Keys);
    }

    [Theory]
    [InlineData(600, 590, true)]
    [InlineData(600, 620, false)]
    [InlineData(0, 86400, true)]
    public void A_begin_that_is_not_committed_is_rolled_back_after_a_while(int timeout, int seconds, bool isThere)
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start($"[Libvirt]\nenabled=true\ntransaction_timeout={timeout}\n").Settled();
        RpcTestClient client = world.Client().Open();
        Assert.False(client.Call(220, Octets.None.Number(0), Soon).IsError);
        Assert.False(client.Call(131, Octets.None.Text(Static).Number(0), Soon).IsError);
        world.Run(TimeSpan.FromSeconds(seconds));
        Assert.Equal(isThere, world.Provisioned().ContainsKey(File));
        Assert.Equal(isThere, !world.Client().Open().Call(221, Octets.None.Number(0), Soon).IsError);
    }

    [Theory]
    [InlineData(DoorWorld.On)]
    [InlineData("")]
    public void A_begin_that_is_not_committed_is_rolled_back_at_the_next_start_with_a_door_or_without(string configuration)
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0");
        world.Write($"{DoorWorld.Storage}/mine.config", "[service_a]\nType=ethernet\nDeviceName=eth9\n");
        world.Start().Settled();
        SortedDictionary<string, string> before = world.Provisioned();
        RpcTestClient client = world.Client().Open();
        Assert.False(client.Call(220, Octets.None.Number(0), Soon).IsError);
        Assert.False(client.Call(131, Octets.None.Text(Static).Number(0), Soon).IsError);
        world.Kernel.Kill();
        world.Start(configuration).Run(TimeSpan.FromSeconds(1));
        Assert.Equal(before, world.Provisioned());
        Assert.Contains(world.Sink.Lines, line => line.Contains("was not committed", StringComparison.Ordinal));
    }

    private static List<string> Addresses(DoorWorld world) =>
        [.. world.Machine.Network.Addresses(world.Machine.Network.FindLink("eth0"), Basics.IpFamily.V4).Select(static each => $"{each.Local}/{each.PrefixLength}")];
}
