using System;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Wire;

/// <summary>A neighbour solicitation or advertisement (RFC 4861, sections 4.3 and 4.4), behind the ICMPv6 header.</summary>
/// <param name="Target">Whose link-layer address is asked for or told.</param>
/// <param name="LinkLayer">The option with the link-layer address; zeros if it is not there.</param>
/// <param name="IsRouter">R, of an advertisement.</param>
/// <param name="IsSolicited">S, of an advertisement.</param>
/// <param name="IsOverride">O, of an advertisement.</param>
internal readonly record struct NeighborMessage(
    IpAddress Target, MacAddress LinkLayer, bool IsRouter = false, bool IsSolicited = false, bool IsOverride = false)
{
    public const byte SourceLinkLayer = 1;
    public const byte TargetLinkLayer = 2;

    public int Size => 20 + (LinkLayer.IsZero ? 0 : 8);

    public static bool TryRead(byte type, ReadOnlySpan<byte> body, out NeighborMessage message)
    {
        message = default;
        OctetReader reader = new(body);
        if (!reader.TryReadUInt32(out uint flags) || !reader.TryTake(16, out ReadOnlySpan<byte> octets)
            || !IpAddress.TryRead(octets, out IpAddress target))
        {
            return false;
        }

        byte wanted = type == IcmpMessage.NeighborSolicitation ? SourceLinkLayer : TargetLinkLayer;
        if (!NeighborOptionReader.TryFindLinkLayer(reader.Rest, wanted, out MacAddress linkLayer))
        {
            return false;
        }

        message = new(target, linkLayer, flags >> 31 != 0, (flags >> 30 & 1) != 0, (flags >> 29 & 1) != 0);
        return true;
    }

    public void Write(byte type, Span<byte> body)
    {
        OctetWriter writer = new(body);
        writer.WriteUInt32((IsRouter ? 1u << 31 : 0) | (IsSolicited ? 1u << 30 : 0) | (IsOverride ? 1u << 29 : 0));
        Target.Write(writer.Reserve(16));
        if (!LinkLayer.IsZero)
        {
            writer.WriteByte(type == IcmpMessage.NeighborSolicitation ? SourceLinkLayer : TargetLinkLayer);
            writer.WriteByte(1);
            LinkLayer.Write(writer.Reserve(6));
        }
    }

    /// <summary>ff02::1:ff and the last 24 bits of the address (RFC 4291, section 2.7.1).</summary>
    public static IpAddress SolicitedGroupOf(IpAddress address) =>
        IpAddress.FromV6(((UInt128)0xFF02 << 112) | ((UInt128)0x1FF << 24) | (address.ToBits() & 0xFF_FFFF));
}
