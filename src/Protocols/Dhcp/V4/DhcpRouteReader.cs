using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Reads options 3 and 121: what they say must make sense on the subnet of the lease.</summary>
internal static class DhcpRouteReader
{
    private const int RoutesMax = 64;

    /// <summary>True if it is an address that a host of the subnet can have.</summary>
    public static bool IsHostOf(IpPrefix subnet, IpAddress host) =>
        subnet.Length >= 31 || (host != subnet.Network.Address && host != subnet.Broadcast);

    /// <summary>Leaves out routers that make no sense; those outside of the subnet only if others are inside.</summary>
    public static IReadOnlyList<IpAddress> Sort(
        IReadOnlyList<IpAddress> routers, IpPrefix address, ref DhcpLeaseDefects defects)
    {
        List<IpAddress> inside = [];
        List<IpAddress> outside = [];
        foreach (IpAddress router in routers)
        {
            if (!address.Contains(router))
            {
                outside.Add(router);
                defects |= DhcpLeaseDefects.RouterOutsideSubnet;
            }
            else if (router != address.Address && IsHostOf(address, router))
            {
                inside.Add(router);
            }
            else
            {
                defects |= DhcpLeaseDefects.RouterInvalid;
            }
        }

        // A /32 with a router elsewhere is how some clouds do it.
        return inside.Count > 0 ? inside : outside;
    }

    /// <summary>Reads option 121; false if it is malformed, so that option 3 counts.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> value, IpPrefix address, ref DhcpLeaseDefects defects, out IReadOnlyList<DhcpRoute> routes)
    {
        routes = [];
        List<DhcpRoute> found = [];
        OctetReader reader = new(value);
        bool isWhole = !value.IsEmpty;
        while (isWhole && reader.Remaining > 0)
        {
            isWhole = TryReadOne(ref reader, out DhcpRoute route);
            if (isWhole && !found.Contains(route))
            {
                Add(found, route, address, ref defects);
            }
        }

        if (!isWhole)
        {
            defects |= DhcpLeaseDefects.ClasslessRoutesMalformed;
            return false;
        }

        routes = found;
        return true;
    }

    private static bool TryReadOne(ref OctetReader reader, out DhcpRoute route)
    {
        route = default;
        if (!reader.TryReadByte(out byte length) || length > 32
            || !reader.TryTake((length + 7) / 8, out ReadOnlySpan<byte> significant)
            || !reader.TryReadUInt32(out uint router))
        {
            return false;
        }

        uint bits = 0;
        for (int i = 0; i < significant.Length; i++)
        {
            bits |= (uint)significant[i] << (24 - (8 * i));
        }

        route = new(new IpPrefix(IpAddress.FromV4(bits), length).Network, IpAddress.FromV4(router));
        return true;
    }

    private static void Add(List<DhcpRoute> routes, DhcpRoute route, IpPrefix address, ref DhcpLeaseDefects defects)
    {
        IpAddress destination = route.Destination.Address;
        bool isRouterGood = route.Router.IsUnspecified
            ? route.Destination.Length > 0
            : DhcpLeaseReader.IsHost(route.Router) && !route.Router.IsLoopback && route.Router != address.Address;
        bool isDestinationGood = route.Destination.Length == 0
            || (DhcpLeaseReader.IsHost(destination) && !destination.IsLoopback);
        if (isRouterGood && isDestinationGood && routes.Count < RoutesMax)
        {
            routes.Add(route);
        }
        else
        {
            defects |= DhcpLeaseDefects.ClasslessRouteInvalid;
        }
    }
}
