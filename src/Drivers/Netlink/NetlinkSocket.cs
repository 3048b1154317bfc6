using System;
using Spindle.Kernels;
using static Spindle.Kernels.BpfCode;

namespace Spindle.Drivers.Netlink;

/// <summary>Opens sockets of netlink's route family.</summary>
internal static class NetlinkSocket
{
    private const int RouteProtocol = 0;
    private const int LevelSocket = 1;
    private const int LevelNetlink = 270;
    private const int OptionReceiveBuffer = 8;
    private const int OptionReceiveBufferForce = 33;
    private const int OptionAddMembership = 1;
    private const int OptionCappedAcknowledgements = 10;
    private const int OptionExtendedAcknowledgements = 11;
    private const int OptionStrictChecking = 12;

    /// <summary>Links, IPv4 addresses, routes and rules, IPv6 addresses, routes and rules (<c>RTNLGRP_*</c>).</summary>
    private static ReadOnlySpan<int> Groups => [1, 5, 7, 8, 9, 11, 19];

    /// <summary>Neighbours.</summary>
    private const int GroupNeighbor = 3;

    /// <summary>Nexthop objects: since Linux 5.3.</summary>
    private const int GroupNexthop = 32;

    /// <summary>
    /// What the notification socket lets in: all but routes of the kernel's local table and cached exceptions. Every
    /// address brings two or three local routes; they would fill the queue and are of no use to us.
    /// </summary>
    private static readonly BpfInstruction[] Filter =
    [
        new(LoadOctetAbsolute, 0, 0, 5), // nlmsg_type, high octet
        new(JumpIfEqual, 0, 7, 0),
        new(LoadOctetAbsolute, 0, 0, 4), // nlmsg_type, low octet
        new(JumpIfEqual, 1, 0, 24), // RTM_NEWROUTE
        new(JumpIfEqual, 0, 4, 25), // RTM_DELROUTE
        new(LoadOctetAbsolute, 0, 0, 20), // rtm_table
        new(JumpIfEqual, 3, 0, 255), // RT_TABLE_LOCAL
        new(LoadOctetAbsolute, 0, 0, 25), // rtm_flags, second octet
        new(JumpIfAnySet, 1, 0, 2), // RTM_F_CLONED
        new(ReturnConstant, 0, 0, uint.MaxValue),
        new(ReturnConstant, 0, 0, 0),
    ];

    /// <summary>A socket that hears of every change.</summary>
    public static Result OpenForNotifications(Kernel kernel, int receiveBufferOctets)
    {
        Result socket = Open(kernel, receiveBufferOctets);
        if (!socket.IsOk)
        {
            return socket;
        }

        // A kernel that refuses the filter only makes us read more.
        kernel.AttachFilter(socket.Int, Filter);
        foreach (int group in Groups)
        {
            Result joined = kernel.SetSocketOption(socket.Int, LevelNetlink, OptionAddMembership, group);
            if (!joined.IsOk)
            {
                kernel.Close(socket.Int);
                return joined;
            }
        }

        kernel.SetSocketOption(socket.Int, LevelNetlink, OptionAddMembership, GroupNexthop);
        return socket;
    }

    /// <summary>A socket that hears of those neighbours that its filter lets in, and can ask for them.</summary>
    public static Result OpenForNeighbors(Kernel kernel, int receiveBufferOctets, ReadOnlySpan<BpfInstruction> filter)
    {
        Result socket = Open(kernel, receiveBufferOctets);
        if (!socket.IsOk)
        {
            return socket;
        }

        // The filter comes first: nothing else may ever be in the queue.
        Result prepared = kernel.AttachFilter(socket.Int, filter);
        prepared = prepared.IsOk
            ? kernel.SetSocketOption(socket.Int, LevelNetlink, OptionAddMembership, GroupNeighbor)
            : prepared;
        if (prepared.IsOk)
        {
            return socket;
        }

        kernel.Close(socket.Int);
        return prepared;
    }

    /// <summary>A socket for requests and dumps.</summary>
    public static Result OpenForRequests(Kernel kernel, int receiveBufferOctets)
    {
        Result socket = Open(kernel, receiveBufferOctets);
        if (socket.IsOk)
        {
            // Kernels before 4.12 and 4.20 do without.
            kernel.SetSocketOption(socket.Int, LevelNetlink, OptionCappedAcknowledgements, 1);
            kernel.SetSocketOption(socket.Int, LevelNetlink, OptionExtendedAcknowledgements, 1);
            kernel.SetSocketOption(socket.Int, LevelNetlink, OptionStrictChecking, 1);
        }

        return socket;
    }

    private static Result Open(Kernel kernel, int receiveBufferOctets)
    {
        Result socket = kernel.Socket(AddressFamily.Netlink, SocketType.Raw, RouteProtocol);
        if (!socket.IsOk)
        {
            return socket;
        }

        // Above net.core.rmem_max only with CAP_NET_ADMIN in the first user namespace; else as much as one gets.
        if (!kernel.SetSocketOption(socket.Int, LevelSocket, OptionReceiveBufferForce, receiveBufferOctets).IsOk)
        {
            kernel.SetSocketOption(socket.Int, LevelSocket, OptionReceiveBuffer, receiveBufferOctets);
        }

        Result bound = kernel.Bind(socket.Int, SocketAddress.Netlink(0, 0));
        if (bound.IsOk)
        {
            return socket;
        }

        kernel.Close(socket.Int);
        return bound;
    }
}
