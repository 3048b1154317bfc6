using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>
/// The schema of an interface: which elements and attributes there may be, how often, and what they may say.
/// </summary>
internal sealed class InterfaceReader : SchemaReader
{
    /// <summary>The definition in a document's root, or null with a fault.</summary>
    public InterfaceDefinition? ReadDocument(XmlElement root)
    {
        if (root.Name != "interface")
        {
            Fail(root.Offset, $"expecting root element of 'interface', not '{root.Name}'");
            return null;
        }

        InterfaceDefinition definition = ReadInterface(root, parent: null);
        return HasFault ? null : definition;
    }

    private InterfaceDefinition ReadInterface(XmlElement element, InterfaceKind? parent)
    {
        Required(element, "type");
        InterfaceKind kind = (InterfaceKind)Token(element, "type", SchemaNames.Kinds);
        bool isPart = kind == InterfaceKind.Ethernet || (parent == InterfaceKind.Bridge && kind != InterfaceKind.Bridge);
        if (parent is not null && !isPart)
        {
            Fail(element.Offset, $"interface has unsupported type '{SchemaNames.Kinds[(int)kind]}'");
        }

        Expect(element, ["type", "name"], Children(kind, isMember: parent is not null), repeated: "protocol");
        string? name = kind == InterfaceKind.Vlan ? Attribute(element, "name") : Required(element, "name");
        return new()
        {
            Kind = kind,
            Name = DeviceName(element, "name", name),
            StartMode = ReadStartMode(element),
            Mtu = Child(element, "mtu") is XmlElement mtu ? ReadMtu(mtu) : 0,
            Protocols = ReadProtocols(element),
            Link = ReadLink(element),
            Mac = Child(element, "mac") is XmlElement mac ? ReadMac(mac) : null,
            Bridge = kind == InterfaceKind.Bridge ? ReadBridge(element) : null,
            Bond = kind == InterfaceKind.Bond ? ReadBond(element) : null,
            Vlan = kind == InterfaceKind.Vlan ? ReadVlan(element) : null,
        };
    }

    private static ReadOnlySpan<string> Children(InterfaceKind kind, bool isMember) => (kind, isMember) switch
    {
        (InterfaceKind.Ethernet, false) => EthernetChildren,
        (InterfaceKind.Bridge, _) => BridgeChildren,
        (InterfaceKind.Bond, false) => BondChildren,
        (InterfaceKind.Vlan, false) => VlanChildren,
        (InterfaceKind.Ethernet, true) => EthernetChildren.AsSpan(3),
        (InterfaceKind.Bond, true) => BondChildren.AsSpan(3),
        (InterfaceKind.Vlan, true) => VlanChildren.AsSpan(3),
    };

    // The first three are not for members.
    private static readonly string[] EthernetChildren = ["start", "mtu", "protocol", "link", "mac"];
    private static readonly string[] BridgeChildren = ["start", "mtu", "protocol", "bridge"];
    private static readonly string[] BondChildren = ["start", "mtu", "protocol", "link", "bond"];
    private static readonly string[] VlanChildren = ["start", "mtu", "protocol", "link", "vlan"];

    private InterfaceStartMode ReadStartMode(XmlElement parent)
    {
        if (Child(parent, "start") is not XmlElement start)
        {
            return InterfaceStartMode.Unspecified;
        }

        Expect(start, ["mode"]);
        Required(start, "mode");
        return (InterfaceStartMode)Token(start, "mode", SchemaNames.StartModes);
    }

    private uint ReadMtu(XmlElement mtu)
    {
        Expect(mtu, ["size"]);
        return RequiredDigits(mtu, "size");
    }

    private InterfaceLink ReadLink(XmlElement parent)
    {
        if (Child(parent, "link") is not XmlElement link)
        {
            return default;
        }

        Expect(link, ["speed", "state"]);
        return new(Digits(link, "speed"), (InterfaceLinkState)Token(link, "state", SchemaNames.LinkStates));
    }

    private MacAddress ReadMac(XmlElement mac)
    {
        Expect(mac, ["address"]);
        MacAddress address = default;
        if (Required(mac, "address") is string text && !SchemaValues.TryMac(text, out address))
        {
            Wrong(mac, "address", text);
        }

        return address;
    }

    private ImmutableArray<InterfaceProtocol> ReadProtocols(XmlElement parent)
    {
        List<InterfaceProtocol> protocols = [];
        foreach (XmlElement child in parent.Children)
        {
            if (child.Name != "protocol")
            {
                continue;
            }

            InterfaceProtocol protocol = ReadProtocol(child);
            if (protocols.Exists(other => other.Family == protocol.Family))
            {
                Fail(child.Offset, $"More than one element 'protocol' for {FamilyNames[(int)protocol.Family]}.");
            }

            protocols.Add(protocol);
            if (HasFault)
            {
                break;
            }
        }

        return [.. protocols];
    }

    private static readonly string[] FamilyNames = ["ipv4", "ipv6"];

    // The first is for IPv6.
    private static readonly string[] ProtocolChildren = ["autoconf", "dhcp", "ip", "route"];

    private InterfaceProtocol ReadProtocol(XmlElement element)
    {
        Required(element, "family");
        IpFamily family = Token(element, "family", FamilyNames) == 0 ? IpFamily.V4 : IpFamily.V6;
        Expect(element, ["family"], ProtocolChildren.AsSpan(family == IpFamily.V4 ? 1 : 0), repeated: "ip");
        XmlElement? dhcp = Child(element, "dhcp");
        bool? peerDns = null;
        if (dhcp is not null)
        {
            Expect(dhcp, ["peerdns"]);
            peerDns = Switch(dhcp, "peerdns", "yes", "no");
        }

        return new(family)
        {
            Dhcp = dhcp is not null,
            PeerDns = peerDns,
            Autoconf = ReadAutoconf(element),
            Addresses = ReadAddresses(element, family),
            Gateway = ReadGateway(element, family),
        };
    }

    private bool ReadAutoconf(XmlElement protocol)
    {
        XmlElement? autoconf = Child(protocol, "autoconf");
        if (autoconf is not null)
        {
            Expect(autoconf, []);
        }

        return autoconf is not null;
    }

    private ImmutableArray<InterfaceAddress> ReadAddresses(XmlElement protocol, IpFamily family)
    {
        ImmutableArray<InterfaceAddress>.Builder addresses = ImmutableArray.CreateBuilder<InterfaceAddress>();
        foreach (XmlElement child in protocol.Children)
        {
            if (child.Name != "ip")
            {
                continue;
            }

            Expect(child, ["address", "prefix"]);
            string? prefix = Attribute(child, "prefix");
            uint length = Number(child, "prefix", prefix, family == IpFamily.V4 ? 32u : 128u);
            addresses.Add(new(Address(child, "address", family), prefix is null ? null : (byte)length));
        }

        return addresses.ToImmutable();
    }

    private IpAddress? ReadGateway(XmlElement protocol, IpFamily family)
    {
        if (Child(protocol, "route") is not XmlElement route)
        {
            return null;
        }

        Expect(route, ["gateway"]);
        return Address(route, "gateway", family);
    }

    // The part that a kind must have; an empty one stands in when it is missing, which is wrong.
    private XmlElement Part(XmlElement parent, string name)
    {
        if (Child(parent, name) is XmlElement part)
        {
            return part;
        }

        Fail(parent.Offset, $"{name} interface misses the {name} element");
        return new(name, parent.Offset, isInDefaultNamespace: false);
    }

    private BridgeDefinition ReadBridge(XmlElement parent)
    {
        XmlElement bridge = Part(parent, "bridge");
        Expect(bridge, ["stp", "delay"], ["interface"], repeated: "interface");
        string? delay = null;
        if (Attribute(bridge, "delay") is string text && !SchemaValues.TryTime(text, out delay))
        {
            Wrong(bridge, "delay", text);
        }

        return new()
        {
            SpanningTree = Switch(bridge, "stp", "on", "off"),
            ForwardDelay = delay,
            Members = ReadMembers(bridge, InterfaceKind.Bridge),
        };
    }

    private ImmutableArray<InterfaceDefinition> ReadMembers(XmlElement parent, InterfaceKind kind)
    {
        ImmutableArray<InterfaceDefinition>.Builder members = ImmutableArray.CreateBuilder<InterfaceDefinition>();
        foreach (XmlElement child in parent.Children)
        {
            if (child.Name == "interface")
            {
                members.Add(ReadInterface(child, kind));
            }
        }

        return members.ToImmutable();
    }

    private BondDefinition ReadBond(XmlElement parent)
    {
        XmlElement bond = Part(parent, "bond");
        Expect(bond, ["mode"], ["miimon", "arpmon", "interface"], repeated: "interface");
        XmlElement? miimon = Child(bond, "miimon");
        XmlElement? arpmon = Child(bond, "arpmon");
        if (miimon is not null && arpmon is not null)
        {
            Fail(arpmon.Offset, "bond has both a miimon and an arpmon element");
        }

        ImmutableArray<InterfaceDefinition> members = ReadMembers(bond, InterfaceKind.Bond);
        if (members.IsEmpty)
        {
            Fail(bond.Offset, "bond has no interfaces");
        }

        return new()
        {
            Mode = (BondMode)Token(bond, "mode", SchemaNames.BondModes),
            Mii = miimon is null ? null : ReadMiiMonitor(miimon),
            Arp = arpmon is null ? null : ReadArpMonitor(arpmon),
            Members = members,
        };
    }

    private MiiMonitor ReadMiiMonitor(XmlElement miimon)
    {
        Expect(miimon, ["freq", "downdelay", "updelay", "carrier"]);
        return new(
            RequiredDigits(miimon, "freq"),
            Digits(miimon, "downdelay"),
            Digits(miimon, "updelay"),
            (MiiCarrier)Token(miimon, "carrier", SchemaNames.MiiCarriers));
    }

    private ArpMonitor ReadArpMonitor(XmlElement arpmon)
    {
        Expect(arpmon, ["interval", "target", "validate"]);
        return new(
            RequiredDigits(arpmon, "interval"),
            Address(arpmon, "target", IpFamily.V4),
            (ArpValidation)Token(arpmon, "validate", SchemaNames.ArpValidations));
    }

    private VlanDefinition ReadVlan(XmlElement parent)
    {
        XmlElement vlan = Part(parent, "vlan");
        Expect(vlan, ["tag"], ["interface"]);
        uint tag = Number(vlan, "tag", Required(vlan, "tag"), 4095);
        if (Child(vlan, "interface") is not XmlElement device)
        {
            Fail(vlan.Offset, "vlan interface misses the interface element");
            return new((ushort)tag, "");
        }

        Expect(device, ["name"]);
        return new((ushort)tag, DeviceName(device, "name", Required(device, "name")) ?? "");
    }
}
