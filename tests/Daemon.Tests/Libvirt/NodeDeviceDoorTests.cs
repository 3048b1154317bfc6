using System;
using Spindle.Simulation.Network;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>Links as node devices, and virsh nodedev-event.</summary>
public sealed class NodeDeviceDoorTests
{
    private const string Eth0 = "net_eth0_02_00_00_00_ab_01";
    private const string Lo = "net_lo_00_00_00_00_00_00";

    [Fact]
    public void Links_are_node_devices_of_class_net()
    {
        RpcTestClient client = new DoorWorld().WithoutCable("eth0").Start().Settled().Client().Open();
        RpcAnswer list = client.Call(285, Octets.None.Number(1).Number(0x80000000));
        Assert.Equal(["computer", Eth0, Lo], list.Texts());
        Assert.Equal(3u, list.Number());
        Assert.Equal(2u, client.Call(285, Octets.None.Number(0).Number(1u << 4)) is var counted && counted.Texts().Count == 0 ? counted.Number() : 0);
        Assert.Empty(client.Call(285, Octets.None.Number(1).Number(1u << 1)).Texts());
        Assert.Empty(client.Call(285, Octets.None.Number(1).Number(1u << 30)).Texts());
        Assert.Empty(client.Call(285, Octets.None.Number(1).Number(1u << 21)).Texts());
        Assert.Equal(
            (8u, 22u, "unsupported flags (0x400000) in function virConnectListAllNodeDevices"),
            client.Call(285, Octets.None.Number(1).Number(1u << 22)).Error());
        Assert.Equal(3u, client.Call(111, Octets.None.Number(0).Number(0)).Number());
        Assert.Equal(0u, client.Call(111, Octets.None.Some("scsi_host").Number(0)).Number());
        Assert.Equal([Eth0], client.Call(112, Octets.None.Some("net").Number(1).Number(0)).Texts());
        Assert.Equal(Eth0, client.Call(113, Octets.None.Text(Eth0)).Text());
        Assert.Equal("computer", client.Call(115, Octets.None.Text(Eth0)).Optional());
        Assert.Equal(1u, client.Call(116, Octets.None.Text(Eth0)).Number());
        Assert.Equal(["net"], client.Call(117, Octets.None.Text(Eth0).Number(5)).Texts());
        Assert.Equal(0u, client.Call(433, Octets.None.Text(Eth0)).Number());
        Assert.Equal(0u, client.Call(435, Octets.None.Text(Eth0)).Number());
        Assert.Equal(1u, client.Call(436, Octets.None.Text(Eth0)).Number());
        Assert.Equal((53u, 22u, "Node device not found: no node device with matching name 'x'"), client.Call(436, Octets.None.Text("x")).Error());
        Assert.Equal(
            $"""
            <device>
              <name>{Eth0}</name>
              <path>/sys/class/net/eth0</path>
              <parent>computer</parent>
              <capability type='net'>
                <interface>eth0</interface>
                <address>02:00:00:00:ab:01</address>
                <link state='unknown'/>
                <capability type='80203'/>
              </capability>
            </device>

            """,
            client.Call(114, Octets.None.Text(Eth0).Number(0)).Text());
        Assert.Equal((53u, 22u, "Node device not found: no node device with matching name 'x'"), client.Call(113, Octets.None.Text("x")).Error());
    }

    [Fact]
    public void The_machine_is_the_root_of_all_devices()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        RpcTestClient client = world.Client().Open();
        Assert.Equal(["computer"], client.Call(285, Octets.None.Number(1).Number(1)).Texts());
        Assert.Equal(["computer", Eth0, Lo], client.Call(285, Octets.None.Number(1).Number(1 | (1u << 4))).Texts());
        Assert.Equal(["computer"], client.Call(112, Octets.None.Some("system").Number(5).Number(0)).Texts());
        Assert.Equal(1u, client.Call(111, Octets.None.Some("system").Number(0)).Number());
        Assert.Equal("computer", client.Call(113, Octets.None.Text("computer")).Text());
        Assert.Null(client.Call(115, Octets.None.Text("computer")).Optional());
        Assert.Equal(1u, client.Call(116, Octets.None.Text("computer")).Number());
        Assert.Equal(1u, client.Call(433, Octets.None.Text("computer")).Number());
        Assert.Equal(1u, client.Call(435, Octets.None.Text("computer")).Number());
        Assert.Equal(1u, client.Call(436, Octets.None.Text("computer")).Number());
        Assert.Equal(["system"], client.Call(117, Octets.None.Text("computer").Number(5)).Texts());
        Assert.Equal(
            """
            <device>
              <name>computer</name>
              <capability type='system'>
                <hardware>
                  <uuid>00000000-0000-0000-0000-000000000000</uuid>
                </hardware>
                <firmware>
                </firmware>
              </capability>
            </device>

            """,
            client.Call(114, Octets.None.Text("computer").Number(0)).Text());
    }

    [Fact]
    public void Hot_plug_is_told_to_those_who_registered_and_to_nobody_else()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        RpcTestClient client = world.Client().Open();
        RpcTestClient other = world.Client().Open();
        uint all = client.Call(374, Octets.None.Number(0).Number(0)).Number();
        uint one = client.Call(374, Octets.None.Number(0).Some(Eth0)).Number();
        Assert.NotEqual(all, one);
        Assert.Equal(
            (1u, 7u, "internal error: unsupported node device event ID 2"), client.Call(374, Octets.None.Number(2).Number(0)).Error());
        Assert.Equal(53u, client.Call(374, Octets.None.Number(0).Some("nosuch")).Error().Code);

        SimulatedLink link = world.Machine.Network.AddEthernet("veth9", Basics.MacAddress.Read([2, 0, 0, 0, 0, 9]));
        RpcAnswer created = client.Event();
        Assert.Equal((RpcTestClient.Remote, 376u, 2u, 1u), (created.Program, created.Procedure, created.Type, created.Serial));
        Assert.Equal((all, "net_veth9_02_00_00_00_00_09", 0u, 0u), (created.Number(), created.Text(), created.Number(), created.Number()));

        world.Machine.Network.RemoveLink(link);
        RpcAnswer deleted = client.Event();
        Assert.Equal((all, "net_veth9_02_00_00_00_00_09", 1u, 0u), (deleted.Number(), deleted.Text(), deleted.Number(), deleted.Number()));

        world.Machine.Network.RemoveLink(world.Machine.Network.FindLink("eth0")!);
        Assert.Equal([all, one], [client.Event().Number(), client.Event().Number()]);
        Assert.Equal(0, client.Call(375, Octets.None.Number(all)).Remaining);
        Assert.Equal(
            (1u, 7u, $"internal error: node device event callback {all} not registered"), client.Call(375, Octets.None.Number(all)).Error());
        Assert.Equal(0, client.Call(375, Octets.None.Number(one)).Remaining);
        world.Machine.Network.AddEthernet("veth8", Basics.MacAddress.Read([2, 0, 0, 0, 0, 8]));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Null(client.TryTakeEvent());
        Assert.Null(other.TryTakeEvent());
    }

    [Fact]
    public void A_listener_that_vanished_is_forgotten()
    {
        DoorWorld world = new DoorWorld().Start().Settled();
        RpcTestClient client = world.Client().Open();
        client.Call(374, Octets.None.Number(0).Number(0));
        client.Vanish();
        world.Run(TimeSpan.FromSeconds(1));
        world.Machine.Network.AddEthernet("veth8", Basics.MacAddress.Read([2, 0, 0, 0, 0, 8]));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Empty(world.Door.Door.Servers[0].Clients);
    }

    [Fact]
    public void Callbacks_of_one_client_are_bounded()
    {
        RpcTestClient client = new DoorWorld().Start().Settled().Client().Open();
        for (int i = 0; i < 64; i++)
        {
            Assert.False(client.Call(374, Octets.None.Number(0).Number(0)).IsError);
        }

        Assert.Equal("internal error: too many callbacks", client.Call(374, Octets.None.Number(0).Number(0)).Error().Sentence);
    }
}
