using Spindle.Protocols.NeighborDiscovery;

namespace Spindle.Drivers.NeighborDiscovery;

/// <summary>Is told what router discovery on a link found out.</summary>
/// <param name="interfaceIndex">The link.</param>
/// <param name="discovery">Its state, where what changed is to be read. Good for the call.</param>
/// <param name="change">Any but <see cref="RouterDiscoveryOutput.SendSolicitation"/>.</param>
public delegate void RouterDiscoveryListener(
    int interfaceIndex, RouterDiscovery discovery, RouterDiscoveryOutput change);
