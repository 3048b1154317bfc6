using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Walks the nexthops of a route with several (<c>struct rtnexthop</c>); each comes out as a route of its own.</summary>
public ref struct RouteNexthops
{
    /// <summary>Nexthops that are looked at; the kernel's message has room for some thousands, nobody for that many links.</summary>
    public const int CountMax = 256;

    private const int HeaderSize = 8;

    private readonly Route template;
    private ReadOnlySpan<byte> rest;
    private int count;

    internal RouteNexthops(scoped in Route template, ReadOnlySpan<byte> octets)
    {
        this.template = template;
        rest = octets;
    }

    /// <summary>True if there are none (left).</summary>
    public readonly bool IsEmpty => rest.IsEmpty;

    /// <summary>True if the walk ended at a nexthop that does not fit.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next nexthop with the route around it.</summary>
    public bool TryNext(out Route route)
    {
        if (!TryTake(ref rest, out ReadOnlySpan<byte> nexthop) || count++ == CountMax)
        {
            IsBroken |= !rest.IsEmpty;
            rest = default;
            route = default;
            return false;
        }

        route = template with
        {
            OutputInterface = MemoryMarshal.Read<int>(nexthop[4..]),
            Flags = (template.Flags & ~RouteFlags.OnLink) | (RouteFlags)nexthop[2],
            Gateway = GatewayOf(nexthop, template.Family),
        };
        return true;
    }

    /// <summary>The number of nexthops and a hash of them without their flags, which change with the links' state.</summary>
    internal static int Count(ReadOnlySpan<byte> octets, ref uint hash)
    {
        int count = 0;
        while (count < CountMax && TryTake(ref octets, out ReadOnlySpan<byte> nexthop))
        {
            count++;
            hash = Fingerprints.Add(hash, nexthop[3..]);
        }

        return count;
    }

    internal static bool TryTake(ref ReadOnlySpan<byte> octets, out ReadOnlySpan<byte> nexthop)
    {
        nexthop = default;
        int length = octets.Length < HeaderSize ? 0 : MemoryMarshal.Read<ushort>(octets);
        if (length < HeaderSize || length > octets.Length)
        {
            return false;
        }

        nexthop = octets[..length];
        int taken = NetlinkAlignment.Align(length);
        octets = taken >= octets.Length ? default : octets[taken..];
        return true;
    }

    internal static IpAddress GatewayOf(ReadOnlySpan<byte> nexthop, IpFamily family)
    {
        NetlinkAttributes attributes = new(nexthop[HeaderSize..]);
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            if (attribute.Type == RouteAttribute.Gateway && attribute.TryGetAddress(family, out IpAddress gateway))
            {
                return gateway;
            }

            if (attribute.Type == RouteAttribute.Via && TryGetVia(attribute, out gateway))
            {
                return gateway;
            }
        }

        return family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
    }

    internal static bool TryGetVia(NetlinkAttribute attribute, out IpAddress gateway)
    {
        gateway = default;
        return attribute.Value.Length > 2 && RtnetlinkFamily.TryFrom(attribute.Value[0], out IpFamily family)
            && new NetlinkAttribute(0, attribute.Value[2..]).TryGetAddress(family, out gateway);
    }
}
