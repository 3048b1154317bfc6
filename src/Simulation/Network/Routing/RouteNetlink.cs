using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>The kernel's end of NETLINK_ROUTE: takes requests, answers them, and tells the groups of changes.</summary>
internal sealed class RouteNetlink(NetworkStack stack)
{
    private readonly List<RouteNetlinkSocket> sockets = [];
    private readonly HashSet<uint> ports = [];
    private uint lastPort = uint.MaxValue;

    /// <summary>Changes so far: a dump that began before one of them says so.</summary>
    public uint Generation { get; private set; }

    public void Add(RouteNetlinkSocket socket) => sockets.Add(socket);

    public void Remove(RouteNetlinkSocket socket)
    {
        sockets.Remove(socket);
        ports.Remove(socket.PortId);
    }

    public bool TryTakePort(uint portId) => ports.Add(portId);

    /// <summary>The process's number, or if that is in use, one that no process has.</summary>
    public uint TakeAnyPort(uint processId)
    {
        uint wanted = processId;
        while (!ports.Add(wanted))
        {
            wanted = lastPort--;
        }

        return wanted;
    }

    /// <summary>Tells all who are in a group.</summary>
    /// <param name="group">The group's number.</param>
    /// <param name="message">The message.</param>
    /// <param name="memory">What it costs a receiver.</param>
    public void Announce(int group, byte[] message, int memory)
    {
        Generation++;
        foreach (RouteNetlinkSocket socket in sockets)
        {
            if (socket.IsMember(group))
            {
                socket.Deliver(message, group, memory);
            }
        }
    }

    /// <summary>Tells all who are in a group of what no dump must be consistent in; it is written only if somebody is.</summary>
    public void Announce(int group, Func<byte[]> write, int memory)
    {
        byte[]? message = null;
        foreach (RouteNetlinkSocket socket in sockets)
        {
            if (socket.IsMember(group))
            {
                socket.Deliver(message ??= write(), group, memory);
            }
        }
    }

    /// <summary>Takes what a program sent: requests, one after the other.</summary>
    public void Take(RouteNetlinkSocket from, ReadOnlySpan<byte> octets)
    {
        while (MessageReader.TryNext(ref octets, out MessageReader message))
        {
            if (!message.Has(MessageFlags.Request) || message.Type < MessageType.FirstOfFamily)
            {
                if (message.Has(MessageFlags.Acknowledge))
                {
                    from.Acknowledge(message, Answer.Done);
                }

                continue;
            }

            Answer answer = Do(from, message, out bool isDump);
            if ((!isDump && message.Has(MessageFlags.Acknowledge)) || !answer.IsOk)
            {
                from.Acknowledge(message, answer);
            }
        }
    }

    private Answer Do(RouteNetlinkSocket from, MessageReader message, out bool isDump)
    {
        const int KindMask = 3;
        const int GetKind = 2;
        isDump = false;
        if (message.Payload.IsEmpty)
        {
            return Answer.Done;
        }

        if (((int)message.Type & KindMask) == GetKind && (message.Flags & MessageFlags.Dump) != 0)
        {
            if (!DumpRequests.TryRead(stack, message, from.IsStrict, out Dump? dump, out Answer wrong))
            {
                return wrong;
            }

            isDump = true;
            return from.Begin(dump);
        }

        return message.Type switch
        {
            MessageType.NewLink or MessageType.SetLink => LinkRequests.Set(stack, message),
            MessageType.DeleteLink => LinkRequests.Delete(stack, message),
            MessageType.GetLink => LinkRequests.Get(stack, message, from),
            MessageType.NewAddress => AddressRequests.Set(stack, message),
            MessageType.DeleteAddress => AddressRequests.Delete(stack, message),
            MessageType.NewRoute => RouteRequests.Set(stack, message),
            MessageType.DeleteRoute => RouteRequests.Delete(stack, message),
            MessageType.GetRoute => RouteRequests.Get(stack, message, from),
            MessageType.GetNeighbour => NeighbourRequests.Get(stack, message, from),
            MessageType.NewNeighbour => NeighbourRequests.Set(stack, message),
            MessageType.DeleteNeighbour => NeighbourRequests.Delete(stack, message),
            MessageType.NewRule => RuleRequests.Set(stack, message),
            MessageType.DeleteRule => RuleRequests.Delete(stack, message),
            _ => Answer.Fail(Errno.EOPNOTSUPP),
        };
    }
}
