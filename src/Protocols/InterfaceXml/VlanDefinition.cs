namespace Spindle.Protocols.InterfaceXml;

/// <summary>What makes an interface a VLAN (<c>&lt;vlan tag=''&gt;&lt;interface name=''/&gt;&lt;/vlan&gt;</c>).</summary>
/// <param name="Tag">The VLAN identifier, 0 to 4095.</param>
/// <param name="Interface">The device that carries it.</param>
public sealed record VlanDefinition(ushort Tag, string Interface);
