using Spindle.Basics;
using Spindle.Daemon.Libvirt;
using Spindle.Model;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Tests.Libvirt;

public sealed class DescriptionTests
{
    private static readonly MacAddress Mac = MacAddress.Read([2, 0, 0, 0, 0, 4]);

    [Fact]
    public void A_bridge_nests_its_ports_and_has_no_link_and_no_address()
    {
        HostInterface port = Link("veth2") with { State = LinkOperationalState.Up };
        HostInterface bridge = Link("br0") with
        {
            Kind = InterfaceKind.Bridge,
            Mtu = 1400,
            Details = new BridgeDetails(true, 200),
            Members = ["veth2"],
            State = LinkOperationalState.Up,
        };
        Assert.Equal(
            """
            <interface type='bridge' name='br0'>
              <mtu size='1400'/>
              <bridge stp='on' delay='200'>
                <interface type='ethernet' name='veth2'>
                  <link speed='10000' state='up'/>
                  <mac address='02:00:00:00:00:04'/>
                </interface>
              </bridge>
            </interface>

            """,
            Active(bridge, port));
    }

    [Fact]
    public void A_bond_says_its_mode_and_its_monitor()
    {
        HostInterface bond = Link("bond0") with
        {
            Kind = InterfaceKind.Bond,
            Members = ["eth1", "eth0"],
            Details = new BondDetails(1)
            {
                MiiIntervalMilliseconds = 100,
                UpDelayMilliseconds = 20,
                DownDelayMilliseconds = 10,
                UsesCarrier = true,
            },
        };
        string text = Active(bond, Link("eth0"), Link("eth1"));
        Assert.Contains("<bond mode='active-backup'>\n    <miimon freq='100' downdelay='10' updelay='20' carrier='netif'/>\n    <interface type='ethernet' name='eth1'>", text, System.StringComparison.Ordinal);
        Assert.True(InterfaceDefinition.TryParse(text, out _, out XmlRefusal refusal), refusal.Message);
        string arp = Active(bond with
        {
            Details = new BondDetails(0) { ArpIntervalMilliseconds = 250, ArpTarget = IpAddress.Parse("192.0.2.9"), ArpValidation = 3 },
        });
        Assert.Contains("<bond mode='balance-rr'>\n    <arpmon interval='250' target='192.0.2.9' validate='all'/>", arp, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_vlan_says_its_number_and_what_is_under_it()
    {
        string text = Active(Link("eth0.5") with { Kind = InterfaceKind.Vlan, VlanTag = 5, ParentName = "eth0" });
        Assert.Contains("<vlan tag='5'>\n    <interface name='eth0'/>\n  </vlan>", text, System.StringComparison.Ordinal);
        Assert.DoesNotContain("<mac", text, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_an_interface_that_is_left_alone_are_static_ones()
    {
        HostInterface lo = Link("lo") with { Mtu = 65536, Addresses = [IpPrefix.Parse("127.0.0.1/8"), IpPrefix.Parse("::1/128")] };
        string text = Active(lo with { Refusal = "not an Ethernet link" });
        Assert.Contains("<protocol family='ipv4'>\n    <ip address='127.0.0.1' prefix='8'/>\n  </protocol>", text, System.StringComparison.Ordinal);
        Assert.Contains("<protocol family='ipv6'>\n    <ip address='::1' prefix='128'/>\n  </protocol>", text, System.StringComparison.Ordinal);
        Assert.DoesNotContain("<start", text, System.StringComparison.Ordinal);
    }

    [Fact]
    public void What_define_would_take_is_what_inactive_says()
    {
        HostSettings told = new(
            true,
            new Ipv4Configuration(Ipv4Method.Manual, IpPrefix.Parse("192.0.2.7/24"), IpAddress.Parse("192.0.2.1")),
            new Ipv6Configuration(Ipv6Method.Off),
            IpAddress.Parse("192.0.2.254"));
        HostInterface shown = Link("eth0") with { Mtu = 1500, Settings = told };
        InterfaceDefinition inactive = new InterfaceDescriber(new HostSnapshot([shown]), static _ => 0).Inactive(shown);
        Assert.True(DefinedService.TryMake(inactive, shown, out DefinedService? service, out string reason), reason);
        Assert.Equal(new DefinedService("eth0", Mac, "192.0.2.7/24/192.0.2.1", "off"), service);
    }

    [Theory]
    [InlineData("eth0", "libvirteth0.config")]
    [InlineData("br-0", "libvirtbrX2D0.config")]
    [InlineData("X", "libvirtX58.config")]
    [InlineData("X2D", "libvirtX582D.config")]
    [InlineData("é.1:a_b", "libvirtXC3XA9X2E1X3AaX5Fb.config")]
    public void A_files_name_is_letters_and_digits_and_no_two_links_share_one(string link, string file)
    {
        Assert.Equal(file, DefinitionFile.NameOf(link));
        Assert.True(Spindle.Daemon.Provisioning.ProvisioningParser.IsFileName(file));
        Assert.True(DefinitionFile.TryWrite(new DefinedService(link, null, "dhcp", "auto"), out byte[]? octets, out string reason), reason);
        Assert.True(DefinitionFile.IsOurs(file, octets));
        Assert.False(DefinitionFile.IsOurs("libvirtother.config", octets));
    }

    [Theory]
    [InlineData("0.0.0.0/24", "'IPv4' is '0.0.0.0/24', which is not")]
    [InlineData("192.0.2.1/24/192.0.2.1", "which is not")]
    [InlineData("192.0.2.1/0", "which is not")]
    public void What_a_provisioning_file_would_be_refused_for_is_refused_before_it_is_written(string ipv4, string reason)
    {
        Assert.False(DefinitionFile.TryWrite(new DefinedService("eth0", null, ipv4, "off"), out _, out string found));
        Assert.Contains(reason, found, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_is_read_from_proc()
    {
        const string Memory = "MemTotal:       16303008 kB\nMemFree:        1 kB\n";
        const string Two = "processor\t: 0\nphysical id\t: 0\ncore id\t\t: 0\ncpu MHz\t\t: 2399.998\n\nprocessor\t: 1\nphysical id\t: 0\ncore id\t\t: 0\ncpu MHz\t\t: 1000\n\n"
            + "processor\t: 2\nphysical id\t: 1\ncore id\t\t: 0\n\nprocessor\t: 3\nphysical id\t: 1\ncore id\t\t: 0\n";
        Assert.Equal(new NodeInformation("x86_64", 16303008, 4, 2399, 2, 1, 2), NodeInformation.Parse(Memory, Two, "x86_64"));
        Assert.Equal(new NodeInformation("aarch64", 16303008, 2, 0, 1, 2, 1), NodeInformation.Parse(Memory, "processor\t: 0\nBogoMIPS\t: 1\n\nprocessor\t: 1\n", "aarch64"));
        Assert.Null(NodeInformation.Parse("", Two, ""));
        Assert.Null(NodeInformation.Parse(Memory, "", ""));
        NodeInformation here = NodeInformation.Read(new Spindle.Kernels.LinuxKernel())!;
        Assert.True(here.Cpus >= 1 && here.MemoryKilobytes > 1000 && here.Sockets * here.Cores * here.Threads == here.Cpus);
    }

    private static HostInterface Link(string name) => new(3, name, Mac) { State = LinkOperationalState.Down };

    private static string Active(HostInterface shown, params HostInterface[] others) =>
        new InterfaceDescriber(new HostSnapshot([shown, .. others]), static _ => 10000).Active(shown).Write();
}
