using System;
using System.Buffers.Binary;
using System.Globalization;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Builds requests, and says them in words.</summary>
internal sealed class NetlinkRequests
{
    public const int New = MessageFlags.Create | MessageFlags.Exclusive;
    public const int Either = MessageFlags.Create | MessageFlags.Replace;

    private const int Asked = MessageFlags.Request | MessageFlags.Acknowledge;

    public NetlinkStep SetUp(int link, bool isUp) =>
        new($"link {link} {(isUp ? "up" : "down")}", Link(MessageType.NewLink, 0, link, isUp ? 1u : 0, 1).ToArray());

    public NetlinkStep SetUp(string name, bool isUp) => new(
        $"link {name} {(isUp ? "up" : "down")}",
        Link(MessageType.NewLink, 0, 0, isUp ? 1u : 0, 1).Attribute(LinkAttributes.Name, name).ToArray());

    public NetlinkStep SetMtu(int link, uint mtu) =>
        new($"link {link} mtu {mtu}", Link(MessageType.NewLink, 0, link).Attribute(LinkAttributes.Mtu, mtu).ToArray());

    public NetlinkStep SetMac(int link, MacAddress mac) =>
        new($"link {link} address {mac}", Link(MessageType.NewLink, 0, link).Attribute(LinkAttributes.Address, mac).ToArray());

    public NetlinkStep Rename(int link, string name) =>
        new($"link {link} name {name}", Link(MessageType.NewLink, 0, link).Attribute(LinkAttributes.Name, name).ToArray());

    public NetlinkStep SetMaster(int link, int master) =>
        new($"link {link} master {master}", Link(MessageType.NewLink, 0, link).Attribute(LinkAttributes.Master, (uint)master).ToArray());

    public NetlinkStep SetGenerationMode(int link, byte mode)
    {
        MessageBuilder message = Link(MessageType.NewLink, 0, link);
        int families = message.BeginMarked(LinkAttributes.FamilySpecific);
        int inet6 = message.BeginMarked(Family.V6);
        message.Attribute(LinkAttributes.Inet6GenerationMode, mode).End(inet6).End(families);
        return new($"link {link} addrgenmode {mode}", message.ToArray());
    }

    public NetlinkStep Delete(int link) => new($"link {link} delete", Link(MessageType.DeleteLink, 0, link).ToArray());

    public NetlinkStep Delete(string name) =>
        new($"link {name} delete", Link(MessageType.DeleteLink, 0, 0).Attribute(LinkAttributes.Name, name).ToArray());

    public NetlinkStep AddBridge(string name, MacAddress mac, int flags)
    {
        MessageBuilder message = Link(MessageType.NewLink, flags, 0).Attribute(LinkAttributes.Name, name).Attribute(LinkAttributes.Address, mac);
        int info = message.Begin(LinkAttributes.Info);
        message.Attribute(LinkAttributes.InfoKind, "bridge").End(info);
        return new($"link add bridge {name} address {mac} flags {flags:x}", message.ToArray(), WaitsForLook: true);
    }

    public NetlinkStep AddPair(string name, MacAddress mac, string peer, MacAddress peerMac, int flags)
    {
        MessageBuilder message = Link(MessageType.NewLink, flags, 0).Attribute(LinkAttributes.Name, name).Attribute(LinkAttributes.Address, mac);
        int info = message.Begin(LinkAttributes.Info);
        message.Attribute(LinkAttributes.InfoKind, "veth");
        int data = message.Begin(LinkAttributes.InfoData);
        int other = message.Begin(LinkAttributes.PairPeer);
        message.Octets(new byte[16]).Attribute(LinkAttributes.Name, peer).Attribute(LinkAttributes.Address, peerMac)
            .End(other).End(data).End(info);
        return new($"link add veth {name} address {mac} peer {peer} address {peerMac} flags {flags:x}", message.ToArray(), WaitsForLook: true);
    }

    public NetlinkStep AddAddress(AddressRequest request) => Address(MessageType.NewAddress, "add", request);

    public NetlinkStep DeleteAddress(AddressRequest request) => Address(MessageType.DeleteAddress, "delete", request with { Flags = 0 });

    public NetlinkStep AddRoute(RouteRequest request) => Route(MessageType.NewRoute, "add", request);

    public NetlinkStep DeleteRoute(RouteRequest request) => Route(MessageType.DeleteRoute, "delete", request with { Flags = 0 });

    public NetlinkStep AddRule(RuleRequest request) => Rule(MessageType.NewRule, "add", request);

    public NetlinkStep DeleteRule(RuleRequest request) => Rule(MessageType.DeleteRule, "delete", request with { Flags = 0 });

    private static MessageBuilder Link(MessageType type, int flags, int index, uint set = 0, uint change = 0) =>
        new MessageBuilder(type, Asked | flags).UInt32(0).UInt32((uint)index).UInt32(set).UInt32(change);

    private static NetlinkStep Address(MessageType type, string verb, AddressRequest request)
    {
        MessageBuilder message = new MessageBuilder(type, Asked | request.Flags)
            .Byte(request.Local.IsV4 ? Family.V4 : Family.V6).Byte(request.Length).Byte(0).Byte((byte)request.Scope).UInt32((uint)request.Link)
            .Attribute(AddressMessages.Local, request.Local)
            .Attribute(AddressMessages.Address, request.Peer ?? request.Local);
        if (request.Broadcast is { } broadcast)
        {
            message.Attribute(AddressMessages.Broadcast, broadcast);
        }

        if (request.Label is { } label)
        {
            message.Attribute(AddressMessages.Label, label);
        }

        if (request.Lifetimes is { } lifetimes)
        {
            byte[] octets = new byte[16];
            BinaryPrimitives.WriteUInt32LittleEndian(octets, lifetimes.Preferred);
            BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(4), lifetimes.Valid);
            message.Attribute(AddressMessages.CacheInfo, octets);
        }

        message.Attribute(AddressMessages.Flags, (uint)request.Wishes);
        Optional(message, AddressMessages.Metric, request.Metric == 0 ? null : request.Metric);
        if (request.Protocol != 0)
        {
            message.Attribute(AddressMessages.Protocol, request.Protocol);
        }

        string text = $"address {verb} {request.Local}/{request.Length} link {request.Link} flags {request.Flags:x} scope {(byte)request.Scope}"
            + Said("peer", request.Peer) + Said("broadcast", request.Broadcast) + Said("label", request.Label)
            + Said("lifetimes", request.Lifetimes) + Said("wishes", request.Wishes == 0 ? null : request.Wishes)
            + Said("protocol", request.Protocol) + Said("metric", request.Metric);
        return new(text, message.ToArray());
    }

    private static NetlinkStep Route(MessageType type, string verb, RouteRequest request)
    {
        MessageBuilder message = new MessageBuilder(type, Asked | request.Flags)
            .Byte(request.Destination.Address.IsV4 ? Family.V4 : Family.V6).Byte(request.Destination.Length).Byte(0).Byte(request.TypeOfService)
            .Byte((byte)(request.Table > 255 ? 0 : request.Table)).Byte(request.Protocol).Byte((byte)request.Scope).Byte(request.Type)
            .UInt32(request.IsOnLink ? RouteMessages.OnLinkFlag : 0)
            .Attribute(RouteMessages.Table, request.Table);
        if (request.Destination.Length > 0)
        {
            message.Attribute(RouteMessages.Destination, request.Destination.Address);
        }

        if (request.Gateway is { } gateway)
        {
            message.Attribute(RouteMessages.Gateway, gateway);
        }

        if (request.Source is { } source)
        {
            message.Attribute(RouteMessages.PreferredSource, source);
        }

        Optional(message, RouteMessages.Output, request.Output is { } output ? (uint)output : null);
        Optional(message, RouteMessages.Priority, request.Metric);
        if (request.Mtu is { } mtu)
        {
            int metrics = message.Begin(RouteMessages.Metrics);
            message.Attribute(2, mtu).End(metrics);
        }

        string text = $"route {verb} {request.Destination} table {request.Table} flags {request.Flags:x} type {request.Type} scope {(byte)request.Scope}"
            + Said("protocol", request.Protocol) + Said("link", request.Output) + Said("gateway", request.Gateway) + Said("metric", request.Metric)
            + Said("source", request.Source) + (request.IsOnLink ? " onlink" : "") + Said("mtu", request.Mtu)
            + Said("tos", request.TypeOfService == 0 ? null : request.TypeOfService);
        return new(text, message.ToArray());
    }

    private static NetlinkStep Rule(MessageType type, string verb, RuleRequest request)
    {
        MessageBuilder message = new MessageBuilder(type, Asked | request.Flags)
            .Byte(request.IsV6 ? Family.V6 : Family.V4).Byte(request.Destination?.Length ?? 0).Byte(request.Source?.Length ?? 0).Byte(0)
            .Byte((byte)(request.Table > 255 ? 0 : request.Table)).Byte(0).Byte(0).Byte(request.Action)
            .UInt32(request.IsInverted ? RuleMessages.InvertedFlag : 0)
            .Attribute(RuleMessages.Table, request.Table);
        if (request.Source is { Length: > 0 } source)
        {
            message.Attribute(RuleMessages.Source, source.Address);
        }

        if (request.Destination is { Length: > 0 } destination)
        {
            message.Attribute(RuleMessages.Destination, destination.Address);
        }

        Optional(message, RuleMessages.Priority, request.Priority);
        Optional(message, RuleMessages.Mark, request.Mark);
        Optional(message, RuleMessages.MarkMask, request.Mask);
        Optional(message, RuleMessages.SuppressLength, request.Suppress);
        OptionalText(message, RuleMessages.Input, request.Input);
        OptionalText(message, RuleMessages.Output, request.Output);
        if (request.Protocol is { } protocol)
        {
            message.Attribute(RuleMessages.Protocol, protocol);
        }

        string text = $"rule {verb} {(request.IsV6 ? "v6" : "v4")} table {request.Table} action {request.Action} flags {request.Flags:x}"
            + Said("priority", request.Priority) + Said("from", request.Source) + Said("to", request.Destination) + Said("mark", request.Mark)
            + Said("mask", request.Mask) + Said("iif", request.Input) + Said("oif", request.Output) + Said("protocol", request.Protocol)
            + Said("suppress", request.Suppress) + (request.IsInverted ? " not" : "");
        return new(text, message.ToArray());
    }

    private static void Optional(MessageBuilder message, int type, uint? value)
    {
        if (value is { } number)
        {
            message.Attribute(type, number);
        }
    }

    private static void OptionalText(MessageBuilder message, int type, string? value)
    {
        if (value is not null)
        {
            message.Attribute(type, value);
        }
    }

    private static string Said(string name, object? value) =>
        value is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {name} {value}");
}
