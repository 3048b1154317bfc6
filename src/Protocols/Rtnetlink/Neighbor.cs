using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>A neighbour on a link, as the kernel knows it.</summary>
/// <param name="InterfaceIndex">The link.</param>
/// <param name="Address">Whose address it is.</param>
/// <param name="State">What is known of it.</param>
/// <param name="HardwareAddress">Where frames to it go; zeros if that is not known or no address of six octets.</param>
public readonly record struct Neighbor(
    int InterfaceIndex, IpAddress Address, NeighborState State, MacAddress HardwareAddress = default)
{
    private const NeighborState Valid = NeighborState.Reachable | NeighborState.Stale | NeighborState.Delay
        | NeighborState.Probe | NeighborState.NoArp | NeighborState.Permanent;

    /// <summary>True if frames are sent to it, false if it was asked in vain; null while that is not decided.</summary>
    public bool? IsReachable => (State & Valid) != 0 ? true : (State & NeighborState.Failed) != 0 ? false : null;
}
