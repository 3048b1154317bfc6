using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Daemon.Libvirt;
using Spindle.Model;
using Spindle.Simulation.Network;
using Spindle.Simulation.World;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>What each command of virsh sends, against the whole daemon on a simulated machine.</summary>
public sealed class InterfaceDoorTests
{
    private const string Eth0 = "02:00:00:00:ab:01";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public void Iface_list_all_with_the_octets_that_virsh_sends()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        RpcTestClient client = world.WithoutCable("eth1").Start().Settled().Client();

        // 66, 60(10), 1, 60(14), 60(15), 360, 284, and 156 for each, then 361 and 2.
        client.Open();
        RpcAnswer list = client.Call(284, Octets.None.Number(1).Number(3));
        Assert.Equal(
            "00000084200080860000000100" + "00011c000000010000000600000000" // head
            + "00000003"
            + "0000000465746830" + "0000001130323a30303a30303a30303a61623a3031000000"
            + "0000000465746831" + "0000001130323a30303a30303a30303a61623a3032000000"
            + "000000026c6f0000" + "0000001130303a30303a30303a30303a30303a3030000000"
            + "00000003",
            list.Hex);
        Assert.Equal([("eth0", Eth0), ("eth1", "02:00:00:00:ab:02"), ("lo", "00:00:00:00:00:00")], list.Interfaces());
        Assert.Equal(1u, client.Call(156, Octets.None.Text("eth0").Text(Eth0)).Number());
        Assert.Equal(0u, client.Call(156, Octets.None.Text("eth1").Text("02:00:00:00:ab:02")).Number());
        Assert.Equal(1u, client.Call(156, Octets.None.Text("lo").Text("00:00:00:00:00:00")).Number());
        Assert.Equal(0, client.Call(361).Remaining);
        Assert.Equal(0, client.Call(2).Remaining);
        Assert.True(world.Until(client.HasEnded, Soon));
    }

    [Fact]
    public void Lists_numbers_and_flags_agree()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        RpcTestClient client = world.WithoutCable("eth1").Start().Settled().Client().Open();
        Assert.Equal(["eth0", "lo"], client.Call(284, Octets.None.Number(1).Number(2)).Interfaces().Select(each => each.Name));
        Assert.Equal(["eth1"], client.Call(284, Octets.None.Number(1).Number(1)).Interfaces().Select(each => each.Name));
        Assert.Equal(3, client.Call(284, Octets.None.Number(1).Number(0)).Interfaces().Count);
        RpcAnswer counted = client.Call(284, Octets.None.Number(0).Number(3));
        Assert.Empty(counted.Interfaces());
        Assert.Equal(3u, counted.Number());
        Assert.Equal(2u, client.Call(126).Number());
        Assert.Equal(1u, client.Call(137).Number());
        Assert.Equal(["eth0", "lo"], client.Call(127, Octets.None.Number(100)).Texts());
        Assert.Equal(["eth0"], client.Call(127, Octets.None.Number(1)).Texts());
        Assert.Equal(["eth1"], client.Call(138, Octets.None.Number(16384)).Texts());
        Assert.Equal((39u, 7u, "maxnames must be non-negative"), client.Call(127, Octets.None.Number(uint.MaxValue)).Error());
        Assert.Equal((39u, 7u, "maxnames > REMOTE_INTERFACE_LIST_MAX"), client.Call(138, Octets.None.Number(16385)).Error());
        Assert.Equal(
            (8u, 26u, "unsupported flags (0x4) in function virConnectListAllInterfaces"),
            client.Call(284, Octets.None.Number(1).Number(7)).Error());
    }

    [Fact]
    public void An_interface_that_is_not_there_has_libvirts_error_octet_by_octet()
    {
        RpcTestClient client = new DoorWorld().WithoutCable("eth0").Start().Settled().Client().Open();
        client.Call(59); // the next one has the serial of the reference
        Assert.Equal(
            "000000d020008086000000010000008000000001" + "00000007" + "00000001"
            + "000000390000001a00000001" + "0000003b"
            + Convert.ToHexStringLower("Interface not found: couldn't find interface named 'nosuch'"u8) + "00"
            + "00000002" + "00000000" + "00000001" + "00000017" + Convert.ToHexStringLower("Interface not found: %s"u8) + "00"
            + "00000001" + "00000026" + Convert.ToHexStringLower("couldn't find interface named 'nosuch'"u8) + "0000"
            + "00000000" + "ffffffff" + "ffffffff" + "00000000",
            client.Call(128, Octets.None.Text("nosuch")).Hex);
        foreach (uint procedure in (uint[])[130, 133, 134])
        {
            Octets arguments = Octets.None.Text("nosuch").Text("").Number(0);
            Assert.Equal(57u, client.Call(procedure, arguments).Error().Code);
        }

        Assert.Equal(57u, client.Call(132, Octets.None.Text("nosuch").Text("")).Error().Code);
        Assert.Equal(57u, client.Call(156, Octets.None.Text("nosuch").Text("")).Error().Code);
    }

    [Fact]
    public void Lookups_by_name_and_by_address()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        RpcTestClient client = world.Client().Open();
        RpcAnswer byName = client.Call(128, Octets.None.Text("eth0"));
        Assert.Equal(("eth0", Eth0), (byName.Text(), byName.Text()));
        RpcAnswer byMac = client.Call(129, Octets.None.Text("02:00:00:00:ab:01"));
        Assert.Equal(("eth0", Eth0), (byMac.Text(), byMac.Text()));
        Assert.Equal(57u, client.Call(129, Octets.None.Text("02:00:00:00:00:99")).Error().Code);
        Assert.Equal(57u, client.Call(129, Octets.None.Text("no address")).Error().Code);

        world.Machine.Network.AddEthernet("eth9", Basics.MacAddress.Read([2, 0, 0, 0, 0xAB, 1]));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(
            (59u, 26u, "multiple matching interfaces found: the MAC address '02:00:00:00:ab:01' matches multiple interfaces"),
            client.Call(129, Octets.None.Text(Eth0)).Error());
    }

    [Fact]
    public void Iface_dumpxml_says_addresses_and_protocol()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        RpcTestClient client = world.Start().Settled().Client().Open();
        string active = client.Call(130, Octets.None.Text("eth0").Text(Eth0).Number(0)).Text();
        Assert.StartsWith("<interface type='ethernet' name='eth0'>\n  <start mode='onboot'/>\n  <mtu size='1500'/>\n", active, StringComparison.Ordinal);
        Assert.Contains("  <protocol family='ipv4'>\n    <dhcp/>\n    <ip address='192.168.1.", active, StringComparison.Ordinal);
        Assert.Contains("    <route gateway='192.168.1.1'/>\n", active, StringComparison.Ordinal);
        Assert.Contains("  <link state='up'/>\n  <mac address='02:00:00:00:ab:01'/>\n", active, StringComparison.Ordinal);
        Assert.Equal(
            """
            <interface type='ethernet' name='eth0'>
              <start mode='onboot'/>
              <protocol family='ipv4'>
                <dhcp/>
              </protocol>
              <protocol family='ipv6'>
                <autoconf/>
              </protocol>
              <mac address='02:00:00:00:ab:01'/>
            </interface>

            """,
            client.Call(130, Octets.None.Text("eth0").Text(Eth0).Number(1)).Text());
    }

    [Fact]
    public void Destroy_and_start_are_disconnect_and_connect_and_answer_when_the_kernel_shows_it()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        RpcTestClient client = world.Start().Settled().Client().Open();
        Octets eth0 = Octets.None.Text("eth0").Text(Eth0).Number(0);
        Assert.Equal((55u, 26u, "Requested operation is not valid"), client.Call(133, eth0).Error());

        Assert.Equal(0, client.Call(134, eth0, Soon).Remaining);
        Assert.Empty(world.Machine.Network.Addresses(world.Machine.Network.FindLink("eth0"), Basics.IpFamily.V4));
        Assert.Equal(0u, client.Call(156, Octets.None.Text("eth0").Text(Eth0)).Number());
        Assert.Equal((55u, 26u, "Requested operation is not valid"), client.Call(134, eth0).Error());
        world.Run(TimeSpan.FromMinutes(1)); // it does not come back by itself
        Assert.True(client.HasEnded()); // it answered no ping meanwhile
        client = world.Client().Open();
        Assert.Equal(0u, client.Call(156, Octets.None.Text("eth0").Text(Eth0)).Number());

        Assert.Equal(0, client.Call(133, eth0, Soon).Remaining);
        Assert.Single(world.Machine.Network.Addresses(world.Machine.Network.FindLink("eth0"), Basics.IpFamily.V4));
        Assert.Equal(1u, client.Call(156, Octets.None.Text("eth0").Text(Eth0)).Number());
    }

    [Fact]
    public void Start_without_a_cable_is_refused()
    {
        DoorWorld world = new();
        RpcTestClient client = world.WithoutCable("eth1").Start("[General]\nOnlineCheckMode=none\n" + DoorWorld.On).Run(TimeSpan.FromSeconds(5)).Client().Open();
        Octets eth1 = Octets.None.Text("eth1").Text("").Number(0);
        Assert.Equal((55u, 26u, "Requested operation is not valid: there is no cable in 'eth1'"), client.Call(133, eth1).Error());
    }

    [Fact]
    public void A_client_that_vanishes_while_it_waits_is_waited_for_by_nobody()
    {
        DoorWorld world = new();
        world.Plug("eth0", NetworkKind.Dead);
        world.Start("[General]\nOnlineCheckMode=none\n" + DoorWorld.On).Run(TimeSpan.FromSeconds(5));
        RpcTestClient client = world.Client().Open();
        Assert.False(client.Call(134, Octets.None.Text("eth0").Text(Eth0).Number(0), Soon).IsError);
        Service service = Assert.Single(world.Daemon.Model.Services);
        Assert.Equal(ServiceState.Idle, service.State);
        client.Send(133, Octets.None.Text("eth0").Text(Eth0).Number(0));
        Assert.True(world.Until(() => world.Door.Switches.RunningCount == 1, Soon));
        client.Vanish();
        Assert.True(world.Until(() => world.Door.Switches.RunningCount == 0, TimeSpan.FromSeconds(1)));
        Assert.Empty(world.Door.Door.Servers[0].Clients);

        // What it asked for goes on, as on D-Bus.
        Assert.Equal(ServiceState.Configuration, service.State);
    }

    [Fact]
    public void A_start_that_somebody_takes_back_ends_at_once()
    {
        DoorWorld world = new();
        world.Plug("eth0", NetworkKind.Dead);
        world.Start("[General]\nOnlineCheckMode=none\n" + DoorWorld.On).Run(TimeSpan.FromSeconds(5));
        RpcTestClient waiting = world.Client().Open();
        RpcTestClient other = world.Client().Open();
        Octets eth0 = Octets.None.Text("eth0").Text(Eth0).Number(0);

        // It connects by itself; the end of that is waited for.
        uint first = waiting.Send(133, eth0);
        Assert.True(world.Until(() => world.Door.Switches.RunningCount == 1, Soon));
        Assert.False(other.Call(134, eth0, Soon).IsError);
        Assert.Equal("operation failed: 'eth0' was disconnected meanwhile", waiting.Await(first, Soon).Error().Sentence);

        // And now for this client.
        uint second = waiting.Send(133, eth0);
        Assert.True(world.Until(() => world.Door.Switches.RunningCount == 1, Soon));
        Assert.False(other.Call(134, eth0, Soon).IsError);
        Assert.Equal("operation failed: 'eth0': Operation aborted", waiting.Await(second, Soon).Error().Sentence);
    }

    [Fact]
    public void Start_where_nobody_answers_times_out_when_connecting_does()
    {
        DoorWorld world = new();
        world.Plug("eth0", NetworkKind.Dead);
        world.Write($"{DoorWorld.Storage}/a.config", "[service_a]\nType=ethernet\nDeviceName=eth0\nIPv4=off\nIPv6=auto\n");
        RpcTestClient client = world.Start("[Libvirt]\nenabled=true\nkeepalive_interval=-1\n").Run(TimeSpan.FromSeconds(5)).Client().Open();
        Octets eth0 = Octets.None.Text("eth0").Text("").Number(0);
        Assert.False(client.Call(134, eth0, Soon).IsError);
        Assert.Equal(
            (68u, 26u, "Timed out during operation: 'eth0' is not up yet"), client.Call(133, eth0, TimeSpan.FromMinutes(3)).Error());
    }

    [Fact]
    public void A_link_that_is_left_alone_for_its_kind_is_switched_and_one_by_rule_or_loopback_is_not()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        world.Machine.Network.AddLink("br7", LinkKind.Bridge, Basics.MacAddress.Read([2, 0, 0, 0, 9, 7]));
        world.Machine.Network.AddLink("virbr0", LinkKind.Bridge, Basics.MacAddress.Read([2, 0, 0, 0, 9, 8]));
        world.Run(TimeSpan.FromSeconds(1));
        RpcTestClient client = world.Client().Open();
        Octets bridge = Octets.None.Text("br7").Text("").Number(0);
        Assert.Equal((55u, 26u, "Requested operation is not valid"), client.Call(134, bridge).Error());
        Assert.Equal(0, client.Call(133, bridge).Remaining);
        Assert.True(world.Machine.Network.FindLink("br7")!.IsUp);
        Assert.Equal(0, client.Call(134, bridge).Remaining);
        Assert.False(world.Machine.Network.FindLink("br7")!.IsUp);
        Assert.Equal(
            "Requested operation is not valid: spindled leaves 'lo' alone: it is the loopback",
            client.Call(134, Octets.None.Text("lo").Text("").Number(0)).Error().Sentence);
        Assert.Equal(
            "Requested operation is not valid: spindled leaves 'virbr0' alone: in NetworkInterfaceBlacklist",
            client.Call(133, Octets.None.Text("virbr0").Text("").Number(0)).Error().Sentence);
    }

    /// <summary>What iface-unbridge and iface-bridge send: neither changes anything on its way to a refusal.</summary>
    [Fact]
    public void A_bridge_with_ports_is_not_switched_off_since_its_ports_would_be_cut_off()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        var network = world.Machine.Network;
        SimulatedLink bridge = network.AddLink("br7", LinkKind.Bridge, Basics.MacAddress.Read([2, 0, 0, 0, 9, 7]));
        SimulatedLink port = network.AddEthernet("port7", Basics.MacAddress.Read([2, 0, 0, 0, 9, 8]));
        network.Control.SetMaster(port, bridge);
        world.Run(TimeSpan.FromSeconds(1));
        RpcTestClient client = world.Client().Open();
        Octets reference = Octets.None.Text("br7").Text("").Number(0);
        Assert.Equal(0, client.Call(133, reference).Remaining);
        SortedDictionary<string, string> files = world.Provisioned();

        const string CutOff = "Requested operation is not valid: 'br7' is a bridge, and what is connected to it would be cut off (its ports: port7)";
        Assert.Equal("br7", client.Call(128, Octets.None.Text("br7")).Text());
        Assert.Contains("port7", client.Call(130, Octets.None.Text("br7").Text("").Number(1)).Text(), StringComparison.Ordinal);
        Assert.Equal((55u, 26u, CutOff), client.Call(134, reference).Error());
        Assert.Equal(55u, client.Call(132, reference).Error().Code);
        Assert.True(bridge.IsUp);

        const string Document = "<interface type='bridge' name='br8'><bridge><interface type='ethernet' name='eth0'/></bridge></interface>";
        Assert.Equal(67u, client.Call(131, Octets.None.Text(Document).Number(0)).Error().Code);
        Assert.Equal(files, world.Provisioned());
        Assert.Null(network.FindLink("br8"));

        // Without ports nobody is cut off.
        network.Control.SetMaster(port, null);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, client.Call(134, reference).Remaining);
        Assert.False(bridge.IsUp);
    }

    [Fact]
    public void A_rollback_switches_no_bridge_off_that_got_ports_meanwhile_and_says_so()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        world.Start().Settled();
        var network = world.Machine.Network;
        SimulatedLink bridge = network.AddLink("br7", LinkKind.Bridge, Basics.MacAddress.Read([2, 0, 0, 0, 9, 7]));
        world.Run(TimeSpan.FromSeconds(1));
        RpcTestClient client = world.Client().Open();
        Assert.Equal(0, client.Call(220, Octets.None.Number(0), Soon).Remaining);
        Assert.Equal(0, client.Call(133, Octets.None.Text("br7").Text("").Number(0)).Remaining);
        network.Control.SetMaster(network.FindLink("eth0")!, bridge);
        world.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(1u, client.Call(156, Octets.None.Text("br7").Text("")).Number());
        Assert.Equal(0, client.Call(222, Octets.None.Number(0), Soon).Remaining);
        Assert.True(bridge.IsUp);
        Assert.Contains(world.Sink.Lines, line => line.Contains("br7 is not as it was before the transaction", StringComparison.Ordinal)
            && line.Contains("(its ports: eth0)", StringComparison.Ordinal));
    }

    [Fact]
    public void On_the_socket_for_readers_and_after_a_read_only_open_nothing_is_changed()
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start().Settled();
        foreach (RpcTestClient client in (RpcTestClient[])[world.Client(DoorWorld.Socket + "-ro").Open(), world.Client().Open(flags: 1)])
        {
            Octets eth0 = Octets.None.Text("eth0").Text("").Number(0);
            AssertDenied(client.Call(131, Octets.None.Text("<interface/>").Number(0)), "virInterfaceDefineXML");
            AssertDenied(client.Call(132, eth0), "virInterfaceUndefine");
            AssertDenied(client.Call(133, eth0), "virInterfaceCreate");
            AssertDenied(client.Call(134, eth0), "virInterfaceDestroy");
            AssertDenied(client.Call(220, Octets.None.Number(0)), "virInterfaceChangeBegin");
            AssertDenied(client.Call(221, Octets.None.Number(0)), "virInterfaceChangeCommit");
            AssertDenied(client.Call(222, Octets.None.Number(0)), "virInterfaceChangeRollback");
            Assert.False(client.Call(128, Octets.None.Text("eth0")).IsError);
        }

        static void AssertDenied(RpcAnswer answer, string function)
        {
            Assert.Equal((29u, 26u, $"operation forbidden: read only access prevents {function}"), answer.Error());
            Assert.Equal((2u, 0u, "operation forbidden: %s"), (answer.Number(), answer.Number(), answer.Optional()));
        }
    }

    [Fact]
    public void What_is_asked_before_open_twice_or_not_of_ours_has_libvirts_answer()
    {
        DoorWorld world = new DoorWorld().Start().Settled();
        RpcTestClient client = world.Client();
        client.Call(66);
        Assert.Equal((1u, 7u, "internal error: connection not open"), client.Call(126).Error());
        Assert.Equal((1u, 7u, "internal error: hypervisor connection not open"), client.Call(59).Error());
        Assert.Equal((1u, 7u, "internal error: connection not open"), client.Call(60, Octets.None.Number(14)).Error());
        Assert.Equal((1u, 7u, "internal error: connection not open"), client.Call(1, Octets.None.Number(0).Number(0)).Error());
        Assert.Equal(
            (5u, 0u, "no connection driver available for bogus:///x"), client.Call(1, Octets.None.Some("bogus:///x").Number(0)).Error());
        Assert.Equal(
            (1u, 26u, "internal error: unexpected interface URI path '/x', try interface:///system"),
            client.Call(1, Octets.None.Some("interface:///x").Number(0)).Error());
        Assert.False(client.Call(1, Octets.None.Some("").Number(6)).IsError);
        Assert.Equal((1u, 7u, "internal error: connection already open"), client.Call(1, Octets.None.Some("").Number(0)).Error());
        Assert.Equal("interface:///system", client.Call(110).Text());
        foreach (uint unknown in (uint[])[0, 7, 102, 203, 227, 273, 283, 315, 376, 9999, uint.MaxValue])
        {
            Assert.Equal((39u, 7u, $"unknown procedure: {(int)unknown}"), client.Call(unknown).Error());
        }

        Assert.Equal((39u, 7u, "Unable to decode message payload"), client.Call(130, Octets.None.Text("eth0")).Error());
    }

    [Fact]
    public void Connect_type_versions_host_name_features_and_security()
    {
        RpcTestClient client = new DoorWorld().Start().Settled().Client().Open(uri: "interface:///system");
        Assert.Equal("interface", client.Call(3).Text());
        Assert.Equal(1000ul, client.Call(4).Long());
        Assert.Equal(9_000_000ul, client.Call(157).Long());
        Assert.Equal("simulated", client.Call(59).Text());
        Assert.Equal("interface:///system", client.Call(110).Text());
        Assert.Equal(1u, client.Call(149).Number());
        Assert.Equal(
            [0u, 1u, 1u, 1u, 0u, 0u],
            ((uint[])[8, 10, 14, 15, 13, 4711]).Select(feature => client.Call(60, Octets.None.Number(feature)).Number()));

        // There is no /proc on this machine.
        Assert.Equal((38u, 0u, "/proc/meminfo and /proc/cpuinfo cannot be read"), client.Call(6).Error());
    }

    [Fact]
    public void No_picture_is_made_unless_somebody_looks_and_something_changed()
    {
        DoorWorld world = new();
        world.Plug("eth0");
        world.Start().Settled();
        Assert.Equal(0, world.Door.Observer.Pictures);
        RpcTestClient client = world.Client().Open();
        Assert.Equal(0, world.Door.Observer.Pictures);
        client.Call(126);
        client.Call(137);
        client.Call(284, Octets.None.Number(1).Number(3));
        Assert.Equal(1, world.Door.Observer.Pictures);
        HostSnapshot before = world.Door.Observer.Published;
        world.Machine.Network.AddEthernet("eth7", Basics.MacAddress.Read([2, 0, 0, 0, 7, 7]));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Same(before, world.Door.Observer.Published);
        Assert.Equal(2u, client.Call(126).Number() + client.Call(137).Number() - 1);
        Assert.NotSame(before, world.Door.Observer.Published);
    }
}
