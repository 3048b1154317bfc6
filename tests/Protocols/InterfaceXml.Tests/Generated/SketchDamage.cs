using System;
using System.Collections.Generic;

namespace Spindle.Protocols.InterfaceXml.Generated;

/// <summary>Changes a sketch so that it may be wrong: what is there twice, missing, elsewhere, renamed, or says what it must not.</summary>
internal sealed class SketchDamage(Dice dice)
{
    private static readonly string[] Names =
    [
        "interface", "start", "mtu", "protocol", "link", "mac", "bridge", "bond", "vlan", "miimon", "arpmon", "dhcp", "autoconf", "ip",
        "route", "bogus", "Interface", "x:mtu", "xml", "_",
    ];

    private static readonly string[] AttributeNames =
    [
        "type", "name", "mode", "size", "family", "speed", "state", "address", "prefix", "gateway", "peerdns", "stp", "delay", "tag", "freq",
        "downdelay", "updelay", "carrier", "interval", "target", "validate", "bogus", "xmlns", "xmlns:x", "xml:lang", "xml:space", "x:name",
    ];

    private static readonly string[] Values =
    [
        "", "ethernet", "bridge", "bond", "vlan", "ETHERNET", " vlan\n", "ipv4", "ipv6", "ipv5", "on", "off", "yes", "no", "On", "onboot", "none",
        "hotplug", "up", "down", "unknown", "balance-rr", "802.3ad", "802.3AD", "ioctl", "netif", "all", "active", "backup",
        "0", "1", "+1", "-1", "-0", " 7", "7 ", "\n7", "007", "4094", "4095", "4096", "32", "33", "128", "129", "4294967295", "4294967296",
        "99999999999999999999", "1.0", "1e1", "0x10", "1 2", "\u0661", "\uFF11",
        "2.5", ".5", "5.", ".", "-.5", "+.5", "+", "-", "e", "1e", "1E", "1e+", "1e-", "1e5", "1e-5", "1e+5", "1e5.5", "1e400", "-1e-400", "-1e-40",
        "-1e-300", "INF", "-INF", "+INF", "NaN", "inf", "nan", "Infinity", "-0.0", "-0e5", "-.0", "1.2.3", "1_0", "1,0", "1f",
        "eth0", "a b", "\u00E9", "eth0\u00A0", "a/b:c\\d", "eth0'", "<&>\"", "\uFEFF", "\U0001F600",
        "52:54:00:aB:Cd:04", "52-54-00-00-00-04", "525400000004", "52:54:00:00:00", "52:54:00:00:00:04:05", "52:54:00:00:00:0g", "5:4:0:0:0:4",
        "192.0.2.1", "0.0.0.0", "255.255.255.255", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", "1.2.3.4 ", "1.2.3.00", "1..2.3", "1.2.3.",
        "::", "::1", "1::", "fe80::1%eth0", "::ffff:1.2.3.4", "1::2:1.2.3.4", ":1.2.3.4", "1:2:3:4:5:6:7", "12345::", "::1/64", "[::1]", ":", ":::", "1:",
        "http://www.w3.org/2001/XMLSchema", "preserve",
    ];

    private const string AddressCharacters = "0123456789abcDEF::::....%g";

    /// <summary>One change.</summary>
    public void Apply(Sketch root)
    {
        List<Sketch> all = root.All();
        Sketch victim = dice.Of(all);
        Sketch other = dice.Of(all);
        switch (dice.Below(13))
        {
            case 0 or 1 or 2:
                ChangeValue(victim);
                break;
            case 3:
                Remove(victim.Attributes);
                break;
            case 4:
                victim.With(dice.Of(AttributeNames), dice.Of(Values));
                break;
            case 5:
                RenameAttribute(victim);
                break;
            case 6:
                Remove(victim.Children);
                break;
            case 7:
                Insert(victim, other.Copy());
                break;
            case 8:
                Insert(victim, new Sketch(dice.Of(Names)).With(dice.Of(AttributeNames), dice.Of(Values)));
                break;
            case 9:
                victim.Name = dice.Of(Names);
                break;
            case 10:
                dice.Shuffle(victim.Children);
                break;
            case 11:
                dice.Shuffle(victim.Attributes);
                break;
            default:
                victim.Text += dice.Of("x", "&amp;", "&#65;", "<![CDATA[x]]>", "\u00A0", "]]", "&#13;", "]]>", "&nbsp;", "&#0;", "<a>", "--", "<!", "&");
                break;
        }
    }

    private void ChangeValue(Sketch victim)
    {
        if (victim.Attributes.Count > 0)
        {
            int at = dice.Below(victim.Attributes.Count);
            (string name, string value) = victim.Attributes[at];
            victim.Attributes[at] = (name, dice.Below(4) switch
            {
                0 => Edited(value),
                1 => Address(),
                _ => dice.Of(Values),
            });
        }
    }

    private string Edited(string value)
    {
        int at = dice.Below(value.Length + 1);
        return dice.Below(3) switch
        {
            0 => value.Insert(at, dice.Of(" ", "0", "1", ":", ".", "a", "\n", "+", "\u00E9")),
            1 when at < value.Length => value.Remove(at, 1),
            _ => value[at..] + value[..at],
        };
    }

    private string Address()
    {
        char[] address = new char[dice.Below(24)];
        for (int i = 0; i < address.Length; i++)
        {
            address[i] = AddressCharacters[dice.Below(AddressCharacters.Length)];
        }

        return new(address);
    }

    private void RenameAttribute(Sketch victim)
    {
        if (victim.Attributes.Count > 0)
        {
            int at = dice.Below(victim.Attributes.Count);
            victim.Attributes[at] = (dice.Of(AttributeNames), victim.Attributes[at].Value);
        }
    }

    private void Remove<T>(List<T> items)
    {
        if (items.Count > 0)
        {
            items.RemoveAt(dice.Below(items.Count));
        }
    }

    private void Insert(Sketch parent, Sketch child) => parent.Children.Insert(dice.Below(parent.Children.Count + 1), child);
}
