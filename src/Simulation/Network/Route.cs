using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>A route with one next hop.</summary>
internal sealed class Route(uint table, IpPrefix destination)
{
    public const uint MainTable = 254;
    public const uint LocalTable = 255;

    /// <summary>RTAX_MTU.</summary>
    public const ushort MtuMetric = 2;

    /// <summary>RTAX_HOPLIMIT.</summary>
    public const ushort HopLimitMetric = 10;

    /// <summary>RTPROT_KERNEL.</summary>
    public const byte KernelProtocol = 2;

    /// <summary>RTPROT_RA.</summary>
    public const byte AdvertisementProtocol = 9;

    public uint Table { get; } = table;

    public IpPrefix Destination { get; } = destination;

    public byte TypeOfService { get; init; }

    /// <summary>RTA_PRIORITY: the lower, the better.</summary>
    public uint Metric { get; init; }

    public RouteType Type { get; init; } = RouteType.Unicast;

    public RouteScope Scope { get; init; }

    /// <summary>Who has set it (RTPROT_*).</summary>
    public byte Protocol { get; init; } = KernelProtocol;

    public IpAddress? Gateway { get; init; }

    /// <summary>Null for IPv4 routes that lead nowhere.</summary>
    public SimulatedLink? Link { get; init; }

    public IpAddress? PreferredSource { get; init; }

    /// <summary>The gateway was an address of the machine's own when the route was made: a packet is given to its destination itself.</summary>
    public bool IsGatewayOwn { get; init; }

    /// <summary>RTNH_F_ONLINK: the gateway is on the link, whatever the addresses say.</summary>
    public bool IsOnLink { get; init; }

    /// <summary>RTF_ANYCAST: the kernel's own to an anycast address that the machine has.</summary>
    public bool IsAnycastAddress { get; init; }

    /// <summary>RTNH_F_LINKDOWN: the link has no carrier.</summary>
    public bool IsLinkDown { get; set; }

    /// <summary>RTA_METRICS as they were given.</summary>
    public byte[] Metrics { get; set; } = [];

    /// <summary>Of the metrics; 0 for none.</summary>
    public uint Mtu { get; set; }

    /// <summary>IPv6: RFC 4191's preference as RTA_PREF has it.</summary>
    public byte Preference { get; set; }

    /// <summary>IPv6: a router has advertised it: itself, another network, or one that is on the link. Two such never share their traffic.</summary>
    public bool IsAdvertised { get; set; }

    /// <summary>IPv6: until when it serves; it vanishes some time later.</summary>
    public Instant ExpiresAt { get; set; } = Instant.Never;

    /// <summary>IPv6: its time is over: no packet goes by it.</summary>
    public bool IsOver { get; set; }

    /// <summary>Blackhole, unreachable, prohibit and throw.</summary>
    public bool Rejects => IsRejecting(Type, Destination.Address.IsV4);

    public static bool IsRejecting(RouteType type, bool isV4) =>
        type is RouteType.Blackhole or RouteType.Unreachable or RouteType.Prohibit or RouteType.Throw
        || (isV4 && (type is RouteType.Translated or RouteType.External));

    /// <summary>IPv6: what would go to the loopback goes nowhere, unless it is the machine's own address.</summary>
    public bool IsDeadEnd => Rejects || (Destination.Address.IsV6 && Link is { Kind: LinkKind.Loopback }
        && Type != RouteType.Local && !IsAnycastAddress && !Destination.Address.IsLoopback);

    /// <summary>IPv6: may be one of several next hops of one destination.</summary>
    public bool CanShare => Destination.Address.IsV6 && Gateway is not null && !Rejects && !IsAdvertised;

    /// <summary>Two that no packet could tell apart.</summary>
    public bool IsSameAs(Route other) =>
        Type == other.Type && Scope == other.Scope && Protocol == other.Protocol && PreferredSource == other.PreferredSource
        && Metric == other.Metric && TypeOfService == other.TypeOfService && IsSameHop(other)
        && Metrics.AsSpan().SequenceEqual(other.Metrics);

    /// <summary>Sets one of its metrics (RTAX_*); <see cref="Metrics"/> has them in the order of their numbers.</summary>
    public void SetMetric(ushort number, uint value)
    {
        const int Size = 8;
        int at = 0;
        while (at < Metrics.Length && BinaryPrimitives.ReadUInt16LittleEndian(Metrics.AsSpan(at + 2)) < number)
        {
            at += Size;
        }

        bool isThere = at < Metrics.Length && BinaryPrimitives.ReadUInt16LittleEndian(Metrics.AsSpan(at + 2)) == number;
        byte[] metric = new byte[Size];
        BinaryPrimitives.WriteUInt16LittleEndian(metric, Size);
        BinaryPrimitives.WriteUInt16LittleEndian(metric.AsSpan(2), number);
        BinaryPrimitives.WriteUInt32LittleEndian(metric.AsSpan(4), value);
        Metrics = [.. Metrics[..at], .. metric, .. Metrics[(isThere ? at + Size : at)..]];
        Mtu = number == MtuMetric ? value : Mtu;
    }

    public bool IsSameHop(Route other) => Gateway == other.Gateway && Link == other.Link && IsOnLink == other.IsOnLink;

    public override string ToString() => $"{Type} {Destination} via {Gateway} dev {Link?.Name} table {Table} metric {Metric}";
}
