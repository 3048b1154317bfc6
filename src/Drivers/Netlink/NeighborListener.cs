using Spindle.Protocols.Rtnetlink;

namespace Spindle.Drivers.Netlink;

/// <summary>Is told what the kernel knows of a neighbour that is followed: at first, and when it has changed.</summary>
/// <param name="neighbor">The neighbour. The listener may call the driver.</param>
public delegate void NeighborListener(in Neighbor neighbor);
