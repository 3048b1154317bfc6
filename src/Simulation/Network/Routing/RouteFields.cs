using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Routing;

/// <summary>What a message says of a route, as it stands there.</summary>
internal sealed class RouteFields
{
    private const int MtuMetric = 2;
    private const byte UnspecifiedType = 0;

    public RouteFields(MessageReader message, bool isV6)
    {
        const int Size = RouteMessages.FixedSize;
        int octets = isV6 ? 16 : 4;
        IsV6 = isV6;
        DestinationLength = message.Payload[1];
        SourceLength = message.Payload[2];
        TypeOfService = message.Payload[3];
        Table = message.FindUInt32(Size, RouteMessages.Table) ?? message.Payload[4];
        Protocol = message.Payload[5];
        Scope = (RouteScope)message.Payload[6];
        Type = message.Payload[7];
        Flags = BinaryPrimitives.ReadUInt32LittleEndian(message.Payload[8..]);
        Destination = message.FindAddress(Size, RouteMessages.Destination, octets) ?? (isV6 ? IpAddress.AnyV6 : IpAddress.AnyV4);
        Output = message.FindUInt32(Size, RouteMessages.Output) is { } index ? (int)index : null;
        Gateway = GatewayOf(message, octets);
        Metric = message.FindUInt32(Size, RouteMessages.Priority) ?? 0;
        PreferredSource = message.FindAddress(Size, RouteMessages.PreferredSource, octets);
        Preference = message.FindByte(Size, RouteMessages.Preference) ?? 0;
        Expires = message.FindUInt32(Size, RouteMessages.Expires) ?? 0;
        Metrics = message.TryFind(Size, RouteMessages.Metrics, out ReadOnlySpan<byte> metrics) ? metrics.ToArray() : [];
        Mtu = MessageReader.TryFind(Metrics, MtuMetric, out ReadOnlySpan<byte> mtu) && mtu.Length >= 4
            ? BinaryPrimitives.ReadUInt32LittleEndian(mtu) : 0;
    }

    public bool IsV6 { get; }

    public byte DestinationLength { get; }

    public byte SourceLength { get; }

    public byte TypeOfService { get; }

    public uint Table { get; }

    public byte Protocol { get; }

    public RouteScope Scope { get; }

    public byte Type { get; }

    public uint Flags { get; }

    public IpAddress Destination { get; }

    public int? Output { get; }

    /// <summary>Null where none is given; for IPv4 where 0.0.0.0 is.</summary>
    public IpAddress? Gateway { get; }

    public uint Metric { get; }

    public IpAddress? PreferredSource { get; }

    public byte Preference { get; }

    /// <summary>In seconds; 0 for never.</summary>
    public uint Expires { get; }

    public byte[] Metrics { get; }

    public uint Mtu { get; }

    public bool IsOnLink => (Flags & RouteMessages.OnLinkFlag) != 0;

    /// <summary>Table 0 stands for the main table.</summary>
    public uint TableOrMain => Table == 0 ? Route.MainTable : Table;

    public IpPrefix Prefix => new(Destination, DestinationLength);

    /// <summary>What RTM_DELROUTE means by it: 0 of type, protocol and metric, and scope nowhere, stand for any.</summary>
    public RouteWish ToWish() => new(TableOrMain, IsV6 ? Prefix.Network : Prefix)
    {
        TypeOfService = TypeOfService,
        Type = Type == UnspecifiedType ? null : (RouteType)Type,
        Scope = Scope == RouteScope.Nowhere ? null : Scope,
        Protocol = Protocol == 0 ? null : Protocol,
        Metric = Metric == 0 ? null : Metric,
        LinkIndex = Output is null or 0 ? null : Output,
        Gateway = Gateway,
        PreferredSource = PreferredSource is { IsUnspecified: false } ? PreferredSource : null,
        Metrics = Metrics,
    };

    private static IpAddress? GatewayOf(MessageReader message, int octets)
    {
        const int ViaHeader = 2;
        if (message.TryFind(RouteMessages.FixedSize, RouteMessages.Via, out ReadOnlySpan<byte> via) && via.Length > ViaHeader
            && IpAddress.TryRead(via[ViaHeader..], out IpAddress other))
        {
            return other;
        }

        IpAddress? gateway = message.FindAddress(RouteMessages.FixedSize, RouteMessages.Gateway, octets);
        return gateway is { IsV4: true, IsUnspecified: true } ? null : gateway;
    }
}
