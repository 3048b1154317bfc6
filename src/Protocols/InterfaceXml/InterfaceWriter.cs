using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>Writes a definition in libvirt's shape and order.</summary>
internal static class InterfaceWriter
{
    public static string Write(InterfaceDefinition definition)
    {
        XmlWriter writer = new();
        WriteInterface(writer, definition, isMember: false);
        return writer.ToString();
    }

    private static void WriteInterface(XmlWriter writer, InterfaceDefinition definition, bool isMember)
    {
        writer.Tag("interface").Attribute("type", SchemaNames.Kinds[(int)definition.Kind])
            .Attribute("name", definition.Name).Open();
        if (!isMember)
        {
            // Members have these from what they are a part of; the schema has no place for them.
            WriteStartMode(writer, definition.StartMode);
            WriteMtu(writer, definition.Mtu);
            foreach (InterfaceProtocol protocol in definition.Protocols)
            {
                WriteProtocol(writer, protocol);
            }
        }

        if (definition.Kind != InterfaceKind.Bridge)
        {
            WriteLink(writer, definition.Link);
        }

        switch (definition.Kind)
        {
            case InterfaceKind.Ethernet:
                WriteMac(writer, definition.Mac);
                break;
            case InterfaceKind.Bridge:
                WriteBridge(writer, definition.Bridge ?? new());
                break;
            case InterfaceKind.Bond:
                WriteBond(writer, definition.Bond ?? new());
                break;
            case InterfaceKind.Vlan when definition.Vlan is VlanDefinition vlan:
                WriteVlan(writer, vlan);
                break;
        }

        writer.Close("interface");
    }

    private static void WriteStartMode(XmlWriter writer, InterfaceStartMode mode)
    {
        if (mode != InterfaceStartMode.Unspecified)
        {
            writer.Tag("start").Attribute("mode", SchemaNames.StartModes[(int)mode]).Empty();
        }
    }

    private static void WriteMtu(XmlWriter writer, uint mtu)
    {
        if (mtu != 0)
        {
            writer.Tag("mtu").Attribute("size", mtu).Empty();
        }
    }

    private static void WriteProtocol(XmlWriter writer, InterfaceProtocol protocol)
    {
        writer.Tag("protocol").Attribute("family", protocol.Family == IpFamily.V4 ? "ipv4" : "ipv6").Open();
        if (protocol.Autoconf && protocol.Family == IpFamily.V6)
        {
            writer.Tag("autoconf").Empty();
        }

        if (protocol.Dhcp)
        {
            writer.Tag("dhcp").Attribute("peerdns", YesOrNo(protocol.PeerDns)).Empty();
        }

        foreach (InterfaceAddress address in protocol.Addresses)
        {
            writer.Tag("ip").Attribute("address", address.Address.ToString())
                .Attribute("prefix", address.PrefixLength).Empty();
        }

        if (protocol.Gateway is IpAddress gateway)
        {
            writer.Tag("route").Attribute("gateway", gateway.ToString()).Empty();
        }

        writer.Close("protocol");
    }

    private static string? YesOrNo(bool? answer) => answer is null ? null : answer.Value ? "yes" : "no";

    /// <summary>The element of a link, if there is something to say.</summary>
    public static void WriteLink(XmlWriter writer, InterfaceLink link)
    {
        if (link != default)
        {
            writer.Tag("link").Attribute("speed", link.SpeedMegabits == 0 ? null : link.SpeedMegabits)
                .Attribute("state", NameOrNull(SchemaNames.LinkStates[(int)link.State])).Empty();
        }
    }

    private static void WriteMac(XmlWriter writer, MacAddress? mac)
    {
        if (mac is MacAddress address)
        {
            writer.Tag("mac").Attribute("address", address.ToString().ToLowerInvariant()).Empty();
        }
    }

    private static void WriteBridge(XmlWriter writer, BridgeDefinition bridge)
    {
        string? stp = bridge.SpanningTree is bool isOn ? (isOn ? "on" : "off") : null;
        writer.Tag("bridge").Attribute("stp", stp).Attribute("delay", bridge.ForwardDelay).Open();
        WriteMembers(writer, bridge.Members);
        writer.Close("bridge");
    }

    private static void WriteMembers(XmlWriter writer, ImmutableArray<InterfaceDefinition> members)
    {
        foreach (InterfaceDefinition member in members)
        {
            WriteInterface(writer, member, isMember: true);
        }
    }

    private static void WriteBond(XmlWriter writer, BondDefinition bond)
    {
        writer.Tag("bond").Attribute("mode", NameOrNull(SchemaNames.BondModes[(int)bond.Mode])).Open();
        if (bond.Mii is MiiMonitor mii)
        {
            writer.Tag("miimon").Attribute("freq", mii.FrequencyMilliseconds)
                .Attribute("downdelay", NumberOrNull(mii.DownDelayMilliseconds))
                .Attribute("updelay", NumberOrNull(mii.UpDelayMilliseconds))
                .Attribute("carrier", NameOrNull(SchemaNames.MiiCarriers[(int)mii.Carrier])).Empty();
        }
        else if (bond.Arp is ArpMonitor arp)
        {
            string? validate = arp.Validation == ArpValidation.None ? null
                : SchemaNames.ArpValidations[(int)arp.Validation];
            writer.Tag("arpmon").Attribute("interval", arp.IntervalMilliseconds)
                .Attribute("target", arp.Target.ToString()).Attribute("validate", validate).Empty();
        }

        WriteMembers(writer, bond.Members);
        writer.Close("bond");
    }

    private static void WriteVlan(XmlWriter writer, VlanDefinition vlan)
    {
        writer.Tag("vlan").Attribute("tag", vlan.Tag).Open();
        writer.Tag("interface").Attribute("name", vlan.Interface).Empty();
        writer.Close("vlan");
    }

    private static string? NameOrNull(string name) => name.Length == 0 ? null : name;

    private static uint? NumberOrNull(uint value) => value == 0 ? null : value;
}
