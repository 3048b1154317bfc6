using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Gathers a route's attributes while they are walked. No allocation.</summary>
internal ref struct RouteFields(IpFamily family, ReadOnlySpan<byte> fixedPart)
{
    /// <summary>Lifetimes are told in ticks of this many a second (USER_HZ).</summary>
    private const int TicksPerSecond = 100;

    private readonly IpFamily family = family;
    private IpAddress destination = Any(family);
    private IpAddress gateway = Any(family);
    private IpAddress preferredSource = Any(family);
    private uint table = fixedPart[4];
    private uint metric;
    private uint mtu;
    private uint expiresSeconds = Route.Forever;
    private uint fingerprint;
    private int outputInterface;
    private byte preference;
    private bool hasNexthopObject;
    private ReadOnlySpan<byte> multipath;

    /// <summary>True if the nexthops do not fit their attribute, or an address is not one.</summary>
    public bool IsBroken { get; private set; }

    public void Take(NetlinkAttribute attribute)
    {
        switch (attribute.Type)
        {
            case RouteAttribute.Destination: IsBroken |= !attribute.TryGetAddress(family, out destination); break;
            case RouteAttribute.Gateway: IsBroken |= !attribute.TryGetAddress(family, out gateway); break;
            case RouteAttribute.PreferredSource:
                IsBroken |= !attribute.TryGetAddress(family, out preferredSource);
                break;
            case RouteAttribute.Via: IsBroken |= !RouteNexthops.TryGetVia(attribute, out gateway); break;
            case RouteAttribute.OutputInterface: attribute.TryGetInt32(out outputInterface); break;
            case RouteAttribute.Priority: attribute.TryGetUInt32(out metric); break;
            case RouteAttribute.Table: attribute.TryGetUInt32(out table); break;
            case RouteAttribute.Preference: attribute.TryGetByte(out preference); break;
            case RouteAttribute.Expires: attribute.TryGetUInt32(out expiresSeconds); break;
            case RouteAttribute.CacheInfo: TakeCacheInfo(attribute.Value); break;
            case RouteAttribute.Metrics: TakeMetrics(attribute); break;
            case RouteAttribute.Multipath: multipath = attribute.Value; break;
            default: TakeOther(attribute); break;
        }
    }

    public Route ToRoute(ReadOnlySpan<byte> payload, out RouteNexthops nexthops)
    {
        nexthops = default;
        Route route = new()
        {
            Destination = new(destination, payload[1]),
            Gateway = gateway,
            PreferredSource = preferredSource,
            OutputInterface = outputInterface,
            Table = table,
            Metric = metric,
            TypeOfService = payload[3],
            Protocol = payload[5],
            Scope = (Scope)payload[6],
            Type = (RouteType)payload[7],
            Flags = (RouteFlags)MemoryMarshal.Read<uint>(payload[8..]),
            Mtu = mtu,
            Preference = preference,
            ExpiresSeconds = expiresSeconds,
            Fingerprint = fingerprint,
        };
        return multipath.IsEmpty ? route : WithNexthops(route, out nexthops);
    }

    private Route WithNexthops(scoped in Route route, out RouteNexthops nexthops)
    {
        nexthops = default;
        ReadOnlySpan<byte> octets = multipath;
        if (!RouteNexthops.TryTake(ref octets, out ReadOnlySpan<byte> first))
        {
            IsBroken = true;
            return route;
        }

        if (family == IpFamily.V6 && !hasNexthopObject)
        {
            nexthops = new(route, multipath);
            RouteNexthops walk = nexthops;
            walk.TryNext(out Route firstRoute);
            return firstRoute;
        }

        uint hash = fingerprint;
        int count = RouteNexthops.Count(multipath, ref hash);
        return route with
        {
            OutputInterface = MemoryMarshal.Read<int>(first[4..]),
            Gateway = RouteNexthops.GatewayOf(first, family),
            NexthopCount = (ushort)count,
            Fingerprint = hash,
        };
    }

    private void TakeCacheInfo(ReadOnlySpan<byte> octets)
    {
        // struct rta_cacheinfo: users, last use, expires, error …
        if (octets.Length >= 12)
        {
            int ticks = MemoryMarshal.Read<int>(octets[8..]);
            expiresSeconds = ticks > 0 ? (uint)((ticks + TicksPerSecond - 1) / TicksPerSecond) : expiresSeconds;
        }
    }

    private void TakeMetrics(NetlinkAttribute attribute)
    {
        NetlinkAttributes metrics = attribute.Nested;
        while (metrics.TryNext(out NetlinkAttribute value))
        {
            if (value.Type == RouteAttribute.MetricMtu)
            {
                value.TryGetUInt32(out mtu);
            }
            else if (family == IpFamily.V4)
            {
                fingerprint = Fingerprints.Add(fingerprint, value.Value);
            }
        }
    }

    /// <summary>
    /// What is not understood still tells an IPv4 route from another. The kernel takes IPv6 routes for the same whatever
    /// these say, and changes them without a word, but for the source prefix and the nexthop object.
    /// </summary>
    private void TakeOther(NetlinkAttribute attribute)
    {
        hasNexthopObject |= attribute.Type == RouteAttribute.NexthopObject;
        if (family == IpFamily.V4 || attribute.Type is RouteAttribute.Source or RouteAttribute.NexthopObject)
        {
            fingerprint = Fingerprints.Add(fingerprint, attribute.Value);
        }
    }

    private static IpAddress Any(IpFamily family) => family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
}
