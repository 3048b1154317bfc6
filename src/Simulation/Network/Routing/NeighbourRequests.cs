using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;

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
        Neighbour? there = stack.Neighbours.Find(link, address);
        if (there is null && !message.Has(MessageFlags.Create))
        {
            return Answer.Fail(Errno.ENOENT);
        }

        if (there is not null && message.Has(MessageFlags.Exclusive))
        {
            return Answer.Fail(Errno.EEXIST);
        }

        NeighbourState state = (NeighbourState)BinaryPrimitives.ReadUInt16LittleEndian(message.Payload[8..]);
        if (mac is null && there?.MacAddress is null && (state & ~(NeighbourState.Incomplete | NeighbourState.Failed | NeighbourState.NoArp)) != 0)
        {
            return Answer.Fail(Errno.EINVAL, "No link layer address given");
        }

        stack.Neighbours.Set(link, address, mac ?? there?.MacAddress, state);
        return Answer.Done;
    }

    public static Answer Delete(NetworkStack stack, MessageReader message)
    {
        Answer answer = Read(stack, message, out SimulatedLink? link, out IpAddress address);
        if (!answer.IsOk || link is null)
        {
            return answer;
        }

        if (stack.Neighbours.Find(link, address) is not { } neighbour)
        {
            return Answer.Fail(Errno.ENOENT);
        }

        stack.Neighbours.Remove(neighbour);
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
