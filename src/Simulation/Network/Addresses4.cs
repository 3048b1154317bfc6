using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The IPv4 addresses of links, and the routes that each brings (<c>man 7 rtnetlink</c>): to itself, to its network, and
/// to its broadcast addresses.</summary>
internal sealed class Addresses4(NetworkStack stack)
{
    /// <summary>IPv4 wants this much (RFC 791); a link with less does not speak it.</summary>
    public const uint MtuMin = 68;

    private const byte HostLength = 32;

    /// <summary>Adds an address that is not there: the first of a network is its primary address, the others are secondary.</summary>
    public Answer Add(InterfaceAddress address)
    {
        if (address.Local.IsUnspecified)
        {
            return Answer.Done;
        }

        List<InterfaceAddress> list = address.Link.Addresses4;
        int place = 0;
        address.Flags &= ~AddressFlags.Secondary;
        for (int index = 0; index < list.Count; index++)
        {
            InterfaceAddress other = list[index];
            place = !other.IsSecondary && address.Scope <= other.Scope ? index + 1 : place;
            if (!IsSameNetwork(other, address))
            {
                continue;
            }

            if (other.Local == address.Local)
            {
                return Answer.Fail(Errno.EEXIST, "ipv4: Address already assigned");
            }

            if (other.Scope != address.Scope)
            {
                return Answer.Fail(Errno.EINVAL, "ipv4: Invalid scope value");
            }

            address.Flags |= AddressFlags.Secondary;
        }

        list.Insert(address.IsSecondary ? list.Count : place, address);
        stack.Tell.Address(address, MessageType.NewAddress);
        AddRoutes(address);
        stack.Lifetimes.Arm(address);
        stack.ReportAdded(address);
        return Answer.Done;
    }

    /// <summary>Changes lifetimes, metric and owner of one that is there.</summary>
    public Answer Change(InterfaceAddress address, InterfaceAddress wanted)
    {
        if (address.Metric != wanted.Metric)
        {
            ChangeMetric(address, wanted.Metric);
        }

        address.Protocol = wanted.Protocol;
        stack.Lifetimes.Take(address, wanted);
        stack.Tell.Address(address, MessageType.NewAddress);
        stack.ReportChanged(address);
        return Answer.Done;
    }

    /// <summary>Removes an address; with a primary one go the secondary ones of its network.</summary>
    public void Remove(InterfaceAddress address, bool isLinkGone = false)
    {
        List<InterfaceAddress> list = address.Link.Addresses4;
        if (!address.IsSecondary && !isLinkGone)
        {
            foreach (InterfaceAddress other in list.FindAll(other => other.IsSecondary && IsSameNetwork(address, other)))
            {
                RemoveOne(other, isLinkGone);
            }
        }

        RemoveOne(address, isLinkGone);
    }

    /// <summary>The link is switched on.</summary>
    public void LinkUp(SimulatedLink link)
    {
        if (link.Kind == LinkKind.Loopback && link.HasV4)
        {
            BringLoopback(link);
        }

        foreach (InterfaceAddress address in link.Addresses4)
        {
            AddRoutes(address);
        }
    }

    /// <summary>The link has another name: the labels of its addresses follow, the first as the name, the others behind a colon.</summary>
    public void LinkRenamed(SimulatedLink link)
    {
        const int LabelMax = 15;
        for (int index = 0; index < link.Addresses4.Count; index++)
        {
            InterfaceAddress address = link.Addresses4[index];
            int colon = address.Label.IndexOf(':', StringComparison.Ordinal);
            string suffix = index == 0 ? ""
                : colon >= 0 ? address.Label[colon..]
                : string.Create(CultureInfo.InvariantCulture, $":{index + 1}");
            address.Label = link.Name[..Math.Min(link.Name.Length, LabelMax - suffix.Length)] + suffix;
            stack.Tell.Address(address, MessageType.NewAddress);
        }
    }

    /// <summary>The link is removed, and its addresses with it.</summary>
    public void LinkGone(SimulatedLink link)
    {
        while (link.Addresses4.Count > 0)
        {
            Remove(link.Addresses4[0], isLinkGone: true);
        }
    }

    public static bool IsSameNetwork(InterfaceAddress one, InterfaceAddress other) =>
        one.PrefixLength == other.PrefixLength && one.Network.Contains(other.Peer);

    private static bool HasNetwork(InterfaceAddress address) => !address.IsSecondary && !IsZeroNetwork(address.Network.Address)
        && (address.Network.Address != address.Local || address.PrefixLength < HostLength);

    // 0.0.0.0/8 is nobody's network.
    private static bool IsZeroNetwork(IpAddress address) => address.ToV4() >> 24 == 0;

    private static InterfaceAddress? PrimaryOf(InterfaceAddress address) => !address.IsSecondary ? address
        : address.Link.Addresses4.Find(other => !other.IsSecondary && IsSameNetwork(other, address));

    private static IEnumerable<IpAddress> BroadcastsOf(InterfaceAddress address)
    {
        if (!address.Broadcast.IsUnspecified && address.Broadcast != IpAddress.BroadcastV4)
        {
            yield return address.Broadcast;
        }
    }

    private static bool HasDirectedBroadcast(InterfaceAddress address) => HasNetwork(address) && address.PrefixLength < HostLength - 1;

    private static IpAddress DirectedBroadcast(InterfaceAddress address) => new IpPrefix(address.Peer, address.PrefixLength).Broadcast;

    private void BringLoopback(SimulatedLink link)
    {
        IpAddress own = IpAddress.FromV4(127, 0, 0, 1);
        if (!link.Addresses4.Exists(address => address.Local == own))
        {
            Add(new InterfaceAddress(link, own, 8)
            {
                Scope = RouteScope.Host,
                Flags = AddressFlags.Permanent,
                Label = link.Name,
                CreatedAt = stack.Machine.Monotonic.Now,
                UpdatedAt = stack.Machine.Monotonic.Now,
            });
        }
    }

    private void AddRoutes(InterfaceAddress address)
    {
        if (PrimaryOf(address) is not { } primary)
        {
            return;
        }

        Bring(RouteOf(RouteType.Local, new IpPrefix(address.Local, HostLength), primary, 0));
        if (!address.Link.IsUp)
        {
            return;
        }

        foreach (IpAddress broadcast in BroadcastsOf(address))
        {
            Bring(RouteOf(RouteType.Broadcast, new IpPrefix(broadcast, HostLength), primary, 0));
        }

        if (HasNetwork(address) && (address.Flags & AddressFlags.NoPrefixRoute) == 0)
        {
            Bring(NetworkRoute(address, address.Metric));
        }

        if (HasDirectedBroadcast(address))
        {
            Bring(RouteOf(RouteType.Broadcast, new IpPrefix(DirectedBroadcast(address), HostLength), primary, 0));
        }
    }

    private void RemoveOne(InterfaceAddress address, bool isLinkGone)
    {
        InterfaceAddress? primary = PrimaryOf(address);
        address.Link.Addresses4.Remove(address);
        address.Next?.Cancel();
        stack.Tell.Address(address, MessageType.DeleteAddress);
        if (primary is not null)
        {
            RemoveRoutes(address, primary, isLinkGone);
        }

        if (address.Link.Addresses4.Count == 0)
        {
            // A link without any address is done with IPv4: whatever leads over it goes, and nobody is told.
            stack.Routes4.DropLink(address.Link, isGone: true);
            stack.Neighbors.Forget(address.Link, IpFamily.V4); // even permanent ones
        }

        stack.ReportRemoved(address);
    }

    private void RemoveRoutes(InterfaceAddress address, InterfaceAddress primary, bool isLinkGone)
    {
        if (HasNetwork(address) && (address.Flags & AddressFlags.NoPrefixRoute) == 0)
        {
            Take(NetworkRoute(address, address.Metric));
        }

        // Others keep a route that packets leave by with the same source as with this address.
        List<InterfaceAddress> others = isLinkGone
            ? [] : address.Link.Addresses4.FindAll(other => PrimaryOf(other)?.Local == primary.Local);
        foreach (IpAddress broadcast in BroadcastsOf(address))
        {
            TakeBroadcast(broadcast, primary, others);
        }

        if (HasDirectedBroadcast(address))
        {
            TakeBroadcast(DirectedBroadcast(address), primary, others);
        }

        if (!others.Exists(other => other.Local == address.Local))
        {
            Take(RouteOf(RouteType.Local, new IpPrefix(address.Local, HostLength), primary, 0));
            if (!stack.IsLocal(address.Local))
            {
                stack.Routes4.DropSource(address.Local);
            }
        }
    }

    private void TakeBroadcast(IpAddress broadcast, InterfaceAddress primary, List<InterfaceAddress> others)
    {
        bool isNeeded = others.Exists(other => other.Broadcast == broadcast
            || (HasDirectedBroadcast(other) && DirectedBroadcast(other) == broadcast));
        if (!isNeeded)
        {
            Take(RouteOf(RouteType.Broadcast, new IpPrefix(broadcast, HostLength), primary, 0));
        }
    }

    private void ChangeMetric(InterfaceAddress address, uint metric)
    {
        bool hasRoute = address.Link.IsUp && HasNetwork(address) && (address.Flags & AddressFlags.NoPrefixRoute) == 0;
        if (hasRoute)
        {
            Bring(NetworkRoute(address, metric));
            Take(NetworkRoute(address, address.Metric));
        }

        address.Metric = metric;
    }

    private static Route NetworkRoute(InterfaceAddress address, uint metric) => RouteOf(
        address.Link.Kind == LinkKind.Loopback ? RouteType.Local : RouteType.Unicast, address.Network, address, metric);

    private static Route RouteOf(RouteType type, IpPrefix destination, InterfaceAddress primary, uint metric) =>
        new(type == RouteType.Unicast ? Route.MainTable : Route.LocalTable, destination)
        {
            Type = type,
            Scope = type == RouteType.Local ? RouteScope.Host : RouteScope.Link,
            Link = primary.Link,
            PreferredSource = primary.Local,
            Metric = metric,
            IsLinkDown = type != RouteType.Local && !primary.Link.HasCarrier,
        };

    private void Bring(Route route)
    {
        bool isToItself = route.Type == RouteType.Local && route.PreferredSource == route.Destination.Address;
        if (isToItself || route.PreferredSource is not { } source || RouteChecks4.MayBeSource(stack, route.Table, source))
        {
            stack.Routes4.Add(route, MessageFlags.Create | MessageFlags.Append);
        }
    }

    private void Take(Route route) => stack.Routes4.Delete(new RouteWish(route.Table, route.Destination)
    {
        Type = route.Type,
        Scope = route.Scope,
        Protocol = Route.KernelProtocol,
        LinkIndex = route.Link?.Index,
        PreferredSource = route.PreferredSource,
        Metric = route.Metric == 0 ? null : route.Metric,
    });
}
