using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;

namespace Spindle.Kernels;

/// <summary>A <c>sockaddr</c> of any family as a value, in the kernel's layout (the same on x86-64 and arm64).</summary>
public struct SocketAddress
{
    /// <summary>The most octets a socket address has (<c>sockaddr_storage</c>).</summary>
    public const int SizeMax = 128;

    private Storage storage;

    [InlineArray(SizeMax)]
    private struct Storage
    {
        private byte first;
    }

    /// <summary>Octets in use.</summary>
    public int Length { get; set; }

    /// <summary>Which family.</summary>
    public readonly AddressFamily Family => Length < 2
        ? AddressFamily.Unspecified
        : (AddressFamily)MemoryMarshal.Read<ushort>(((ReadOnlySpan<byte>)storage)[..2]);

    /// <summary>The octets in use, in the kernel's layout.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Octets => ((ReadOnlySpan<byte>)storage)[..Length];

    /// <summary>All octets, for the kernel to write an address into; then set <see cref="Length"/>.</summary>
    [UnscopedRef]
    public Span<byte> Buffer => storage;

    /// <summary><c>sockaddr_in</c> or <c>sockaddr_in6</c>, as the address says.</summary>
    /// <param name="address">The address.</param>
    /// <param name="port">In host order.</param>
    /// <param name="scopeId">The link's index, for IPv6 link-local addresses.</param>
    public static SocketAddress Inet(IpAddress address, ushort port, uint scopeId = 0)
    {
        SocketAddress result = address.IsV4 ? Of(AddressFamily.Inet, 16) : Of(AddressFamily.Inet6, 28);
        Span<byte> octets = result.Buffer;
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], port);
        address.Write(octets[(address.IsV4 ? 4 : 8)..]);
        if (address.IsV6)
        {
            MemoryMarshal.Write(octets[24..], scopeId);
        }

        return result;
    }

    /// <summary><c>sockaddr_nl</c> (<c>man 7 netlink</c>).</summary>
    public static SocketAddress Netlink(uint portId, uint groups)
    {
        SocketAddress result = Of(AddressFamily.Netlink, 12);
        MemoryMarshal.Write(result.Buffer[4..], portId);
        MemoryMarshal.Write(result.Buffer[8..], groups);
        return result;
    }

    /// <summary><c>sockaddr_ll</c> (<c>man 7 packet</c>).</summary>
    /// <param name="protocol">EtherType in host order, for instance 0x0806.</param>
    /// <param name="interfaceIndex">The link, or 0 for all.</param>
    /// <param name="hardwareAddress">The destination, where one is needed.</param>
    public static SocketAddress Packet(ushort protocol, int interfaceIndex, MacAddress hardwareAddress = default)
    {
        SocketAddress result = Of(AddressFamily.Packet, 20);
        Span<byte> octets = result.Buffer;
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], protocol);
        MemoryMarshal.Write(octets[4..], interfaceIndex);
        octets[11] = MacAddress.Size;
        hardwareAddress.Write(octets[12..]);
        return result;
    }

    /// <summary><c>sockaddr_un</c>; a leading <c>@</c> or NUL means the abstract name space.</summary>
    /// <returns>False if the path is empty or longer than 107 octets.</returns>
    public static bool TryUnix(string path, out SocketAddress address)
    {
        address = default;
        int size = Encoding.UTF8.GetByteCount(path);
        if (size is 0 or > 107)
        {
            return false;
        }

        address = Of(AddressFamily.Unix, 2 + size);
        Encoding.UTF8.GetBytes(path, address.Buffer[2..]);
        if (path[0] is '@' or '\0')
        {
            address.Buffer[2] = 0;
        }
        else
        {
            address.Length++;
        }

        return true;
    }

    /// <summary>The address and port of an IPv4 or IPv6 socket address.</summary>
    public readonly bool TryGetInet(out IpAddress address, out ushort port, out uint scopeId)
    {
        address = default;
        port = 0;
        scopeId = 0;
        ReadOnlySpan<byte> octets = storage;
        bool isV4 = Family == AddressFamily.Inet && Length >= 16;
        bool isV6 = Family == AddressFamily.Inet6 && Length >= 28;
        if (!isV4 && !isV6)
        {
            return false;
        }

        port = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        scopeId = isV6 ? MemoryMarshal.Read<uint>(octets[24..]) : 0;
        return IpAddress.TryRead(isV4 ? octets.Slice(4, 4) : octets.Slice(8, 16), out address);
    }

    /// <summary>The sender's netlink port id; the kernel's is 0.</summary>
    public readonly bool TryGetNetlink(out uint portId, out uint groups)
    {
        ReadOnlySpan<byte> octets = storage;
        bool ok = Family == AddressFamily.Netlink && Length >= 12;
        portId = ok ? MemoryMarshal.Read<uint>(octets[4..]) : uint.MaxValue;
        groups = ok ? MemoryMarshal.Read<uint>(octets[8..]) : 0;
        return ok;
    }

    /// <summary>What a packet socket says of a frame: its link, EtherType, kind (0 to us … 4 sent by us) and sender.</summary>
    public readonly bool TryGetPacket(
        out int interfaceIndex, out ushort protocol, out byte packetType, out MacAddress source)
    {
        ReadOnlySpan<byte> octets = storage;
        bool ok = Family == AddressFamily.Packet && Length >= 18;
        interfaceIndex = ok ? MemoryMarshal.Read<int>(octets[4..]) : 0;
        protocol = ok ? BinaryPrimitives.ReadUInt16BigEndian(octets[2..]) : (ushort)0;
        packetType = ok ? octets[10] : (byte)0;
        source = ok && octets[11] == MacAddress.Size ? MacAddress.Read(octets[12..]) : default;
        return ok;
    }

    private static SocketAddress Of(AddressFamily family, int length)
    {
        SocketAddress result = new() { Length = length };
        MemoryMarshal.Write(result.Buffer, (ushort)family);
        return result;
    }
}
