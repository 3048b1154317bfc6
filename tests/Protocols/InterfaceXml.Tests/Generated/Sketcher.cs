using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml.Generated;

/// <summary>
/// Sketches a definition by the schema's table of contents, not by our writer: elements in any order, numbers with zeros before
/// them, blanks around tokens, what has a default written out.
/// </summary>
internal sealed class Sketcher(Dice dice)
{
    public Sketch Draw(InterfaceDefinition definition) => Interface(definition, isMember: false);

    private Sketch Interface(InterfaceDefinition definition, bool isMember)
    {
        Sketch sketch = new Sketch("interface").With("type", Token(Lower(definition.Kind))).With("name", definition.Name);
        List<Sketch> parts = [];
        if (!isMember)
        {
            Add(parts, definition.StartMode != InterfaceStartMode.Unspecified, () => new Sketch("start")
                .With("mode", Token(Lower(definition.StartMode))));
            Add(parts, definition.Mtu != 0, () => new Sketch("mtu").With("size", Digits(definition.Mtu)));
            parts.AddRange(definition.Protocols.Select(Protocol));
        }

        Add(parts, definition.Link != default || (definition.Kind != InterfaceKind.Bridge && dice.Once(8)), () => Link(definition.Link));
        Add(parts, definition.Mac is not null, () => new Sketch("mac").With("address", Case(definition.Mac!.Value.ToString())));
        Add(parts, definition.Bridge is not null, () => Bridge(definition.Bridge!));
        Add(parts, definition.Bond is not null, () => Bond(definition.Bond!));
        Add(parts, definition.Vlan is not null, () => Vlan(definition.Vlan!));
        sketch.Children.AddRange(Interleaved(parts, "protocol"));
        return sketch;
    }

    private static void Add(List<Sketch> parts, bool isThere, Func<Sketch> part)
    {
        if (isThere)
        {
            parts.Add(part());
        }
    }

    // Any order, but those of one name keep theirs.
    private List<Sketch> Interleaved(List<Sketch> parts, string name)
    {
        Queue<Sketch> ordered = new(parts.Where(part => part.Name == name));
        dice.Shuffle(parts);
        return parts.ConvertAll(part => part.Name == name ? ordered.Dequeue() : part);
    }

    private Sketch Link(InterfaceLink link) => new Sketch("link")
        .With("speed", link.SpeedMegabits != 0 || dice.Once(8) ? Digits(link.SpeedMegabits) : null)
        .With("state", link.State != InterfaceLinkState.Unspecified ? Token(Lower(link.State)) : null);

    private Sketch Protocol(InterfaceProtocol protocol)
    {
        Sketch sketch = new Sketch("protocol").With("family", Token(protocol.Family == IpFamily.V4 ? "ipv4" : "ipv6"));
        List<Sketch> parts = [];
        Add(parts, protocol.Dhcp, () => new Sketch("dhcp")
            .With("peerdns", protocol.PeerDns is bool isYes ? Token(isYes ? "yes" : "no") : null));
        Add(parts, protocol.Autoconf, () => new Sketch("autoconf"));
        parts.AddRange(protocol.Addresses.Select(address => new Sketch("ip")
            .With("address", Text(address.Address))
            .With("prefix", address.PrefixLength is byte length ? Token(Digits(length)) : null)));
        Add(parts, protocol.Gateway is not null, () => new Sketch("route").With("gateway", Text(protocol.Gateway!.Value)));
        sketch.Children.AddRange(Interleaved(parts, "ip"));
        return sketch;
    }

    private Sketch Bridge(BridgeDefinition bridge)
    {
        Sketch sketch = new Sketch("bridge")
            .With("stp", bridge.SpanningTree is bool isOn ? Token(isOn ? "on" : "off") : null)
            .With("delay", bridge.ForwardDelay is string delay ? Token(delay) : null);
        sketch.Children.AddRange(bridge.Members.Select(member => Interface(member, isMember: true)));
        return sketch;
    }

    private Sketch Bond(BondDefinition bond)
    {
        Sketch sketch = new Sketch("bond").With("mode", bond.Mode switch
        {
            BondMode.Unspecified => null,
            BondMode.BalanceRoundRobin => Token("balance-rr"),
            BondMode.ActiveBackup => Token("active-backup"),
            BondMode.BalanceXor => Token("balance-xor"),
            BondMode.Broadcast => Token("broadcast"),
            BondMode.LinkAggregation => Token("802.3ad"),
            BondMode.BalanceTransmit => Token("balance-tlb"),
            BondMode.BalanceAdaptive => Token("balance-alb"),
        });
        List<Sketch> parts = [.. bond.Members.Select(member => Interface(member, isMember: true))];
        Add(parts, bond.Mii is not null, () => MiiMonitor(bond.Mii!));
        Add(parts, bond.Arp is not null, () => ArpMonitor(bond.Arp!));
        sketch.Children.AddRange(Interleaved(parts, "interface"));
        return sketch;
    }

    private Sketch MiiMonitor(MiiMonitor monitor) => new Sketch("miimon")
        .With("freq", Digits(monitor.FrequencyMilliseconds))
        .With("downdelay", monitor.DownDelayMilliseconds != 0 || dice.Once(4) ? Digits(monitor.DownDelayMilliseconds) : null)
        .With("updelay", monitor.UpDelayMilliseconds != 0 || dice.Once(4) ? Digits(monitor.UpDelayMilliseconds) : null)
        .With("carrier", monitor.Carrier == MiiCarrier.Unspecified ? null : Token(Lower(monitor.Carrier)));

    private Sketch ArpMonitor(ArpMonitor monitor) => new Sketch("arpmon")
        .With("interval", Digits(monitor.IntervalMilliseconds))
        .With("target", monitor.Target.ToString())
        .With("validate", monitor.Validation != ArpValidation.None || dice.Once(2) ? Token(Lower(monitor.Validation)) : null);

    private Sketch Vlan(VlanDefinition vlan)
    {
        Sketch sketch = new Sketch("vlan").With("tag", Token(Digits(vlan.Tag)));
        sketch.Children.Add(new Sketch("interface").With("name", vlan.Interface));
        return sketch;
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private string Digits(uint value) => new string('0', dice.Once(6) ? dice.Below(40) : 0) + value.ToString(CultureInfo.InvariantCulture);

    private string Token(string text) => dice.Once(6) ? $"{dice.Of(" ", "\n", "\t\r ", "")}{text}{dice.Of(" ", "\n\n", "")}" : text;

    private string Case(string text) => dice.Of(text, text.ToLowerInvariant());

    private string Text(IpAddress address)
    {
        if (address.IsV4)
        {
            return address.ToString();
        }

        UInt128 bits = address.ToBits();
        string full = string.Join(':', Enumerable.Range(0, 8).Select(group => Group((ushort)(bits >> (112 - (16 * group))))));
        return Case(dice.Of(address.ToString(), address.ToString(), full));
    }

    private string Group(ushort group) => group.ToString(dice.Of("x", "x4", "X2"), CultureInfo.InvariantCulture);
}
