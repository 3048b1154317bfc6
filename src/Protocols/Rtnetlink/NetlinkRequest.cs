using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>A request to the kernel that is acknowledged; made by the functions here, numbered when it is sent.</summary>
public sealed class NetlinkRequest
{
    private const int SizeMax = 512;

    private readonly byte[] octets;

    private NetlinkRequest(ReadOnlySpan<byte> message) => octets = message.ToArray();

    /// <summary>What is asked.</summary>
    public NetlinkMessageType Type => (NetlinkMessageType)MemoryMarshal.Read<ushort>(octets.AsSpan(4));

    /// <summary>The message, with the number of the last <see cref="Number"/>.</summary>
    public ReadOnlySpan<byte> Octets => octets;

    internal ReadOnlyMemory<byte> Memory => octets;

    /// <summary>Puts the sequence number into the message.</summary>
    public void Number(uint sequence) => MemoryMarshal.Write(octets.AsSpan(8), sequence);

    /// <summary>Switches a link on or off.</summary>
    public static NetlinkRequest SetLinkUp(int interfaceIndex, bool isUp)
    {
        NetlinkWriter writer = BeginLink(NetlinkMessageType.NewLink, NetlinkFlags.None);
        LinkMessage.WriteFixed(
            ref writer, interfaceIndex, 0, isUp ? LinkFlags.Up : LinkFlags.None, LinkFlags.Up);
        return new(writer.Finish());
    }

    /// <summary>Sets a link's MTU.</summary>
    public static NetlinkRequest SetLinkMtu(int interfaceIndex, uint mtu)
    {
        NetlinkWriter writer = BeginLink(NetlinkMessageType.NewLink, NetlinkFlags.None);
        LinkMessage.WriteFixed(ref writer, interfaceIndex, 0, LinkFlags.None, LinkFlags.None);
        writer.UInt32(LinkAttribute.Mtu, mtu);
        return new(writer.Finish());
    }

    /// <summary>Sets how the kernel makes IPv6 addresses on a link.</summary>
    public static NetlinkRequest SetAddressGenerationMode(int interfaceIndex, AddressGenerationMode mode)
    {
        NetlinkWriter writer = BeginLink(NetlinkMessageType.NewLink, NetlinkFlags.None);
        LinkMessage.WriteFixed(ref writer, interfaceIndex, 0, LinkFlags.None, LinkFlags.None);
        LinkMessage.WriteGenerationMode(ref writer, mode);
        return new(writer.Finish());
    }

    /// <summary>Asks for one link: its statistics are fresh in the mirror when this is done.</summary>
    public static NetlinkRequest GetLink(int interfaceIndex)
    {
        NetlinkWriter writer = BeginLink(NetlinkMessageType.GetLink, NetlinkFlags.None);
        LinkMessage.WriteFixed(ref writer, interfaceIndex, 0, LinkFlags.None, LinkFlags.None);
        return new(writer.Finish());
    }

    /// <summary>Adds an address, or changes lifetimes, metric and flags of the one there.</summary>
    public static NetlinkRequest ReplaceAddress(in Address address) => Write(
        NetlinkMessageType.NewAddress, NetlinkFlags.Create | NetlinkFlags.Replace, address);

    /// <summary>Adds an address; EEXIST if it is there.</summary>
    public static NetlinkRequest AddAddress(in Address address) => Write(
        NetlinkMessageType.NewAddress, NetlinkFlags.Create | NetlinkFlags.Exclusive, address);

    /// <summary>Removes an address; EADDRNOTAVAIL if it is not there.</summary>
    public static NetlinkRequest DeleteAddress(in Address address) => Write(
        NetlinkMessageType.DeleteAddress, NetlinkFlags.None, address);

    /// <summary>Adds a route; EEXIST if there is one to the same destination with the same metric.</summary>
    /// <remarks>An IPv4 route to a link without a gateway is written with link scope, as gateways on it need.</remarks>
    public static NetlinkRequest AddRoute(in Route route) => Write(
        NetlinkMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Exclusive, route);

    /// <summary>Adds a route in place of one to the same destination with the same metric, if there is one.</summary>
    /// <inheritdoc cref="AddRoute" path="/remarks"/>
    public static NetlinkRequest ReplaceRoute(in Route route) => Write(
        NetlinkMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Replace, route);

    /// <summary>Adds a route beside others to the same destination with the same metric.</summary>
    /// <inheritdoc cref="AddRoute" path="/remarks"/>
    public static NetlinkRequest AppendRoute(in Route route) => Write(
        NetlinkMessageType.NewRoute, NetlinkFlags.Create | NetlinkFlags.Append, route);

    /// <summary>Adds a route before others to the same destination with the same metric; EEXIST if it is there.</summary>
    /// <inheritdoc cref="AddRoute" path="/remarks"/>
    public static NetlinkRequest PrependRoute(in Route route) => Write(
        NetlinkMessageType.NewRoute, NetlinkFlags.Create, route);

    /// <summary>Removes a route; ESRCH if it is not there.</summary>
    /// <inheritdoc cref="AddRoute" path="/remarks"/>
    public static NetlinkRequest DeleteRoute(in Route route) => Write(
        NetlinkMessageType.DeleteRoute, NetlinkFlags.None, route with { ExpiresSeconds = Route.Forever });

    /// <summary>Adds a rule; EEXIST if it is there.</summary>
    public static NetlinkRequest AddRule(in Rule rule) => Write(
        NetlinkMessageType.NewRule, NetlinkFlags.Create | NetlinkFlags.Exclusive, rule);

    /// <summary>Removes a rule; ENOENT if it is not there.</summary>
    public static NetlinkRequest DeleteRule(in Rule rule) => Write(
        NetlinkMessageType.DeleteRule, NetlinkFlags.None, rule);

    private static NetlinkWriter BeginLink(NetlinkMessageType type, NetlinkFlags flags) =>
        new(new byte[SizeMax], type, Flags(flags));

    private static NetlinkRequest Write(NetlinkMessageType type, NetlinkFlags flags, in Address address)
    {
        Span<byte> buffer = stackalloc byte[SizeMax];
        return new(buffer[..AddressMessage.Write(buffer, type, Flags(flags), 0, address)]);
    }

    private static NetlinkRequest Write(NetlinkMessageType type, NetlinkFlags flags, in Route route)
    {
        bool isOnLink = route is { Family: IpFamily.V4, Type: RouteType.Unicast, HasGateway: false };
        Route written = isOnLink && route.Scope == Scope.Universe ? route with { Scope = Scope.Link } : route;
        Span<byte> buffer = stackalloc byte[SizeMax];
        return new(buffer[..RouteMessage.Write(buffer, type, Flags(flags), 0, written)]);
    }

    private static NetlinkRequest Write(NetlinkMessageType type, NetlinkFlags flags, in Rule rule)
    {
        Span<byte> buffer = stackalloc byte[SizeMax];
        return new(buffer[..RuleMessage.Write(buffer, type, Flags(flags), 0, rule)]);
    }

    private static NetlinkFlags Flags(NetlinkFlags flags) =>
        flags | NetlinkFlags.Request | NetlinkFlags.Acknowledge;
}
