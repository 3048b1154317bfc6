using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Whether an IPv4 route that somebody wants can be: the checks in the order in which the kernel makes them.</summary>
internal static class RouteChecks4
{
    private const byte TypeMax = 11;
    private const byte LengthMax = 32;

    public static Answer Add(NetworkStack stack, RouteFields fields, int flags)
    {
        Answer answer = CheckFields(fields);
        if (!answer.IsOk)
        {
            return answer;
        }

        stack.Routes4.Tables.Make(fields.TableOrMain);
        answer = FindHop(stack, fields, out SimulatedLink? link);
        if (!answer.IsOk)
        {
            return answer;
        }

        if (link is not null && !HasSource(stack, fields))
        {
            return Answer.Fail(Errno.EINVAL, "Invalid prefsrc address");
        }

        return stack.Routes4.Add(ToRoute(stack, fields, link), flags);
    }

    /// <summary>What is wrong whatever there is.</summary>
    public static Answer CheckFields(RouteFields fields) => fields.DestinationLength > LengthMax
        ? Answer.Fail(Errno.EINVAL, "Invalid prefix length")
        : fields.Type > TypeMax ? Answer.Fail(Errno.EINVAL, "Invalid route type")
        : fields.Prefix.Network != fields.Prefix ? Answer.Fail(Errno.EINVAL, "Invalid prefix for given prefix length") : Answer.Done;

    private static Route ToRoute(NetworkStack stack, RouteFields fields, SimulatedLink? link) => new(fields.TableOrMain, fields.Prefix)
    {
        TypeOfService = fields.TypeOfService,
        Metric = fields.Metric,
        Type = (RouteType)fields.Type,
        Scope = fields.Scope,
        Protocol = fields.Protocol,
        Gateway = fields.Gateway,
        IsGatewayOwn = fields.Gateway is { } gateway && !fields.IsOnLink && stack.IsLocal(gateway),
        Link = link,
        PreferredSource = fields.PreferredSource is { IsUnspecified: false } source ? source : null,
        IsOnLink = fields.IsOnLink,
        IsLinkDown = link is { HasCarrier: false } && fields.Scope < RouteScope.Host,
        Metrics = fields.Metrics,
        Mtu = fields.Mtu,
    };

    // How far a route of a type leads at the least.
    private static RouteScope ScopeMin(RouteType type) => type switch
    {
        RouteType.Unspecified or RouteType.Translated or RouteType.External => RouteScope.Nowhere,
        RouteType.Local => RouteScope.Host,
        RouteType.Broadcast or RouteType.Anycast => RouteScope.Link,
        _ => RouteScope.Universe,
    };

    private static Answer FindHop(NetworkStack stack, RouteFields fields, out SimulatedLink? link)
    {
        RouteType type = (RouteType)fields.Type;
        link = null;
        if (ScopeMin(type) > fields.Scope)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid scope");
        }

        if (Route.IsRejecting(type, isV4: true))
        {
            return fields.Gateway is null && fields.Output is null or 0
                ? Answer.Done
                : Answer.Fail(Errno.EINVAL, "Gateway, device and multipath can not be specified for this route type");
        }

        if (fields.Scope > RouteScope.Host)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid scope");
        }

        return fields.Scope == RouteScope.Host ? FindOwn(stack, fields, out link)
            : fields.Gateway is null ? FindDirect(stack, fields, out link)
            : fields.IsOnLink ? FindOnLink(stack, fields, out link)
            : FindGateway(stack, fields, out link);
    }

    private static Answer FindOwn(NetworkStack stack, RouteFields fields, out SimulatedLink? link)
    {
        link = stack.FindLink(fields.Output ?? 0);
        return fields.Gateway is not null ? Answer.Fail(Errno.EINVAL, "Route with host scope can not have a gateway")
            : link is null ? Answer.Fail(Errno.ENODEV) : Answer.Done;
    }

    private static Answer FindDirect(NetworkStack stack, RouteFields fields, out SimulatedLink? link)
    {
        link = stack.FindLink(fields.Output ?? 0);
        return fields.IsOnLink ? Answer.Fail(Errno.EINVAL, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set")
            : link is null or { HasV4: false } ? Answer.Fail(Errno.ENODEV)
            : !link.IsUp ? Answer.Fail(Errno.ENETDOWN, "Device for nexthop is not up")
            : Answer.Done;
    }

    private static Answer FindOnLink(NetworkStack stack, RouteFields fields, out SimulatedLink? link)
    {
        link = stack.FindLink(fields.Output ?? 0);
        if (fields.Scope >= RouteScope.Link)
        {
            return Answer.Fail(Errno.EINVAL, "Nexthop has invalid scope");
        }

        if (link is null)
        {
            return Answer.Fail(Errno.ENODEV, "Nexthop device required for onlink");
        }

        if (!link.IsUp)
        {
            return Answer.Fail(Errno.ENETDOWN, "Nexthop device is not up");
        }

        return TypeOf(stack, fields.Gateway!.Value) == RouteType.Unicast
            ? Answer.Done
            : Answer.Fail(Errno.EINVAL, "Nexthop has invalid gateway");
    }

    // The gateway must be nearer than what it leads to.
    private static Answer FindGateway(NetworkStack stack, RouteFields fields, out SimulatedLink? link)
    {
        link = null;
        RouteScope scopeMin = fields.Scope + 1 < RouteScope.Link ? RouteScope.Link : fields.Scope + 1;
        SimulatedLink? output = fields.Output is { } index ? stack.FindLink(index) : null;
        bool isMissing = fields.Output is not (null or 0) && output is null;
        RouteQuery query = new(fields.Gateway!.Value) { OutputLink = output, IsOutputMissing = isMissing };
        Route? way = fields.Table is 0 or Route.MainTable ? null : stack.Routes4.Tables.Find(fields.Table, query, scopeMin);
        Errno error = Errno.ENETUNREACH;
        if ((way is null or { Rejects: true } && !stack.Chooser.TryFind(query, scopeMin, out way, out error)) || way is null)
        {
            return Answer.Fail(error, "Nexthop has invalid gateway");
        }

        if (way.Type is not (RouteType.Unicast or RouteType.Local))
        {
            return Answer.Fail(Errno.EINVAL, "Nexthop has invalid gateway");
        }

        link = way.Link;
        return link is { IsUp: true } ? Answer.Done : Answer.Fail(Errno.ENETDOWN);
    }

    /// <summary>Packets of a table's routes may come from it: it is the machine's, and no group's address.</summary>
    public static bool MayBeSource(NetworkStack stack, uint table, IpAddress source) =>
        !source.IsMulticast && source != IpAddress.BroadcastV4
        && (stack.IsLocal(source) || (table != Route.MainTable && stack.Routes4.Tables.Find(table, new RouteQuery(source)) is { Type: RouteType.Local }));

    private static bool HasSource(NetworkStack stack, RouteFields fields) =>
        fields.PreferredSource is not { IsUnspecified: false } source
        || (fields.Type == (byte)RouteType.Local && source == fields.Destination)
        || MayBeSource(stack, fields.TableOrMain, source);

    // What an address is to the machine, on whichever link.
    private static RouteType TypeOf(NetworkStack stack, IpAddress address)
    {
        if (address.IsMulticast || address == IpAddress.BroadcastV4)
        {
            return address.IsMulticast ? RouteType.Multicast : RouteType.Broadcast;
        }

        // Before the machine has any address of its own, the kernel takes every address for a broadcast address.
        if (!stack.Routes4.Tables.HasTable(Route.LocalTable))
        {
            return RouteType.Broadcast;
        }

        return stack.Routes4.Tables.Find(Route.LocalTable, new RouteQuery(address))?.Type ?? RouteType.Unicast;
    }
}
