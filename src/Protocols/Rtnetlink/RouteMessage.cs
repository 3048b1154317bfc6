using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>RTM_NEWROUTE and RTM_DELROUTE in a buffer: <c>struct rtmsg</c> and attributes.</summary>
public readonly ref struct RouteMessage
{
    internal const int FixedSize = 12;

    private readonly NetlinkMessage message;
    private readonly IpFamily family;

    private RouteMessage(NetlinkMessage message, IpFamily family)
    {
        this.message = message;
        this.family = family;
    }

    /// <summary>Which version of IP it routes.</summary>
    public IpFamily Family => family;

    /// <summary>True for what is no route of an administrator's: the kernel's local table, and cached exceptions.</summary>
    /// <remarks>Known from the fixed part alone, so that the two or three local routes of each address cost nothing.</remarks>
    public bool IsInternal => message.Payload[4] == RouteTables.Local
        || (MemoryMarshal.Read<uint>(message.Payload[8..]) & (uint)RouteFlags.Cloned) != 0;

    /// <summary>The message, if it is long enough, IPv4 or IPv6, and its prefix lengths can be.</summary>
    public static bool TryParse(NetlinkMessage message, out RouteMessage route)
    {
        route = default;
        if (message.Payload.Length < FixedSize || !RtnetlinkFamily.TryFrom(message.Payload[0], out IpFamily family)
            || message.Payload[1] > RtnetlinkFamily.Bits(family) || message.Payload[2] > RtnetlinkFamily.Bits(family))
        {
            return false;
        }

        route = new(message, family);
        return true;
    }

    /// <summary>Reads the route.</summary>
    /// <param name="route">The route; with several nexthops, as its first.</param>
    /// <param name="nexthops">
    /// IPv6: the nexthops, if there are several, each of which is a route of its own to the kernel. Else empty.
    /// </param>
    /// <returns>False if the attributes are broken.</returns>
    public bool TryRead(out Route route, out RouteNexthops nexthops)
    {
        RouteFields fields = new(family, message.Payload);
        NetlinkAttributes attributes = message.Attributes(FixedSize);
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            fields.Take(attribute);
        }

        route = fields.ToRoute(message.Payload, out nexthops);
        return !attributes.IsBroken && !fields.IsBroken;
    }

    /// <summary>Octets that <see cref="Write"/> needs at most.</summary>
    public const int SizeMax = 256;

    /// <summary>Writes the message: a request, or what the kernel would send for a route with one nexthop.</summary>
    public static int Write(
        Span<byte> destination, NetlinkMessageType type, NetlinkFlags flags, uint sequence, in Route route)
    {
        NetlinkWriter writer = new(destination, type, flags, sequence);
        Span<byte> octets = writer.Reserve(FixedSize);
        octets[0] = RtnetlinkFamily.Number(route.Family);
        octets[1] = route.Destination.Length;
        octets[3] = route.TypeOfService;
        octets[4] = route.Table <= byte.MaxValue ? (byte)route.Table : (byte)0;
        octets[5] = route.Protocol;
        octets[6] = (byte)route.Scope;
        octets[7] = (byte)route.Type;
        MemoryMarshal.Write(octets[8..], (uint)route.Flags);
        writer.UInt32(RouteAttribute.Table, route.Table);
        if (route.Destination.Length != 0)
        {
            writer.Address(RouteAttribute.Destination, route.Destination.Address);
        }

        WriteNexthop(ref writer, route);
        WriteOptional(ref writer, route);
        return writer.Finish().Length;
    }

    private static void WriteNexthop(ref NetlinkWriter writer, in Route route)
    {
        if (route.HasGateway && route.Gateway.Family == route.Family)
        {
            writer.Address(RouteAttribute.Gateway, route.Gateway);
        }
        else if (route.HasGateway)
        {
            Span<byte> via = writer.Attribute(RouteAttribute.Via, 2 + route.Gateway.Size);
            MemoryMarshal.Write(via, (ushort)RtnetlinkFamily.Number(route.Gateway.Family));
            route.Gateway.Write(via[2..]);
        }

        if (route.OutputInterface != 0)
        {
            writer.UInt32(RouteAttribute.OutputInterface, (uint)route.OutputInterface);
        }
    }

    private static void WriteOptional(ref NetlinkWriter writer, in Route route)
    {
        if (route.Metric != 0)
        {
            writer.UInt32(RouteAttribute.Priority, route.Metric);
        }

        if (!route.PreferredSource.IsUnspecified)
        {
            writer.Address(RouteAttribute.PreferredSource, route.PreferredSource);
        }

        if (route.Mtu != 0)
        {
            int metrics = writer.BeginNested(RouteAttribute.Metrics);
            writer.UInt32(RouteAttribute.MetricMtu, route.Mtu);
            writer.EndNested(metrics);
        }

        if (route.Preference != 0)
        {
            writer.Byte(RouteAttribute.Preference, route.Preference);
        }

        if (route.ExpiresSeconds != Route.Forever)
        {
            writer.UInt32(RouteAttribute.Expires, route.ExpiresSeconds);
        }
    }
}
