using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Network;

/// <summary>Chooses where a packet goes, and which address it comes from.</summary>
internal sealed class RouteChooser(NetworkStack stack)
{
    public bool TryChoose(in RouteQuery query, out RouteChoice choice, out Errno error)
    {
        choice = default;
        if (!TryFind(query, RouteScope.Universe, out Route? route, out error) || route is null)
        {
            return false;
        }

        SimulatedLink link = route.Type == RouteType.Local || route.Link is null ? stack.Loopback : route.Link;
        choice = new RouteChoice(route.Type, link)
        {
            Gateway = route.IsGatewayOwn ? null : route.Gateway,
            Scope = route.Scope,
            Mtu = route.Mtu,
            PreferredSource = query.Source ?? route.PreferredSource ?? SourceFor(query.Destination, route),
        };
        return true;
    }

    /// <summary>The route that the rules lead to.</summary>
    public bool TryFind(in RouteQuery query, RouteScope scopeMin, out Route? found, out Errno error)
    {
        found = null;
        error = Errno.ENETUNREACH;
        RouteTables tables = query.Destination.IsV4 ? stack.Routes4.Tables : stack.Routes6.Tables;
        foreach (RoutingRule rule in stack.Rules(query.Destination.Family).InForce)
        {
            if (!rule.Takes(query))
            {
                continue;
            }

            if (rule.Action != RuleAction.ToTable)
            {
                if (rule.Action == RuleAction.Nothing)
                {
                    continue;
                }

                error = ErrorOf(rule.Action);
                return false;
            }

            Route? route = tables.Find(rule.Table, query, scopeMin);
            if (route is not null && HasFailed(route))
            {
                // Rather any other that serves, of whatever metric or length.
                route = tables.Find(rule.Table, query, scopeMin, one => !HasFailed(one)) ?? LongestFailed(route, query, tables);
            }

            if (route is null || route.Type == RouteType.Throw || rule.Suppresses(route))
            {
                continue;
            }

            error = !route.IsDeadEnd ? Errno.None : route.Rejects ? RouteTables.ErrorOf(route.Type) : Errno.ENETUNREACH;
            found = route.IsDeadEnd ? null : route;
            return found is not null;
        }

        return false;
    }

    // All of a rank have failed: they take turns (RFC 4861, section 6.3.6).
    private Route LongestFailed(Route route, in RouteQuery query, RouteTables tables)
    {
        Route longest = route;
        foreach (Route other in tables.Of(route.Table))
        {
            if (other.CanShare && other.Destination == route.Destination && other.Metric == route.Metric && !other.IsDeadEnd
                && (query.OutputLink is null || other.Link == query.OutputLink) && FailedAt(other) < FailedAt(longest))
            {
                longest = other;
            }
        }

        return longest;
    }

    private Instant FailedAt(Route route) => stack.Neighbors.Find(route.Link!, route.Gateway!.Value)?.FailedAt ?? Instant.Never;

    private bool HasFailed(Route route)
    {
        bool isAsked = route is { Gateway.IsV6: true, Destination.Address.IsV6: true };
        if (!isAsked || stack.Neighbors.Find(route.Link!, route.Gateway!.Value) is not { State: NeighborState.Failed } neighbor)
        {
            return false;
        }

        stack.Neighbors.Of(route.Link!, IpFamily.V6).ProbeRouter(neighbor);
        return true;
    }

    private static Errno ErrorOf(RuleAction action) => action switch
    {
        RuleAction.Unreachable => Errno.ENETUNREACH,
        RuleAction.Prohibit => Errno.EACCES,
        _ => Errno.EINVAL,
    };

    private IpAddress SourceFor(IpAddress destination, Route route) => destination.IsV4
        ? SourceV4(route.Gateway is { IsV4: true } gateway ? gateway : destination, route)
        : SourceV6(destination, route);

    // An address of the link in the next hop's network; else any of the link; else any of the machine's that reaches as far.
    private IpAddress SourceV4(IpAddress nextHop, Route route)
    {
        RouteScope scopeMax = route.Gateway is null ? route.Scope : RouteScope.Link;
        InterfaceAddress? first = null;
        foreach (InterfaceAddress address in stack.Addresses(route.Link, IpFamily.V4))
        {
            if (address.IsSecondary || address.Scope > scopeMax)
            {
                continue;
            }

            if (address.Network.Contains(nextHop))
            {
                return address.Local;
            }

            first ??= address;
        }

        if (first is not null)
        {
            return first.Local;
        }

        foreach (InterfaceAddress address in stack.Addresses(null, IpFamily.V4))
        {
            if (!address.IsSecondary && address.Scope != RouteScope.Link && address.Scope <= scopeMax)
            {
                return address.Local;
            }
        }

        return IpAddress.AnyV4;
    }

    // RFC 6724, section 5: the same address, scope, not deprecated, the same link, temporary or not, the longest common prefix.
    private IpAddress SourceV6(IpAddress destination, Route route)
    {
        InterfaceAddress? best = null;
        foreach (InterfaceAddress address in stack.Addresses(null, IpFamily.V6))
        {
            bool isCandidate = address.IsUsable && (address.Link == route.Link || !(destination.IsLinkLocal || destination.IsMulticast));
            if (isCandidate && (best is null || IsBetter(address, best, destination, route.Link)))
            {
                best = address;
            }
        }

        return best?.Local ?? IpAddress.AnyV6;
    }

    private static bool IsBetter(InterfaceAddress one, InterfaceAddress than, IpAddress destination, SimulatedLink? link)
    {
        if ((one.Local == destination) != (than.Local == destination))
        {
            return one.Local == destination;
        }

        int scope = ScopeOf(destination);
        int first = ScopeOf(one.Local);
        int second = ScopeOf(than.Local);
        if (first != second)
        {
            return first < second ? first >= scope : second < scope;
        }

        if (one.IsDeprecated != than.IsDeprecated)
        {
            return than.IsDeprecated;
        }

        if ((one.Link == link) != (than.Link == link))
        {
            return one.Link == link;
        }

        return IsOfWantedKind(one) != IsOfWantedKind(than)
            ? IsOfWantedKind(one)
            : CommonBits(one, destination) > CommonBits(than, destination);
    }

    // Rule 7: temporary addresses where they are wanted, elsewhere the public ones.
    private static bool IsOfWantedKind(InterfaceAddress address) =>
        address.IsTemporary == address.Link.Settings[LinkSetting.UseTempAddr] > 1;

    private static int ScopeOf(IpAddress address)
    {
        const int LinkScope = 2;
        const int GlobalScope = 14;
        return address.IsMulticast ? (int)(address.ToBits() >> 112) & 15 : address.IsLinkLocal || address.IsLoopback ? LinkScope : GlobalScope;
    }

    private static int CommonBits(InterfaceAddress own, IpAddress destination)
    {
        UInt128 difference = own.Local.ToBits() ^ destination.ToBits();
        int common = (int)UInt128.LeadingZeroCount(difference);
        return Math.Min(common, own.PrefixLength);
    }
}
