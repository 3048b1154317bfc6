using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>A static address (<c>&lt;ip address='' prefix=''/&gt;</c>).</summary>
/// <param name="Address">IPv4 or IPv6, as the protocol element around it says.</param>
/// <param name="PrefixLength">Bits of the network part, at most 32 or 128; null when not said.</param>
public readonly record struct InterfaceAddress(IpAddress Address, byte? PrefixLength);
