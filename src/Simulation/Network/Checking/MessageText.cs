using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A message of the route family as text, by which two are compared: its fixed part, and the attributes listed here.</summary>
/// <remarks>
/// Left out: of links their queue disciplines, queues, segment sizes and offloads, statistics (packets of the kernel's own go
/// through), hardware maps, device settings within IFLA_AF_SPEC other than addr_gen_mode, a bridge's data; of addresses when they
/// were made and changed; of routes the cache information; neighbours altogether, and what a bridge says of its ports (family 7).
/// Lifetimes are compared in steps of ten seconds, since time passes on the running kernel.
/// </remarks>
internal static class MessageText
{
    private const byte BridgeFamily = 7;
    private const byte MulticastV4 = 128;
    private const byte MulticastV6 = 129;

    /// <summary>The text; null for what is not compared.</summary>
    public static string? Of(MessageReader message)
    {
        if (message.Family is BridgeFamily or MulticastV4 or MulticastV6)
        {
            return null;
        }

        return message.Type switch
        {
            MessageType.NewLink or MessageType.DeleteLink => OfLink(message),
            MessageType.NewAddress or MessageType.DeleteAddress => OfAddress(message),
            MessageType.NewRoute or MessageType.DeleteRoute => OfRoute(message),
            MessageType.NewRule or MessageType.DeleteRule => OfRule(message),
            _ => null,
        };
    }

    private static StringBuilder Begin(MessageReader message, string what)
    {
        const int Multi = MessageFlags.Multi | MessageFlags.DumpFiltered;
        bool isNew = message.Type is MessageType.NewLink or MessageType.NewAddress or MessageType.NewRoute or MessageType.NewRule;
        return new StringBuilder(isNew ? "new " : "del ").Append(what)
            .Append(CultureInfo.InvariantCulture, $" nlm {message.Flags & ~Multi:x}");
    }

    private static string OfLink(MessageReader message)
    {
        const int Size = 16;
        ReadOnlySpan<byte> octets = message.Payload;
        StringBuilder text = Begin(message, "link");
        text.Append(CultureInfo.InvariantCulture, $" {BinaryPrimitives.ReadInt32LittleEndian(octets[4..])}: {message.FindText(Size, LinkAttributes.Name)}");
        text.Append(CultureInfo.InvariantCulture, $" type {BinaryPrimitives.ReadUInt16LittleEndian(octets[2..])}");
        text.Append(CultureInfo.InvariantCulture, $" flags {BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]):x}");
        text.Append(CultureInfo.InvariantCulture, $" change {BinaryPrimitives.ReadUInt32LittleEndian(octets[12..]):x}");
        foreach ((int type, string name) in LinkNumbers)
        {
            Number(text, message, Size, type, name);
        }

        foreach ((int type, string name) in LinkOctets)
        {
            Octets(text, message, Size, type, name);
        }

        if (message.TryFind(Size, LinkAttributes.Info, out ReadOnlySpan<byte> info)
            && MessageReader.TryFind(info, LinkAttributes.InfoKind, out ReadOnlySpan<byte> kind))
        {
            text.Append(" kind ").Append(MessageReader.Text(kind));
        }

        GenerationMode(text, message, Size);
        return text.ToString();
    }

    private static readonly (int, string)[] LinkNumbers =
    [
        (LinkAttributes.Mtu, "mtu"), (LinkAttributes.Link, "link"), (LinkAttributes.Master, "master"),
        (LinkAttributes.Promiscuity, "promiscuity"), (LinkAttributes.AllMulticast, "allmulticast"),
        (LinkAttributes.CarrierChanges, "changes"), (LinkAttributes.CarrierUps, "ups"), (LinkAttributes.CarrierDowns, "downs"),
        (LinkAttributes.QueueLength, "txqlen"), (LinkAttributes.Group, "group"),
    ];

    private static readonly (int, string)[] LinkOctets =
    [
        (LinkAttributes.OperationalState, "state"), (LinkAttributes.Carrier, "carrier"), (LinkAttributes.LinkMode, "mode"),
        (LinkAttributes.Address, "address"), (LinkAttributes.Broadcast, "broadcast"), (LinkAttributes.PermanentAddress, "permanent"),
    ];

    private static string OfAddress(MessageReader message)
    {
        const int Size = 8;
        ReadOnlySpan<byte> octets = message.Payload;
        StringBuilder text = Begin(message, "address");
        text.Append(CultureInfo.InvariantCulture, $" link {BinaryPrimitives.ReadInt32LittleEndian(octets[4..])} length {octets[1]} flags {octets[2]:x} scope {octets[3]}");
        Address(text, message, Size, AddressMessages.Local, "local");
        Address(text, message, Size, AddressMessages.Address, "address");
        Address(text, message, Size, AddressMessages.Broadcast, "broadcast");
        Number(text, message, Size, AddressMessages.Flags, "allflags");
        Number(text, message, Size, AddressMessages.Metric, "metric");
        Octets(text, message, Size, AddressMessages.Protocol, "protocol");
        if (message.FindText(Size, AddressMessages.Label) is { } label)
        {
            text.Append(" label ").Append(label);
        }

        if (message.TryFind(Size, AddressMessages.CacheInfo, out ReadOnlySpan<byte> lifetimes))
        {
            text.Append(" preferred ").Append(Rounded(BinaryPrimitives.ReadUInt32LittleEndian(lifetimes)));
            text.Append(" valid ").Append(Rounded(BinaryPrimitives.ReadUInt32LittleEndian(lifetimes[4..])));
        }

        return text.ToString();
    }

    private static string OfRoute(MessageReader message)
    {
        const int Size = RouteMessages.FixedSize;
        ReadOnlySpan<byte> octets = message.Payload;
        StringBuilder text = Begin(message, "route");
        text.Append(CultureInfo.InvariantCulture, $" type {octets[7]} /{octets[1]} from /{octets[2]} tos {octets[3]} table {octets[4]} protocol {octets[5]} scope {octets[6]}");
        text.Append(CultureInfo.InvariantCulture, $" flags {BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]):x}");
        Address(text, message, Size, RouteMessages.Destination, "to");
        Address(text, message, Size, RouteMessages.Gateway, "gateway");
        Address(text, message, Size, RouteMessages.PreferredSource, "source");
        Number(text, message, Size, RouteMessages.Table, "table");
        Number(text, message, Size, RouteMessages.Output, "link");
        Number(text, message, Size, RouteMessages.Priority, "metric");
        Octets(text, message, Size, RouteMessages.Metrics, "metrics");
        Octets(text, message, Size, RouteMessages.Via, "via");
        Octets(text, message, Size, RouteMessages.Preference, "preference");
        if (message.TryFind(Size, RouteMessages.Multipath, out ReadOnlySpan<byte> hops))
        {
            Hops(text, hops);
        }

        return text.ToString();
    }

    private static string OfRule(MessageReader message)
    {
        const int Size = RuleMessages.FixedSize;
        ReadOnlySpan<byte> octets = message.Payload;
        StringBuilder text = Begin(message, "rule");
        text.Append(CultureInfo.InvariantCulture, $" family {octets[0]} to /{octets[1]} from /{octets[2]} tos {octets[3]} table {octets[4]} action {octets[7]}");
        text.Append(CultureInfo.InvariantCulture, $" flags {BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]):x}");
        Address(text, message, Size, RuleMessages.Destination, "to");
        Address(text, message, Size, RuleMessages.Source, "from");
        Number(text, message, Size, RuleMessages.Priority, "priority");
        Number(text, message, Size, RuleMessages.Table, "table");
        Number(text, message, Size, RuleMessages.Mark, "mark");
        Number(text, message, Size, RuleMessages.MarkMask, "mask");
        Number(text, message, Size, RuleMessages.SuppressLength, "suppress");
        Octets(text, message, Size, RuleMessages.Protocol, "protocol");
        text.Append(" iif ").Append(message.FindText(Size, RuleMessages.Input)).Append(" oif ").Append(message.FindText(Size, RuleMessages.Output));
        return text.ToString();
    }

    // The next hops of one destination, in no order.
    private static void Hops(StringBuilder text, ReadOnlySpan<byte> hops)
    {
        const int HopSize = 8;
        List<string> found = [];
        while (hops.Length >= HopSize)
        {
            int length = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(hops), HopSize, hops.Length);
            ReadOnlySpan<byte> hop = hops[..length];
            string gateway = MessageReader.TryFind(hop[HopSize..], RouteMessages.Gateway, out ReadOnlySpan<byte> address)
                && IpAddress.TryRead(address, out IpAddress read) ? read.ToString() : "";
            found.Add(string.Create(CultureInfo.InvariantCulture, $"[{gateway} link {BinaryPrimitives.ReadInt32LittleEndian(hop[4..])} flags {hop[2]:x}]"));
            hops = hops[Math.Min((length + 3) & ~3, hops.Length)..];
        }

        found.Sort(StringComparer.Ordinal);
        text.Append(" hops ").AppendJoin(' ', found);
    }

    private static void GenerationMode(StringBuilder text, MessageReader message, int size)
    {
        if (message.TryFind(size, LinkAttributes.FamilySpecific, out ReadOnlySpan<byte> families)
            && MessageReader.TryFind(families, Family.V6, out ReadOnlySpan<byte> inet6)
            && MessageReader.TryFind(inet6, LinkAttributes.Inet6GenerationMode, out ReadOnlySpan<byte> mode))
        {
            text.Append(CultureInfo.InvariantCulture, $" genmode {mode[0]}");
        }
    }

    private static string Rounded(uint seconds)
    {
        const uint Step = 10;
        return seconds == uint.MaxValue ? "forever" : ((seconds + Step - 1) / Step * Step).ToString(CultureInfo.InvariantCulture);
    }

    private static void Number(StringBuilder text, MessageReader message, int size, int type, string name)
    {
        if (message.FindUInt32(size, type) is { } value)
        {
            text.Append(CultureInfo.InvariantCulture, $" {name} {value}");
        }
    }

    private static void Octets(StringBuilder text, MessageReader message, int size, int type, string name)
    {
        if (message.TryFind(size, type, out ReadOnlySpan<byte> value))
        {
            text.Append(' ').Append(name).Append(' ').Append(Convert.ToHexStringLower(value));
        }
    }

    private static void Address(StringBuilder text, MessageReader message, int size, int type, string name)
    {
        if (message.TryFind(size, type, out ReadOnlySpan<byte> value))
        {
            text.Append(' ').Append(name).Append(' ')
                .Append(IpAddress.TryRead(value, out IpAddress address) ? address.ToString() : Convert.ToHexStringLower(value));
        }
    }
}
