using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>A route of option 121 (RFC 3442).</summary>
/// <param name="Destination">The network; length 0 is the default route.</param>
/// <param name="Router">The next hop; 0.0.0.0 says that the network is on the link.</param>
public readonly record struct DhcpRoute(IpPrefix Destination, IpAddress Router);
