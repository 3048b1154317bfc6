using System;
using System.Linq;
using System.Text;
using Spindle.Protocols.InterfaceXml;

namespace Spindle.Fuzz.Targets;

/// <summary>Interface definitions: what is refused has a place and a reason; what is read is written, read and written the same.</summary>
public static class InterfaceXmlFuzz
{
    private static readonly string[] Seeds =
    [
        "<interface type='ethernet' name='eth0'>\n  <start mode='onboot'/>\n  <mtu size='1492'/>\n  <protocol family='ipv4'>\n    <dhcp peerdns='no'/>\n  </protocol>\n</interface>\n",
        "<?xml version='1.0' encoding='UTF-8'?><!-- c --><interface name=\"eth0\" type=\"ethernet\"><mac address=\"aa:bb:cc:dd:ee:ff\"/><link speed='100' state='up'/></interface>",
        "<interface type='bridge' name='br0'><bridge stp='off' delay='0.01'><interface type='vlan' name='e.4'><vlan tag='4'><interface name='e'/></vlan></interface></bridge></interface>",
        "<interface type='bond' name='b'><bond mode='802.3ad'><arpmon interval='100' target='192.0.2.1' validate='all'/><interface type='ethernet' name='a'/></bond></interface>",
        "<interface type='bond' name='b'><bond><miimon freq='1' updelay='2' carrier='netif'/><interface type='ethernet' name='a&#58;1'/></bond></interface>",
        "<interface xmlns:x='u' type=' vlan&#10;'><protocol family='ipv6'><autoconf/><ip address='::ffff:192.0.2.1' prefix='96'/><route gateway='fe80::1'/></protocol><![CDATA[ ]]><vlan tag='42'><interface name='eth0'/></vlan></interface>",
        "<!DOCTYPE interface [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><interface type='ethernet' name='&c;'/>",
    ];

    public static FuzzTarget Target { get; } = new("interfacexml", [.. Seeds.Select(Encoding.UTF8.GetBytes)], Run);

    private static void Run(byte[] input)
    {
        if (!InterfaceDefinition.TryParse(input, out InterfaceDefinition? definition, out XmlRefusal refusal))
        {
            Must(refusal.Line >= 1 && refusal.Line <= input.Count(octet => octet == '\n') + 1, "a line to blame");
            Must(refusal.Column >= 1 && refusal.Column <= input.Length + 1, "a column to blame");
            Must(refusal.Message.Length > 0 && refusal.Message.Length < input.Length + 300, "a message of some size");
            return;
        }

        string xml = definition.Write();
        Must(InterfaceDefinition.TryParse(xml, out InterfaceDefinition? again, out _), "a document that is read back");
        Must(definition == again && again.Write() == xml, "the same definition");
    }

    private static void Must(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidOperationException($"not {what}");
        }
    }
}
