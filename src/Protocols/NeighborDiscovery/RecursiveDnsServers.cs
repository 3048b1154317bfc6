using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>DNS servers in a buffer, with the time that they may be used (RFC 8106, section 5.1).</summary>
public ref struct RecursiveDnsServers
{
    private const int FixedSize = 8;
    private const int AddressSize = 16;

    private ReadOnlySpan<byte> rest;

    /// <summary>How long; 0: no longer; 0xFFFFFFFF: for ever.</summary>
    public uint LifetimeSeconds { get; private init; }

    /// <summary>The option; false if it is another one, or its length is not that of one or more addresses.</summary>
    public static bool TryParse(NeighborOption option, out RecursiveDnsServers servers)
    {
        ReadOnlySpan<byte> octets = option.Octets;
        bool ok = option.Type == NeighborOptionType.RecursiveDnsServers && octets.Length >= FixedSize + AddressSize
            && (octets.Length - FixedSize) % AddressSize == 0;
        servers = ok
            ? new() { LifetimeSeconds = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]), rest = octets[FixedSize..] }
            : default;
        return ok;
    }

    /// <summary>The next server; false at the end.</summary>
    public bool TryNext(out IpAddress server)
    {
        if (rest.Length < AddressSize || !IpAddress.TryRead(rest[..AddressSize], out server))
        {
            server = default;
            return false;
        }

        rest = rest[AddressSize..];
        return true;
    }

    /// <summary>Writes the option; the answer is its length.</summary>
    public static int Write(Span<byte> destination, uint lifetimeSeconds, ReadOnlySpan<IpAddress> servers)
    {
        int size = FixedSize + (servers.Length * AddressSize);
        destination[..size].Clear();
        destination[0] = (byte)NeighborOptionType.RecursiveDnsServers;
        destination[1] = (byte)(size / NeighborOption.Unit);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], lifetimeSeconds);
        for (int i = 0; i < servers.Length; i++)
        {
            servers[i].Write(destination[(FixedSize + (i * AddressSize))..]);
        }

        return size;
    }
}
