using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Whether an IPv6 route that somebody wants can be: the checks in the order in which the kernel makes them.</summary>
internal static class RouteChecks6
{
    private const byte TypeMax = 11;
    private const byte LengthMax = 128;
    private const byte BootProtocol = 3;

    public static Answer Add(NetworkStack stack, RouteFields fields, int flags)
    {
        Answer answer = CheckFields(fields);
        if (!answer.IsOk)
        {
            return answer;
        }

        if (fields.Type > TypeMax)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid route type");
        }

        stack.Routes6.Tables.Make(fields.TableOrMain);
        answer = FindHop(stack, fields, out SimulatedLink? link);
        if (!answer.IsOk || link is null)
        {
            return answer;
        }

        if (fields.PreferredSource is { IsUnspecified: false } source && !MaySend(stack, source, link))
        {
            return Answer.Fail(Errno.EINVAL, "Invalid source address");
        }

        return stack.Routes6.Add(ToRoute(stack, fields, link), flags);
    }

    /// <summary>What is wrong whatever there is.</summary>
    public static Answer CheckFields(RouteFields fields) => fields.TypeOfService != 0
        ? Answer.Fail(Errno.EINVAL, "Invalid dsfield (tos): option not available for IPv6")
        : fields.DestinationLength > LengthMax ? Answer.Fail(Errno.EINVAL) : Answer.Done;

    // Any link's will do, but for addresses that mean something on theirs alone.
    private static bool MaySend(NetworkStack stack, IpAddress source, SimulatedLink link)
    {
        foreach (InterfaceAddress own in stack.Addresses(source.IsLinkLocal || source.IsLoopback ? link : null, IpFamily.V6))
        {
            if (own.Local == source && own.IsUsable)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Rejects(RouteFields fields) =>
        (RouteType)fields.Type is RouteType.Blackhole or RouteType.Unreachable or RouteType.Prohibit or RouteType.Throw;

    private static Route ToRoute(NetworkStack stack, RouteFields fields, SimulatedLink link) => new(fields.TableOrMain, fields.Prefix.Network)
    {
        Metric = fields.Metric == 0 ? Routes6.UserMetric : fields.Metric,
        Type = fields.Type == 0 ? RouteType.Unicast : (RouteType)fields.Type,
        Protocol = fields.Protocol == 0 ? BootProtocol : fields.Protocol,
        Gateway = Rejects(fields) ? null : fields.Gateway,
        Link = link,
        PreferredSource = fields.PreferredSource is { IsUnspecified: false } source ? source : null,
        IsOnLink = fields.IsOnLink,
        IsLinkDown = !link.HasCarrier && fields.Type != (byte)RouteType.Local && !Rejects(fields),
        Metrics = fields.Metrics,
        Mtu = fields.Mtu,
        Preference = fields.Preference,
        ExpiresAt = fields.Expires == 0 ? Instant.Never : stack.Machine.Monotonic.Now + TimeSpan.FromSeconds(fields.Expires),
    };

    private static Answer FindHop(NetworkStack stack, RouteFields fields, out SimulatedLink? link)
    {
        link = fields.Output is { } index and not 0 ? stack.FindLink(index) : null;
        if (fields.Output is not (null or 0) && (link is null || !link.HasV6))
        {
            return Answer.Fail(Errno.ENODEV);
        }

        if (link is { IsV6Disabled: true })
        {
            return Answer.Fail(Errno.EACCES, "IPv6 is disabled on nexthop device");
        }

        if (fields.IsOnLink && (link is null || !link.IsUp))
        {
            return link is null
                ? Answer.Fail(Errno.ENODEV, "Nexthop device required for onlink")
                : Answer.Fail(Errno.ENETDOWN, "Nexthop device is not up");
        }

        if (Rejects(fields))
        {
            link = stack.Loopback;
            return Answer.Done;
        }

        if (fields.Gateway is { } gateway)
        {
            Answer answer = CheckGateway(stack, fields, gateway, ref link);
            if (!answer.IsOk)
            {
                return answer;
            }
        }

        return link is null ? Answer.Fail(Errno.ENODEV)
            : !link.IsUp ? Answer.Fail(Errno.ENETDOWN, "Nexthop device is not up")
            : Answer.Done;
    }

    private static Answer OwnGateway => Answer.Fail(Errno.EINVAL, "Gateway can not be a local address");

    private static Answer CheckGateway(NetworkStack stack, RouteFields fields, IpAddress gateway, ref SimulatedLink? link)
    {
        bool isLinkFound = link is null;
        if (!isLinkFound && IsOwn(stack, gateway, link))
        {
            return OwnGateway;
        }

        if (gateway.IsMulticast || gateway.IsUnspecified)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid gateway address");
        }

        if (!gateway.IsLinkLocal)
        {
            Answer answer = fields.IsOnLink ? CheckOnLink(stack, gateway, link!) : FindGateway(stack, fields, gateway, ref link);
            if (!answer.IsOk)
            {
                return answer;
            }
        }

        return link is null ? Answer.Fail(Errno.EINVAL, "Egress device not specified")
            : link.Kind == LinkKind.Loopback ? Answer.Fail(Errno.EINVAL, "Egress device can not be loopback device for this route")
            : isLinkFound && IsOwn(stack, gateway, link) ? OwnGateway
            : Answer.Done;
    }

    private static bool IsOwn(NetworkStack stack, IpAddress gateway, SimulatedLink? link)
    {
        foreach (InterfaceAddress own in stack.Addresses(gateway.IsLinkLocal ? link : null, IpFamily.V6))
        {
            if (own.Local == gateway && (!gateway.IsLinkLocal || link is not null))
            {
                return true;
            }
        }

        return false;
    }

    // What the main table leads to a gateway, but for a default route, leads to it by this link and by nothing but a unicast route.
    private static Answer CheckOnLink(NetworkStack stack, IpAddress gateway, SimulatedLink link)
    {
        Route? way = stack.Routes6.Tables.Find(Route.MainTable, new RouteQuery(gateway));
        bool isOther = way is { IsDeadEnd: false, Destination.Address.IsUnspecified: false }
            && (way.Type != RouteType.Unicast || way.Link != link);
        return isOther ? Answer.Fail(Errno.EINVAL, "Nexthop has invalid gateway or device mismatch") : Answer.Done;
    }

    private static Answer FindGateway(NetworkStack stack, RouteFields fields, IpAddress gateway, ref SimulatedLink? link)
    {
        RouteQuery query = new(gateway) { OutputLink = link };
        Route? way = fields.Table == 0 ? null : stack.Routes6.Tables.Find(fields.Table, query);
        if (way is null or { Gateway: not null } or { IsDeadEnd: true } || way.Link is null)
        {
            stack.Chooser.TryFind(query, RouteScope.Universe, out way, out _);
        }

        if (way is null || way.Gateway is not null || way.IsDeadEnd)
        {
            return Answer.Fail(Errno.EHOSTUNREACH);
        }

        link ??= way.Link;
        return link == way.Link ? Answer.Done : Answer.Fail(Errno.EHOSTUNREACH);
    }
}
