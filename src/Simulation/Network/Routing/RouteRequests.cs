using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE.</summary>
internal static class RouteRequests
{
    public static Answer Set(NetworkStack stack, MessageReader message) => Split(message, out bool isV6) is { IsOk: false } wrong ? wrong
        : isV6 ? RouteChecks6.Add(stack, new RouteFields(message, isV6: true), message.Flags)
        : RouteChecks4.Add(stack, new RouteFields(message, isV6: false), message.Flags);

    public static Answer Delete(NetworkStack stack, MessageReader message)
    {
        Answer split = Split(message, out bool isV6);
        if (!split.IsOk)
        {
            return split;
        }

        RouteFields fields = new(message, isV6);
        RouteWish wish = fields.ToWish();
        Answer plausible = isV6 ? RouteChecks6.CheckFields(fields) : RouteChecks4.CheckFields(fields);
        if (!plausible.IsOk)
        {
            return plausible;
        }

        return isV6 ? stack.Routes6.Delete(wish with { Type = null, Scope = null, PreferredSource = null, Metrics = default }) : stack.Routes4.Delete(wish);
    }

    /// <summary>Where would a packet to this address go?</summary>
    public static Answer Get(NetworkStack stack, MessageReader message, RouteNetlinkSocket from)
    {
        Answer split = Split(message, out bool isV6);
        if (!split.IsOk)
        {
            return split;
        }

        RouteFields fields = new(message, isV6);
        RouteQuery query = new(fields.Destination)
        {
            OutputLink = fields.Output is { } index ? stack.FindLink(index) : null,
        };
        if (!stack.FindRoute(query, out RouteChoice choice, out Errno error))
        {
            return Answer.Fail(error);
        }

        Route found = new(choice.Type == RouteType.Local ? Route.LocalTable : Route.MainTable, new IpPrefix(fields.Destination, isV6 ? (byte)128 : (byte)32))
        {
            Type = choice.Type,
            Protocol = 0,
            Gateway = choice.Gateway,
            Link = choice.Link,
            PreferredSource = choice.PreferredSource,
        };
        from.Answer(RouteMessages.Write([found], MessageType.NewRoute, 0, message.Sequence, message.PortId));
        return Answer.Done;
    }

    private static Answer Split(MessageReader message, out bool isV6)
    {
        isV6 = message.Family == Family.V6;
        return message.Family is not (Family.V4 or Family.V6) ? Answer.Fail(Errno.EOPNOTSUPP)
            : message.Payload.Length < RouteMessages.FixedSize ? Answer.Fail(Errno.EINVAL)
            : Answer.Done;
    }
}
