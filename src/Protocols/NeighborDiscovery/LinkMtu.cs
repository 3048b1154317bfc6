using System;
using System.Buffers.Binary;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>The link's MTU (RFC 4861, section 4.6.4).</summary>
/// <param name="Octets">The MTU; less than 1280 is to be passed over.</param>
public readonly record struct LinkMtu(uint Octets)
{
    /// <summary>Octets of the option.</summary>
    public const int Size = 8;

    /// <summary>Reads the option; false if it is another one or its length is wrong.</summary>
    public static bool TryRead(NeighborOption option, out LinkMtu mtu)
    {
        bool ok = option.Type == NeighborOptionType.Mtu && option.Octets.Length == Size;
        mtu = ok ? new(BinaryPrimitives.ReadUInt32BigEndian(option.Octets[4..])) : default;
        return ok;
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        destination[0] = (byte)NeighborOptionType.Mtu;
        destination[1] = Size / NeighborOption.Unit;
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Octets);
    }
}
