using System;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>Which route is to be removed: what is null may be anything.</summary>
/// <param name="Table">The table.</param>
/// <param name="Destination">The destination.</param>
internal readonly record struct RouteWish(uint Table, IpPrefix Destination)
{
    public byte TypeOfService { get; init; }

    public RouteType? Type { get; init; }

    public RouteScope? Scope { get; init; }

    public byte? Protocol { get; init; }

    public uint? Metric { get; init; }

    public int? LinkIndex { get; init; }

    public IpAddress? Gateway { get; init; }

    public IpAddress? PreferredSource { get; init; }

    /// <summary>As in a request: those that are given must be the route's; IPv6 does not look at them.</summary>
    public ReadOnlyMemory<byte> Metrics { get; init; }

    public bool Takes(Route route) =>
        route.Destination == Destination && route.TypeOfService == TypeOfService
        && (Type is null || route.Type == Type) && (Scope is null || route.Scope == Scope)
        && (Protocol is null || route.Protocol == Protocol) && (Metric is null || route.Metric == Metric)
        && (LinkIndex is null || route.Link?.Index == LinkIndex) && (Gateway is null || route.Gateway == Gateway)
        && (PreferredSource is null || route.PreferredSource == PreferredSource)
        && (Metrics.IsEmpty || HasMetrics(route));

    private bool HasMetrics(Route route)
    {
        const int NumberMax = 15; // RTAX_QUICKACK: the last that is a number
        ReadOnlySpan<byte> none = [0, 0, 0, 0];
        for (int number = 1; number <= NumberMax; number++)
        {
            if (MessageReader.TryFind(Metrics.Span, number, out ReadOnlySpan<byte> wanted)
                && !wanted.SequenceEqual(MessageReader.TryFind(route.Metrics, number, out ReadOnlySpan<byte> there) ? there : none))
            {
                return false;
            }
        }

        return true;
    }
}
