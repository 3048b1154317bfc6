using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Network.Routing;

/// <summary>RTM_NEWNEIGH and RTM_DELNEIGH.</summary>
internal static class NeighbourRequests
{
    public static Answer Set(NetworkStack stack, MessageReader message)
    {
        Answer answer = Read(stack, message, out SimulatedLink? link, out IpAddress address);
        if (!answer.IsOk || link is null)
        {
            return answer;
        }

        MacAddress? mac = message.TryFind(NeighbourMessages.FixedSize, NeighbourMessages.LinkLayerAddress, out ReadOnlySpan<byte> octets)
            && octets.Length >= MacAddress.Size ? MacAddress.Read(octets) : null;
        Neighbor? there = stack.Neighbors.Find(link, address);
        if (there is null && !message.Has(MessageFlags.Create))
        {
            return Answer.Fail(Errno.ENOENT);
        }

        if (there is not null && message.Has(MessageFlags.Exclusive))
        {
            return Answer.Fail(Errno.EEXIST);
        }

        NeighborState state = (NeighborState)BinaryPrimitives.ReadUInt16LittleEndian(message.Payload[8..]);
        bool isRouter = (message.Payload[10] & NeighbourMessages.RouterFlag) != 0;
        if (mac is null && there is not { IsValid: true } && (state & ~(NeighborState.Incomplete | NeighborState.Failed | NeighborState.NoArp)) != 0)
        {
            return Answer.Fail(Errno.EINVAL, "No link layer address given");
        }

        stack.Neighbors.Of(link, address.Family).Set(address, mac ?? there?.MacAddress ?? default, state, isRouter);
        return Answer.Done;
    }

    public static Answer Delete(NetworkStack stack, MessageReader message)
    {
        Answer answer = Read(stack, message, out SimulatedLink? link, out IpAddress address);
        if (!answer.IsOk || link is null)
        {
            return answer;
        }

        if (stack.Neighbors.Find(link, address) is not { } neighbor)
        {
            return Answer.Fail(Errno.ENOENT);
        }

        stack.Neighbors.Of(link, address.Family).Remove(neighbor);
        return Answer.Done;
    }

    /// <summary>What is known of one neighbour? Nothing but who is meant may be said.</summary>
    public static Answer Get(NetworkStack stack, MessageReader message, RouteNetlinkSocket from)
    {
        if (message.Payload.Length < NeighbourMessages.FixedSize)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid header for neighbor get request");
        }

        if ((message.Payload[8] | message.Payload[9] | message.Payload[11]) != 0)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid values in header for neighbor get request");
        }

        if (message.Payload[10] != 0)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid flags in header for neighbor get request");
        }

        if (message.Family is not (Family.V4 or Family.V6))
        {
            return Answer.Fail(Errno.EAFNOSUPPORT, "Unsupported family in header for neighbor get request");
        }

        if (!message.TryFind(NeighbourMessages.FixedSize, NeighbourMessages.Destination, out ReadOnlySpan<byte> octets))
        {
            return Answer.Fail(Errno.EINVAL);
        }

        if (!IpAddress.TryRead(octets, out IpAddress address) || address.IsV4 != (message.Family == Family.V4))
        {
            return Answer.Fail(Errno.EINVAL, "Invalid network address in neighbor get request");
        }

        int index = BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]);
        if (stack.FindLink(index) is not { } link)
        {
            return index == 0 ? Answer.Fail(Errno.EINVAL, "No device specified") : Answer.Fail(Errno.ENODEV, "Unknown device ifindex");
        }

        if (stack.Neighbors.Find(link, address) is not { } neighbor)
        {
            return Answer.Fail(Errno.ENOENT, "Neighbour entry not found");
        }

        from.Answer(NeighbourMessages.Write(neighbor, MessageType.NewNeighbour, 0, message.Sequence, from.PortId));
        return Answer.Done;
    }

    private static Answer Read(NetworkStack stack, MessageReader message, out SimulatedLink? link, out IpAddress address)
    {
        link = null;
        address = default;
        if (message.Payload.Length < NeighbourMessages.FixedSize)
        {
            return Answer.Fail(Errno.EINVAL);
        }

        if (message.Family is not (Family.V4 or Family.V6))
        {
            return Answer.Fail(Errno.EAFNOSUPPORT);
        }

        if (message.FindAddress(NeighbourMessages.FixedSize, NeighbourMessages.Destination, message.Family == Family.V4 ? 4 : 16) is not { } found)
        {
            return Answer.Fail(Errno.EINVAL, "Network address not specified");
        }

        address = found;
        link = stack.FindLink(BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]));
        return link is null ? Answer.Fail(Errno.ENODEV) : Answer.Done;
    }
}
