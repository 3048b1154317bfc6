using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Drivers.NeighborDiscovery;

/// <summary>The one raw ICMPv6 socket: lets router advertisements in, and solicitations out.</summary>
internal static class RouterDiscoverySocket
{
    /// <summary>Hop limit of all neighbour discovery: it has crossed no router (RFC 4861, section 3.1).</summary>
    public const int HopLimit = 255;

    private const int ProtocolIcmp = 58;
    private const int LevelIpv6 = 41;
    private const int OptionFilter = 1;
    private const int OptionMulticastHops = 18;
    private const int OptionMulticastLoop = 19;
    private const int OptionReceivePacketInformation = 49;
    private const int OptionReceiveHopLimit = 51;
    private const int PacketInformation = 50;
    private const int PacketHopLimit = 52;

    /// <summary>ff02::2.</summary>
    private static readonly IpAddress AllRouters = IpAddress.FromV6(((UInt128)0xFF02 << 112) + 2);

    /// <summary>Opens the socket. It hears multicasts to all nodes without joining: every link has that group.</summary>
    public static Result Open(Kernel kernel)
    {
        Result socket = kernel.Socket(AddressFamily.Inet6, SocketType.Raw, ProtocolIcmp);
        if (!socket.IsOk)
        {
            return socket;
        }

        // struct icmp6_filter: a bit for each type that is kept out.
        Span<byte> filter = stackalloc byte[32];
        filter.Fill(0xFF);
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(filter);
        const int Advertisement = Protocols.NeighborDiscovery.RouterAdvertisementHeader.IcmpType;
        words[Advertisement / 32] &= ~(1u << (Advertisement % 32));
        Result result = kernel.SetSocketOption(socket.Int, ProtocolIcmp, OptionFilter, filter);
        result = result.IsOk ? kernel.SetSocketOption(socket.Int, LevelIpv6, OptionReceivePacketInformation, 1) : result;
        result = result.IsOk ? kernel.SetSocketOption(socket.Int, LevelIpv6, OptionReceiveHopLimit, 1) : result;
        result = result.IsOk ? kernel.SetSocketOption(socket.Int, LevelIpv6, OptionMulticastHops, HopLimit) : result;
        result = result.IsOk ? kernel.SetSocketOption(socket.Int, LevelIpv6, OptionMulticastLoop, 0) : result;
        if (result.IsOk)
        {
            return socket;
        }

        kernel.Close(socket.Int);
        return result;
    }

    /// <summary>Sends to all routers of a link.</summary>
    public static Result SendToRouters(Kernel kernel, int fd, int interfaceIndex, ReadOnlySpan<byte> packet) =>
        kernel.SendTo(fd, packet, 0, SocketAddress.Inet(AllRouters, 0, (uint)interfaceIndex));

    /// <summary>Where a packet came in and with which hop limit; false if the kernel did not say.</summary>
    public static bool TryGetOrigin(ReadOnlySpan<byte> control, out int interfaceIndex, out int hopLimit)
    {
        interfaceIndex = 0;
        hopLimit = -1;
        ControlMessages messages = new(control);
        while (messages.TryNext(out int level, out int type, out ReadOnlySpan<byte> data))
        {
            if (level == LevelIpv6 && type == PacketInformation && data.Length >= 20)
            {
                interfaceIndex = MemoryMarshal.Read<int>(data[16..]);
            }
            else if (level == LevelIpv6 && type == PacketHopLimit && data.Length >= 4)
            {
                hopLimit = MemoryMarshal.Read<int>(data);
            }
        }

        return interfaceIndex > 0 && hopLimit >= 0;
    }
}
