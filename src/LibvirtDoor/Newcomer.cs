using System;
using System.Buffers.Binary;
using System.Globalization;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor;

/// <summary>A connection that was accepted and is nobody's client yet.</summary>
/// <param name="Fd">Its descriptor.</param>
/// <param name="Identity">Who it is; null unless it came by a unix socket.</param>
/// <param name="Address">Where it came from, in words; null by a unix socket.</param>
/// <param name="Origin">Whose it is when strangers are counted: the user, or the network address.</param>
internal readonly record struct Newcomer(int Fd, RpcIdentity? Identity, string? Address, ulong Origin)
{
    private const ulong NobodysOrigin = ulong.MaxValue;
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17; // SO_PEERCRED

    /// <summary>Who has come in by a unix socket.</summary>
    public static Newcomer ByUnixSocket(Kernel kernel, int fd)
    {
        RpcIdentity? identity = ReadIdentity(kernel, fd);
        return new Newcomer(fd, identity, null, identity?.UserId ?? NobodysOrigin);
    }

    /// <summary>Who has come in over the network.</summary>
    public static Newcomer ByNetwork(int fd, in SocketAddress peer) => peer.TryGetInet(out IpAddress address, out ushort port, out _)
        ? new Newcomer(fd, null, Describe(address, port), OriginOf(address))
        : new Newcomer(fd, null, null, NobodysOrigin);

    private static RpcIdentity? ReadIdentity(Kernel kernel, int fd)
    {
        Span<byte> credentials = stackalloc byte[12];
        return !kernel.GetSocketOption(fd, SocketLevel, PeerCredentialsOption, credentials).IsOk ? null
            : new RpcIdentity(
                BinaryPrimitives.ReadInt32LittleEndian(credentials),
                BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(credentials[8..]));
    }

    // As libvirt writes it. An IPv6 listener sees IPv4 addresses in IPv6's form.
    private static string Describe(in IpAddress address, ushort port) => address.Unmapped.IsV4
        ? string.Create(CultureInfo.InvariantCulture, $"{address.Unmapped}:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}");

    // Of IPv6 the network, for a host has as many addresses of one as it likes; of what is on the link alone, the host.
    private static ulong OriginOf(in IpAddress address)
    {
        UInt128 bits = address.Unmapped.ToBits();
        return address.Unmapped.IsV4 || address.IsLinkLocal ? (ulong)bits : (ulong)(bits >> 64);
    }
}
