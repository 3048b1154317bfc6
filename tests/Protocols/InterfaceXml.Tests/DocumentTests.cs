using System;
using System.IO;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

public sealed class DocumentTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.xml").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Documents");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_document_in_libvirts_shape_is_written_as_it_was_read(string name)
    {
        string xml = File.ReadAllText(Path.Combine(Folder, name + ".xml"));
        Assert.True(InterfaceDefinition.TryParse(xml, out InterfaceDefinition? definition, out XmlRefusal refusal), refusal.Message);
        Assert.Equal(xml, definition.Write());
    }

    [Fact]
    public void There_is_a_document_of_each_kind() => Assert.Equal(21, Names.Count);

    [Fact]
    public void An_address_of_a_card_is_read()
    {
        InterfaceDefinition card = Read("ethernet-static");
        Assert.Equal((InterfaceKind.Ethernet, "lan0", InterfaceStartMode.OnBoot, 9000u), (card.Kind, card.Name, card.StartMode, card.Mtu));
        Assert.Equal("02:00:00:AA:BB:CC", card.Mac.ToString());
        InterfaceProtocol protocol = Assert.Single(card.Protocols);
        Assert.Same(protocol, card.Protocol(IpFamily.V4));
        Assert.Null(card.Protocol(IpFamily.V6));
        Assert.Equal(new(IpAddress.Parse("192.0.2.10"), 24), Assert.Single(protocol.Addresses));
        Assert.Equal(IpAddress.Parse("192.0.2.1"), protocol.Gateway);
        Assert.False(protocol.Dhcp || protocol.Autoconf);
        Assert.Equal((default, null, null, null), (card.Link, card.Bridge, card.Bond, card.Vlan));
    }

    [Fact]
    public void Both_families_are_read()
    {
        InterfaceDefinition card = Read("ethernet-both-families");
        InterfaceProtocol v6 = card.Protocol(IpFamily.V6)!;
        Assert.True(card.Protocol(IpFamily.V4)!.Dhcp && v6.Dhcp && v6.Autoconf && v6.PeerDns == true);
        Assert.Null(card.Protocol(IpFamily.V4)!.PeerDns);
        Assert.Equal([IpFamily.V4, IpFamily.V6], card.Protocols.Select(protocol => protocol.Family));
        Assert.Equal([64, 96], v6.Addresses.Select(address => (int)address.PrefixLength!));
    }

    [Fact]
    public void A_bridge_of_a_bond_is_read()
    {
        InterfaceDefinition bridge = Read("bridge-on-a-bond");
        Assert.Equal((false, "0"), (bridge.Bridge!.SpanningTree, bridge.Bridge.ForwardDelay));
        InterfaceDefinition bond = Assert.Single(bridge.Bridge.Members);
        Assert.Equal((InterfaceKind.Bond, "bond0", new InterfaceLink(20_000, InterfaceLinkState.Up)), (bond.Kind, bond.Name, bond.Link));
        Assert.Equal((BondMode.LinkAggregation, new(100, 0, 0, MiiCarrier.Netif), null), (bond.Bond!.Mode, bond.Bond.Mii, bond.Bond.Arp));
        Assert.Equal(["enp1s0", "enp2s0"], bond.Bond.Members.Select(member => member.Name));
    }

    [Fact]
    public void The_monitors_of_a_bond_are_read()
    {
        Assert.Equal(new(100, 200, 300, MiiCarrier.Ioctl), Read("bond-miimon").Bond!.Mii);
        Assert.Equal(new(500, IpAddress.Parse("192.0.2.1"), ArpValidation.Backup), Read("bond-arpmon").Bond!.Arp);
    }

    [Fact]
    public void A_vlan_without_a_name_is_called_by_its_device_and_tag()
    {
        InterfaceDefinition vlan = Read("vlan-without-a-name");
        Assert.Equal((null, "enp1s0.4095"), (vlan.Name, vlan.DeviceName));
        Assert.Equal(new(4095, "enp1s0"), vlan.Vlan);
        Assert.Equal("enp1s0.42", Read("vlan").DeviceName);
    }

    private static InterfaceDefinition Read(string name)
    {
        string xml = File.ReadAllText(Path.Combine(Folder, name + ".xml"));
        Assert.True(InterfaceDefinition.TryParse(xml, out InterfaceDefinition? definition, out XmlRefusal refusal), refusal.Message);
        return definition;
    }
}
