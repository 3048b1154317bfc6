using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Objects;

/// <summary>Options of the levels IPPROTO_IP and IPPROTO_IPV6 of one socket (<c>man 7 ip</c>, <c>man 7 ipv6</c>).</summary>
internal sealed class InternetOptions
{
    /// <summary>IPPROTO_IP.</summary>
    public const int LevelV4 = 0;

    /// <summary>IPPROTO_IPV6.</summary>
    public const int LevelV6 = 41;

    public const int TypeOfService = 1;
    public const int TimeToLive = 2;
    public const int PacketInfo = 8;
    public const int MtuDiscover = 10;
    public const int ReceiveTimeToLive = 12;
    public const int FreeBind = 15;
    public const int MulticastLink = 32;
    public const int MulticastTimeToLive = 33;
    public const int MulticastLoop = 34;

    public const int UnicastHopsV6 = 16;
    public const int MulticastLinkV6 = 17;
    public const int MulticastHopsV6 = 18;
    public const int MulticastLoopV6 = 19;
    public const int OnlyV6 = 26;
    public const int ReceivePacketInfoV6 = 49;
    public const int PacketInfoV6 = 50;
    public const int ReceiveHopLimitV6 = 51;
    public const int HopLimitV6 = 52;
    public const int TrafficClassV6 = 67;

    private const int JoinGroup = 35;
    private const int LeaveGroup = 36;
    private const int JoinGroupV6 = 20;
    private const int LeaveGroupV6 = 21;
    private const int ReceiveTypeOfService = 13;
    private const int ReceiveErrorsV4 = 11;
    private const int ReceiveErrorsV6 = 25;
    private const int MtuDiscoverV6 = 23;
    private const int ReceiveTrafficClassV6 = 66;

    private readonly Dictionary<int, int> v4 = new()
    {
        [TimeToLive] = IpPacket.HopLimitDefault,
        [MtuDiscover] = 1,
        [MulticastTimeToLive] = 1,
        [MulticastLoop] = 1,
    };

    private readonly Dictionary<int, int> v6 = new()
    {
        [UnicastHopsV6] = IpPacket.HopLimitDefault,
        [MulticastHopsV6] = 1,
        [MulticastLoopV6] = 1,
        [MtuDiscoverV6] = 1,
    };

    private readonly List<(int Link, IpAddress Group)> groups = [];

    public int V4(int option) => v4.GetValueOrDefault(option);

    public int V6(int option) => v6.GetValueOrDefault(option);

    public Result Set(InternetSocket socket, int level, int option, ReadOnlySpan<byte> value)
    {
        if (level == LevelV4 && option is JoinGroup or LeaveGroup or MulticastLink)
        {
            return SetGroupV4(socket, option, value);
        }

        if (level == LevelV6 && option is JoinGroupV6 or LeaveGroupV6)
        {
            return SetGroupV6(socket, option, value);
        }

        if (value.IsEmpty || (value.Length < sizeof(int) && level == LevelV6))
        {
            return Result.Fail(Errno.EINVAL);
        }

        // IPv4 takes a number in one octet too.
        int number = value.Length >= sizeof(int) ? MemoryMarshal.Read<int>(value) : value[0];
        return level == LevelV4 ? SetV4(option, number) : SetV6(socket, option, number);
    }

    public Result Get(int level, int option, out int number)
    {
        number = level == LevelV4 ? V4(option) : V6(option);
        bool isKnown = level == LevelV4
            ? option is TypeOfService or TimeToLive or PacketInfo or MtuDiscover or ReceiveErrorsV4 or ReceiveTimeToLive
                or ReceiveTypeOfService or FreeBind or MulticastLink or MulticastTimeToLive or MulticastLoop
            : option is UnicastHopsV6 or MulticastLinkV6 or MulticastHopsV6 or MulticastLoopV6 or OnlyV6 or MtuDiscoverV6
                or ReceiveErrorsV6 or ReceivePacketInfoV6 or ReceiveHopLimitV6 or ReceiveTrafficClassV6 or TrafficClassV6;
        return isKnown ? Result.Ok() : Result.Fail(Errno.ENOPROTOOPT);
    }

    /// <summary>Leaves all groups, as the end of the socket does.</summary>
    public void LeaveAll(GroupMemberships memberships)
    {
        foreach ((int link, IpAddress group) in groups)
        {
            memberships.Leave(link, group);
        }

        groups.Clear();
    }

    private Result SetV4(int option, int number)
    {
        bool isValid = option switch
        {
            TimeToLive => number is -1 or (>= 1 and <= 255),
            MulticastTimeToLive => number is >= -1 and <= 255,
            MulticastLoop => true,
            TypeOfService => true,
            MtuDiscover => number is >= 0 and <= 5,
            _ => true,
        };
        if (!isValid)
        {
            return Result.Fail(Errno.EINVAL);
        }

        switch (option)
        {
            case TimeToLive:
                v4[option] = number == -1 ? IpPacket.HopLimitDefault : number;
                return Result.Ok();
            case MulticastTimeToLive:
                v4[option] = number == -1 ? 1 : number;
                return Result.Ok();
            case TypeOfService:
                v4[option] = number & 0xFF;
                return Result.Ok();
            case MtuDiscover:
                v4[option] = number;
                return Result.Ok();
            case PacketInfo or ReceiveTimeToLive or ReceiveTypeOfService or FreeBind or MulticastLoop or ReceiveErrorsV4:
                v4[option] = number != 0 ? 1 : 0;
                return Result.Ok();
            default:
                return Result.Fail(Errno.ENOPROTOOPT);
        }
    }

    private Result SetV6(InternetSocket socket, int option, int number)
    {
        switch (option)
        {
            case UnicastHopsV6 or MulticastHopsV6:
                int hops = option == UnicastHopsV6 ? IpPacket.HopLimitDefault : 1;
                return KeepV6(option, number, number is >= -1 and <= 255, hops);
            case MulticastLinkV6:
                if (number != 0 && socket.Machine.Network.FindLink(number) is null)
                {
                    return Result.Fail(Errno.ENODEV);
                }

                v6[option] = number;
                return Result.Ok();
            case MulticastLoopV6 when number is not (0 or 1):
                return Result.Fail(Errno.EINVAL);
            case OnlyV6 when socket.Port != 0:
                return Result.Fail(Errno.EINVAL);
            case TrafficClassV6:
                return KeepV6(option, number, number is >= -1 and <= 255, 0);
            case MtuDiscoverV6:
                return KeepV6(option, number, number is >= 0 and <= 5, number);
            case MulticastLoopV6 or OnlyV6 or ReceivePacketInfoV6 or ReceiveHopLimitV6 or ReceiveTrafficClassV6 or ReceiveErrorsV6:
                v6[option] = number != 0 ? 1 : 0;
                return Result.Ok();
            default:
                return Result.Fail(Errno.ENOPROTOOPT);
        }
    }

    // -1 is the default.
    private Result KeepV6(int option, int number, bool isValid, int byDefault)
    {
        if (!isValid)
        {
            return Result.Fail(Errno.EINVAL);
        }

        v6[option] = number == -1 ? byDefault : number;
        return Result.Ok();
    }

    // struct ip_mreq (group, address of the link) or ip_mreqn (and the link's number).
    private Result SetGroupV4(InternetSocket socket, int option, ReadOnlySpan<byte> value)
    {
        const int ShortSize = 8;
        const int LongSize = 12;
        if (value.Length < (option == MulticastLink ? sizeof(int) : ShortSize))
        {
            return Result.Fail(Errno.EINVAL);
        }

        IpAddress.TryRead(value[..4], out IpAddress group);
        IpAddress local = IpAddress.AnyV4;
        if (value.Length >= ShortSize)
        {
            IpAddress.TryRead(value.Slice(4, 4), out local);
        }

        int index = value.Length >= LongSize ? MemoryMarshal.Read<int>(value[8..]) : 0;
        NetworkStack network = socket.Machine.Network;
        SimulatedLink? link = index != 0 ? network.FindLink(index) : FindLink(network, value.Length >= ShortSize ? local : group);
        if (option == MulticastLink)
        {
            v4[option] = link?.Index ?? 0;
            return link is not null || (index == 0 && local.IsUnspecified) ? Result.Ok() : Result.Fail(Errno.EADDRNOTAVAIL);
        }

        if (!group.IsMulticast)
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (link is null && network.FindRoute(new RouteQuery(group), out RouteChoice route, out _))
        {
            link = route.Link;
        }

        return link is null ? Result.Fail(Errno.ENODEV) : Change(socket, link, group, option == JoinGroup);
    }

    // struct ipv6_mreq.
    private Result SetGroupV6(InternetSocket socket, int option, ReadOnlySpan<byte> value)
    {
        const int RequestSize = 20;
        if (value.Length < RequestSize)
        {
            return Result.Fail(Errno.EINVAL);
        }

        IpAddress.TryRead(value[..16], out IpAddress group);
        int index = MemoryMarshal.Read<int>(value[16..]);
        NetworkStack network = socket.Machine.Network;
        SimulatedLink? link = network.FindLink(index);
        if (index == 0 && network.FindRoute(new RouteQuery(group), out RouteChoice route, out _))
        {
            link = route.Link;
        }

        return !group.IsMulticast ? Result.Fail(Errno.EINVAL)
            : link is null ? Result.Fail(Errno.ENODEV) : Change(socket, link, group, option == JoinGroupV6);
    }

    private Result Change(InternetSocket socket, SimulatedLink link, IpAddress group, bool isJoined)
    {
        GroupMemberships memberships = socket.Machine.Internet.Groups;
        bool isMember = groups.Contains((link.Index, group));
        if (isMember == isJoined)
        {
            return Result.Fail(isJoined ? Errno.EADDRINUSE : Errno.EADDRNOTAVAIL);
        }

        if (isJoined)
        {
            groups.Add((link.Index, group));
            memberships.Join(link, group);
        }
        else
        {
            groups.Remove((link.Index, group));
            memberships.Leave(link.Index, group);
        }

        return Result.Ok();
    }

    private static SimulatedLink? FindLink(NetworkStack network, IpAddress local)
    {
        foreach (InterfaceAddress address in network.Addresses(family: IpFamily.V4))
        {
            if (address.Local == local)
            {
                return address.Link;
            }
        }

        return null;
    }
}
