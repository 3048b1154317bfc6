using System;
using System.Buffers.Binary;

namespace Spindle.Simulation.Network.Checking;

/// <summary>What both sides set on their sockets.</summary>
internal static class NetlinkOptions
{
    public const int SocketLevel = 1;
    public const int NetlinkLevel = 270;
    public const int AddMembership = 1;
    public const int ReceiveBuffer = 33; // SO_RCVBUFFORCE
    public const int BufferOctets = 4 << 20;

    private const int Capped = 10;
    private const int Extended = 11;
    private const int Strict = 12;

    /// <summary>The groups that are compared. Neighbours are not: both sides speak of their multicast groups when they like.</summary>
    public static ReadOnlySpan<int> Groups =>
    [
        Routing.Groups.Link, Routing.Groups.Address4, Routing.Groups.Route4, Routing.Groups.Rule4,
        Routing.Groups.Address6, Routing.Groups.Route6, Routing.Groups.Rule6,
    ];

    public static void Prepare(Action<int, int> set)
    {
        set(Capped, 1);
        set(Extended, 1);
        set(Strict, 1);
    }

    public static void Set(RouteNetlinkSocket socket, int option, int value, int level = NetlinkLevel)
    {
        Span<byte> octets = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(octets, value);
        socket.SetOption(level, option, octets);
    }
}
