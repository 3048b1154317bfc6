using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>A route as the kernel describes it in RTM_NEWROUTE.</summary>
/// <remarks>Compact on purpose (96 octets): there may be hundreds of thousands of them.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Route
{
    /// <summary>A lifetime without end, in seconds.</summary>
    public const uint Forever = uint.MaxValue;

    /// <summary>The metric that the kernel puts where an IPv6 route is added with none (<c>IP6_RT_PRIO_USER</c>).</summary>
    public const uint MetricDefaultV6 = 1024;

    private readonly UInt128 destination;
    private readonly UInt128 gateway;
    private readonly UInt128 preferredSource;
    private readonly IpFamily family;
    private readonly IpFamily gatewayFamily;
    private readonly byte length;

    /// <summary>A unicast route in the main table that lives for ever.</summary>
    public Route()
    {
    }

    /// <summary>Which version of IP it routes.</summary>
    public IpFamily Family => family;

    /// <summary>Where it leads; its length is 0 for a default route. Set this first.</summary>
    public IpPrefix Destination
    {
        get => new(From(family, destination), length);
        init
        {
            family = value.Family;
            gatewayFamily = value.Family;
            destination = value.Address.ToBits();
            length = value.Length;
        }
    }

    /// <summary>The gateway, or the unspecified address for none. An IPv4 route may have an IPv6 one (RFC 5549).</summary>
    public IpAddress Gateway
    {
        get => From(gatewayFamily, gateway);
        init
        {
            gateway = value.ToBits();
            gatewayFamily = value.IsUnspecified ? family : value.Family;
        }
    }

    /// <summary>The address that our own packets get, or the unspecified address for none.</summary>
    public IpAddress PreferredSource
    {
        get => From(family, preferredSource);
        init => preferredSource = value.ToBits();
    }

    /// <summary>The link, or 0 (unreachable and the like).</summary>
    public int OutputInterface { get; init; }

    /// <summary>The table; see <see cref="RouteTables"/>.</summary>
    public uint Table { get; init; } = RouteTables.Main;

    /// <summary>Its metric (<c>RTA_PRIORITY</c>): of routes to one destination the lowest wins.</summary>
    public uint Metric { get; init; }

    /// <summary>Type of service that it is for (IPv4).</summary>
    public byte TypeOfService { get; init; }

    /// <summary>Who made it; see <see cref="RouteProtocols"/>.</summary>
    public byte Protocol { get; init; }

    /// <summary>How far it reaches (IPv4).</summary>
    public Scope Scope { get; init; }

    /// <summary>What it does with packets.</summary>
    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>Its flags.</summary>
    public RouteFlags Flags { get; init; }

    /// <summary>The MTU to use on it, or 0 for the link's.</summary>
    public uint Mtu { get; init; }

    /// <summary>IPv6: preference of RFC 4191 in two bits: 0 medium, 1 high, 3 low.</summary>
    public byte Preference { get; init; }

    /// <summary>IPv6: seconds that it stays, from when this was said, or <see cref="Forever"/>.</summary>
    public uint ExpiresSeconds { get; init; } = Forever;

    /// <summary>How many nexthops it has; with more than one, gateway and link are the first one's.</summary>
    public ushort NexthopCount { get; init; } = 1;

    /// <summary>A hash of all else that tells it from others (more nexthops, source prefix, nexthop object …), or 0.</summary>
    public uint Fingerprint { get; init; }

    /// <summary>True if it leads everywhere.</summary>
    public bool IsDefault => length == 0;

    /// <summary>True if it has a gateway.</summary>
    public bool HasGateway => gateway != 0;

    /// <summary>True if both are to the same destination with the same metric: at most one of them, usually, exists.</summary>
    public bool HasSameBase(in Route other) =>
        destination == other.destination && length == other.length && family == other.family
        && Table == other.Table && Metric == other.Metric && TypeOfService == other.TypeOfService;

    /// <summary>True if the kernel takes both for the same route.</summary>
    /// <remarks>IPv4 tells routes apart by everything, IPv6 by link and gateway.</remarks>
    public bool HasSameIdentity(in Route other) =>
        HasSameBase(other) && OutputInterface == other.OutputInterface && gateway == other.gateway
        && gatewayFamily == other.gatewayFamily && Type == other.Type && Fingerprint == other.Fingerprint
        && (family == IpFamily.V6 || (Protocol == other.Protocol && Scope == other.Scope
            && preferredSource == other.preferredSource && Mtu == other.Mtu));

    /// <summary>True if nothing differs but the seconds left and whether the link is up, which routes do not report.</summary>
    public bool IsSameButState(in Route other)
    {
        const RouteFlags State = RouteFlags.Dead | RouteFlags.LinkDown | RouteFlags.Offload;
        return HasSameIdentity(other) && Protocol == other.Protocol && Scope == other.Scope
            && preferredSource == other.preferredSource && Mtu == other.Mtu && Preference == other.Preference
            && ((Flags ^ other.Flags) & ~State) == 0 && NexthopCount == other.NexthopCount;
    }

    /// <summary>A hash of what <see cref="HasSameBase"/> compares.</summary>
    public int BaseHash()
    {
        ulong low = (ulong)destination ^ ((ulong)(destination >> 64) * 0x9E37_79B9_7F4A_7C15);
        ulong mixed = (low + Metric + ((ulong)Table << 32) + ((ulong)length << 24)) * 0xBF58_476D_1CE4_E5B9;
        return (int)(mixed >> 32) ^ (int)mixed;
    }

    private static IpAddress From(IpFamily family, UInt128 bits) =>
        family == IpFamily.V4 ? IpAddress.FromV4((uint)bits) : IpAddress.FromV6(bits);
}
