using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Which multicast groups the machine hears on which link.</summary>
internal sealed class GroupMemberships(NetworkStack network)
{
    private static readonly UInt128 SolicitedNodeBase = ((UInt128)0xFF02 << 112) | ((UInt128)0x1_FF00_0000);

    private readonly Dictionary<(int Link, IpAddress Group), int> joined = [];

    /// <summary>ff02::1.</summary>
    public static IpAddress AllNodes { get; } = IpAddress.FromV6(((UInt128)0xFF02 << 112) + 1);

    /// <summary>224.0.0.1.</summary>
    public static IpAddress AllSystems { get; } = IpAddress.FromV4(224, 0, 0, 1);

    /// <summary>ff02::1:ff00:0/104 and the last 24 bits (RFC 4291, section 2.7.1).</summary>
    public static IpAddress SolicitedNode(IpAddress address) =>
        IpAddress.FromV6(SolicitedNodeBase | (address.ToBits() & 0xFF_FFFF));

    public void Join(SimulatedLink link, IpAddress group) =>
        joined[(link.Index, group)] = joined.GetValueOrDefault((link.Index, group)) + 1;

    public void Leave(int linkIndex, IpAddress group)
    {
        if (joined.TryGetValue((linkIndex, group), out int count))
        {
            joined.Remove((linkIndex, group));
            if (count > 1)
            {
                joined.Add((linkIndex, group), count - 1);
            }
        }
    }

    /// <summary>Every link hears all nodes; and what its addresses are solicited by.</summary>
    public bool IsMember(SimulatedLink link, IpAddress group)
    {
        if (group == AllNodes || group == AllSystems || joined.ContainsKey((link.Index, group)))
        {
            return true;
        }

        if (group.IsV4 || (group.ToBits() & ~(UInt128)0xFF_FFFF) != SolicitedNodeBase)
        {
            return false;
        }

        foreach (InterfaceAddress address in network.Addresses(link, IpFamily.V6))
        {
            if (SolicitedNode(address.Local) == group)
            {
                return true;
            }
        }

        return false;
    }
}
