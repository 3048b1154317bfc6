using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Protocols.Rtnetlink;
using static Spindle.Kernels.BpfCode;

namespace Spindle.Drivers.Netlink;

/// <summary>Makes the filter of <see cref="NeighborDriver"/>'s socket: on a large network the kernel speaks of neighbours all the
/// time, and we want to sleep through all but a few.</summary>
internal static class NeighborFilter
{
    /// <summary>SKF_AD_OFF + SKF_AD_NLATTR: where from octet A on the attribute of type X is; 0: nowhere.</summary>
    private const uint FindAttribute = 0xFFFF_F000 + 12;
    private const uint FirstOfFamily = 16; // below are netlink's own messages: errors
    private const uint FamilyV6 = 10;

    /// <summary>Lets in errors, and what is new of IPv6 neighbours whose addresses end as these do.</summary>
    /// <remarks>
    /// The last four octets are told apart; whoever makes an address that ends as a router's does makes us read more, no more.
    /// </remarks>
    public static BpfInstruction[] For(IReadOnlyCollection<IpAddress> addresses)
    {
        List<BpfInstruction> program =
        [
            new(LoadOctetAbsolute, 0, 0, 5), // nlmsg_type, high octet
            new(JumpIfEqual, 1, 0, 0),
            new(ReturnConstant, 0, 0, 0),
            new(LoadOctetAbsolute, 0, 0, 4), // nlmsg_type, low octet
            new(JumpIfNotBelow, 1, 0, FirstOfFamily),
            new(ReturnConstant, 0, 0, uint.MaxValue),
            new(JumpIfEqual, 1, 0, (uint)NetlinkMessageType.NewNeighbor),
            new(ReturnConstant, 0, 0, 0),
            new(LoadOctetAbsolute, 0, 0, NetlinkHeader.Size), // ndm_family
            new(JumpIfEqual, 1, 0, FamilyV6),
            new(ReturnConstant, 0, 0, 0),
        ];
        if (addresses.Count <= NeighborDriver.FilteredMax)
        {
            AddAddresses(program, addresses);
        }

        program.Add(new(ReturnConstant, 0, 0, uint.MaxValue));
        return [.. program];
    }

    private static void AddAddresses(List<BpfInstruction> program, IReadOnlyCollection<IpAddress> addresses)
    {
        const uint Attributes = NetlinkHeader.Size + NeighborMessage.FixedSize;
        const uint LastWord = NetlinkAttribute.HeaderSize + 12;
        program.AddRange(
        [
            new(LoadWordImmediate, 0, 0, Attributes),
            new(LoadIndexImmediate, 0, 0, NeighborMessage.AttributeDestination),
            new(LoadWordAbsolute, 0, 0, FindAttribute),
            new(JumpIfEqual, 0, 1, 0),
            new(ReturnConstant, 0, 0, 0),
            new(IndexFromAccumulator, 0, 0, 0),
            new(LoadWordIndexed, 0, 0, LastWord),
        ]);
        int left = addresses.Count;
        foreach (IpAddress address in addresses)
        {
            program.Add(new(JumpIfEqual, (byte)left--, 0, (uint)address.ToBits()));
        }

        program.Add(new(ReturnConstant, 0, 0, 0));
    }
}
