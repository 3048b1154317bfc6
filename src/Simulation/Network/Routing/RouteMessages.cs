using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Writes RTM_NEWROUTE and RTM_DELROUTE.</summary>
internal static class RouteMessages
{
    public const int FixedSize = 12;
    public const int Destination = 1;
    public const int Output = 4;
    public const int Gateway = 5;
    public const int Priority = 6;
    public const int PreferredSource = 7;
    public const int Metrics = 8;
    public const int Multipath = 9;
    public const int CacheInfo = 12;
    public const int Table = 15;
    public const int Via = 18;
    public const int Preference = 20;
    public const int Expires = 23;

    public const uint OnLinkFlag = 0x4;
    public const uint LinkDownFlag = 0x10;

    private const byte CompatibleTable = 252;
    private const int TicksPerSecond = 100;

    /// <param name="routes">The route; of several next hops all.</param>
    /// <param name="type">Which message.</param>
    /// <param name="flags">NLM_F_*.</param>
    /// <param name="sequence">The request's, in an answer.</param>
    /// <param name="portId">Who asked.</param>
    public static byte[] Write(IReadOnlyList<Route> routes, MessageType type, int flags, uint sequence, uint portId)
    {
        Route route = routes[0];
        bool isV6 = route.Destination.Address.IsV6;
        MessageBuilder message = new(type, flags, sequence, portId);
        message.Byte(isV6 ? Family.V6 : Family.V4).Byte(route.Destination.Length).Byte(0).Byte(route.TypeOfService)
            .Byte(route.Table <= byte.MaxValue ? (byte)route.Table : CompatibleTable).Byte(route.Protocol)
            .Byte((byte)route.Scope).Byte((byte)route.Type).UInt32(routes.Count > 1 ? 0 : FlagsOf(route))
            .Attribute(Table, route.Table);
        if (route.Destination.Length > 0)
        {
            message.Attribute(Destination, route.Destination.Address);
        }

        if (isV6 || route.Metric != 0)
        {
            message.Attribute(Priority, route.Metric);
        }

        if (route.PreferredSource is { } source)
        {
            message.Attribute(PreferredSource, source);
        }

        WriteHops(message, routes);
        if (route.Metrics.Length > 0)
        {
            message.Attribute(Metrics, route.Metrics);
        }

        if (isV6)
        {
            message.Attribute(CacheInfo, CacheOf(route)).Attribute(Preference, route.Preference);
        }

        return message.ToArray();
    }

    private static uint FlagsOf(Route route) => (route.IsOnLink ? OnLinkFlag : 0) | (route.IsLinkDown ? LinkDownFlag : 0);

    private static void WriteHops(MessageBuilder message, IReadOnlyList<Route> routes)
    {
        if (routes.Count == 1)
        {
            WriteHop(message, routes[0]);
            return;
        }

        const int HopSize = 8;
        const int GatewaySize = 20;
        int hops = message.Begin(Multipath);
        foreach (Route route in routes)
        {
            message.UInt16(HopSize + GatewaySize).Byte((byte)FlagsOf(route)).Byte(0).UInt32((uint)route.Link!.Index)
                .Attribute(Gateway, route.Gateway!.Value);
        }

        message.End(hops);
    }

    private static void WriteHop(MessageBuilder message, Route route)
    {
        if (route.Gateway is { } gateway && gateway.Family == route.Destination.Family)
        {
            message.Attribute(Gateway, gateway);
        }
        else if (route.Gateway is { } other)
        {
            Span<byte> via = stackalloc byte[2 + 16];
            BinaryPrimitives.WriteUInt16LittleEndian(via, Family.V6);
            other.Write(via[2..]);
            message.Attribute(Via, via);
        }

        if (route.Link is not null)
        {
            message.Attribute(Output, (uint)route.Link.Index);
        }
    }

    // struct rta_cacheinfo: of interest is when the route vanishes, in hundredths of a second.
    private static byte[] CacheOf(Route route)
    {
        byte[] octets = new byte[32];
        if (!route.ExpiresAt.IsNever && route.Link is not null)
        {
            TimeSpan left = route.ExpiresAt - route.Link.Stack.Machine.Monotonic.Now;
            int ticks = (int)(left.TotalSeconds * TicksPerSecond);
            BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(8), route.IsOver ? Math.Min(ticks, -1) : ticks);
        }

        return octets;
    }
}
