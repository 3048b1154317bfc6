using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Writes RTM_NEWADDR and RTM_DELADDR.</summary>
internal static class AddressMessages
{
    public const int Address = 1;
    public const int Local = 2;
    public const int Label = 3;
    public const int Broadcast = 4;
    public const int CacheInfo = 6;
    public const int Flags = 8;
    public const int Metric = 9;
    public const int Protocol = 11;

    private const long NanosecondsPerTick = 10_000_000; // the stamps count in hundredths of a second

    public static byte[] Write(InterfaceAddress address, MessageType type, int flags, uint sequence, uint portId)
    {
        bool isV4 = address.Local.IsV4;
        MessageBuilder message = new(type, flags, sequence, portId);
        message.Byte(isV4 ? Family.V4 : Family.V6).Byte(address.PrefixLength).Byte((byte)address.Flags).Byte((byte)address.Scope)
            .UInt32((uint)address.Link.Index);
        if (!address.Peer.IsUnspecified)
        {
            message.Attribute(Address, address.Peer);
        }

        if (isV4 || address.Peer != address.Local)
        {
            message.Attribute(Local, address.Local);
        }

        if (isV4 && !address.Broadcast.IsUnspecified)
        {
            message.Attribute(Broadcast, address.Broadcast);
        }

        if (address.Label.Length > 0)
        {
            message.Attribute(Label, address.Label);
        }

        if (address.Protocol != 0)
        {
            message.Attribute(Protocol, address.Protocol);
        }

        message.Attribute(Flags, (uint)address.Flags);
        if (address.Metric != 0)
        {
            message.Attribute(Metric, address.Metric);
        }

        return message.Attribute(CacheInfo, Lifetimes(address)).ToArray();
    }

    private static byte[] Lifetimes(InterfaceAddress address)
    {
        AddressLifetimes lifetimes = address.Link.Stack.Lifetimes;
        // IPv4 asks no further of an address that is there for ever.
        bool isForever = address.Local.IsV4 && address.IsPermanent;
        byte[] octets = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(octets, isForever ? AddressLifetimes.Forever : address.IsDeprecated ? 0 : lifetimes.Left(address.PreferredUntil));
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(4), lifetimes.Left(address.ValidUntil));
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(8), (uint)(address.CreatedAt.Nanoseconds / NanosecondsPerTick));
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(12), (uint)(address.UpdatedAt.Nanoseconds / NanosecondsPerTick));
        return octets;
    }
}
