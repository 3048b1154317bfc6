using Spindle.Basics;

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

    public bool Takes(Route route) =>
        route.Destination == Destination && route.TypeOfService == TypeOfService
        && (Type is null || route.Type == Type) && (Scope is null || route.Scope == Scope)
        && (Protocol is null || route.Protocol == Protocol) && (Metric is null || route.Metric == Metric)
        && (LinkIndex is null || route.Link?.Index == LinkIndex) && (Gateway is null || route.Gateway == Gateway)
        && (PreferredSource is null || route.PreferredSource == PreferredSource);
}
