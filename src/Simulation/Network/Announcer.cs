using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>Tells netlink's groups what changed. What a message costs its receivers was measured on x86-64 (SO_MEMINFO).</summary>
internal sealed class Announcer(NetworkStack stack)
{
    private const int LinkMemory = 2304;
    private const int SmallMemory = 832;
    private const int LargeMemory = 1280;

    /// <param name="link">The link.</param>
    /// <param name="type">New or deleted.</param>
    /// <param name="change">Which of its flags have changed.</param>
    public void Link(SimulatedLink link, MessageType type, uint change) =>
        stack.Netlink.Announce(Groups.Link, LinkMessages.Write(link, type, 0, change, 0, 0), LinkMemory);

    public void Address(InterfaceAddress address, MessageType type) => stack.Netlink.Announce(
        address.Local.IsV4 ? Groups.Address4 : Groups.Address6, AddressMessages.Write(address, type, 0, 0, 0), SmallMemory);

    /// <param name="routes">The route; of several next hops all, first the one that it is about.</param>
    /// <param name="type">New or deleted.</param>
    /// <param name="flags">How it came to be (NLM_F_*).</param>
    public void Route(IReadOnlyList<Route> routes, MessageType type, int flags)
    {
        bool isV4 = routes[0].Destination.Address.IsV4;
        stack.Netlink.Announce(
            isV4 ? Groups.Route4 : Groups.Route6,
            RouteMessages.Write(routes, type, flags, 0, 0),
            isV4 ? SmallMemory : LargeMemory);
    }

    public void Rule(RoutingRule rule, MessageType type)
    {
        bool isV4 = rule.Family == IpFamily.V4;
        stack.Netlink.Announce(
            isV4 ? Groups.Rule4 : Groups.Rule6, RuleMessages.Write(stack, rule, type, 0, 0, 0), isV4 ? SmallMemory : LargeMemory);
    }

    public void Neighbor(Neighbor neighbor, MessageType type) => stack.Netlink.Announce(
        Groups.Neighbour, () => NeighbourMessages.Write(neighbor, type, 0, 0, 0), SmallMemory);
}
