using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Requests for whole tables. With strict checking (<c>NETLINK_GET_STRICT_CHK</c>) their headers must be whole and say
/// nothing that cannot be followed, and links and tables that they name are followed.</summary>
internal static class DumpRequests
{
    private const int TableAttribute = 15;
    private const int OutputAttribute = 4;

    public static bool TryRead(
        NetworkStack stack, MessageReader message, bool isStrict, [NotNullWhen(true)] out Dump? dump, out Answer wrong)
    {
        int fixedSize = message.Type == MessageType.GetLink ? 16 : message.Type == MessageType.GetAddress ? 8 : 12;
        dump = null;
        wrong = Answer.Done;
        if (isStrict && message.Payload.Length < fixedSize)
        {
            wrong = Answer.Fail(Errno.EINVAL, "Invalid header for dump request");
            return false;
        }

        Filter filter = isStrict ? ReadFilter(message, fixedSize) : default;
        if (filter.Link != 0 && message.Type == MessageType.GetAddress && stack.FindLink(filter.Link) is null)
        {
            wrong = Answer.Fail(Errno.ENODEV);
            return false;
        }

        if (filter.Table != 0 && message.Family != Family.Any && !stack.Routes(message.Family).HasTable(filter.Table))
        {
            wrong = Answer.Fail(Errno.ENOENT, "FIB table does not exist");
            return false;
        }

        byte family = message.Family;
        uint sequence = message.Sequence;
        uint portId = message.PortId;
        Func<IEnumerable<Func<int, byte[]>>>? list = message.Type switch
        {
            MessageType.GetLink => () => Links(stack, sequence, portId),
            MessageType.GetAddress => () => Addresses(stack, family, filter, sequence, portId),
            MessageType.GetRoute => () => Routes(stack, family, filter, sequence, portId),
            MessageType.GetNeighbour => () => Neighbours(stack, family, sequence, portId),
            MessageType.GetRule => () => Rules(stack, family, sequence, portId),
            _ => null,
        };
        if (list is null)
        {
            wrong = Answer.Fail(Errno.EOPNOTSUPP);
            return false;
        }

        dump = new Dump(list, stack.Netlink, sequence, portId, filter != default);
        return true;
    }

    private static Filter ReadFilter(MessageReader message, int fixedSize) => message.Type switch
    {
        MessageType.GetAddress => new Filter(0, BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]), 0, 0),
        MessageType.GetRoute => new Filter(
            message.FindUInt32(fixedSize, TableAttribute) ?? message.Payload[4],
            (int)(message.FindUInt32(fixedSize, OutputAttribute) ?? 0),
            message.Payload[5],
            message.Payload[7]),
        _ => default,
    };

    private static IEnumerable<Func<int, byte[]>> Links(NetworkStack stack, uint sequence, uint portId)
    {
        foreach (SimulatedLink link in stack.Links)
        {
            yield return flags => LinkMessages.Write(link, MessageType.NewLink, flags, 0, sequence, portId);
        }
    }

    private static IEnumerable<Func<int, byte[]>> Addresses(NetworkStack stack, byte family, Filter filter, uint sequence, uint portId)
    {
        foreach (IpFamily one in Families(family))
        {
            foreach (InterfaceAddress address in stack.Addresses(null, one))
            {
                if (filter.Link == 0 || address.Link.Index == filter.Link)
                {
                    yield return flags => AddressMessages.Write(address, MessageType.NewAddress, flags, sequence, portId);
                }
            }
        }
    }

    private static IEnumerable<Func<int, byte[]>> Routes(NetworkStack stack, byte family, Filter filter, uint sequence, uint portId)
    {
        foreach (IpFamily one in Families(family))
        {
            RouteTables tables = stack.Routes(one == IpFamily.V4 ? Family.V4 : Family.V6);
            foreach (IReadOnlyList<Route> group in tables.Groups())
            {
                if (filter.Takes(group[0]))
                {
                    yield return flags => RouteMessages.Write(group, MessageType.NewRoute, flags, sequence, portId);
                }
            }
        }
    }

    private static IEnumerable<Func<int, byte[]>> Rules(NetworkStack stack, byte family, uint sequence, uint portId)
    {
        foreach (IpFamily one in Families(family))
        {
            foreach (RoutingRule rule in stack.Rules(one).All)
            {
                yield return flags => RuleMessages.Write(stack, rule, MessageType.NewRule, flags, sequence, portId);
            }
        }
    }

    private static IEnumerable<Func<int, byte[]>> Neighbours(NetworkStack stack, byte family, uint sequence, uint portId)
    {
        foreach (IpFamily one in Families(family))
        {
            foreach (Neighbor neighbor in stack.Neighbors.All(one))
            {
                if (neighbor.State is not (NeighborState.NoArp or NeighborState.None))
                {
                    yield return flags => NeighbourMessages.Write(neighbor, MessageType.NewNeighbour, flags, sequence, portId);
                }
            }
        }
    }

    private static IEnumerable<IpFamily> Families(byte family)
    {
        if (family != Family.V6)
        {
            yield return IpFamily.V4;
        }

        if (family != Family.V4)
        {
            yield return IpFamily.V6;
        }
    }

    private readonly record struct Filter(uint Table, int Link, byte Protocol, byte Type)
    {
        public bool Takes(Route route) => (Table == 0 || route.Table == Table) && (Link == 0 || route.Link?.Index == Link)
            && (Protocol == 0 || route.Protocol == Protocol) && (Type == 0 || (byte)route.Type == Type);
    }
}
