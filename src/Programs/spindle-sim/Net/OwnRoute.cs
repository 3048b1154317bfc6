using Spindle.Basics;
using Spindle.Simulation.Network;

namespace Spindle.Programs.Net;

/// <summary>A route of ours, with all that the kernel knows of it.</summary>
/// <param name="Link">Over which link.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Gateway">Through whom; null: on the link itself.</param>
/// <param name="Metric">Lower wins.</param>
/// <param name="Source">The preferred source; null: none.</param>
internal readonly record struct OwnRoute(int Link, IpPrefix Destination, IpAddress? Gateway, uint Metric, IpAddress? Source)
{
    /// <summary>A route as the kernel has it; null for a kind of route that the daemon never needs.</summary>
    public static OwnRoute? Of(Route route) =>
        route is { Type: RouteType.Unicast, TypeOfService: 0, Table: Route.MainTable, Link: { } link, IsOnLink: false }
            ? new OwnRoute(link.Index, route.Destination, route.Gateway, route.Metric, route.PreferredSource)
            : null;
}
