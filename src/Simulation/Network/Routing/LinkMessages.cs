using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Writes RTM_NEWLINK and RTM_DELLINK.</summary>
internal static class LinkMessages
{
    private const ushort EthernetHardware = 1;
    private const ushort LoopbackHardware = 772;
    private const ushort NoHardware = 0xFFFE;

    /// <param name="link">The link.</param>
    /// <param name="type">Which message.</param>
    /// <param name="flags">NLM_F_*.</param>
    /// <param name="change">Which of its flags have changed.</param>
    /// <param name="sequence">The request's, in an answer.</param>
    /// <param name="portId">Who asked.</param>
    public static byte[] Write(SimulatedLink link, MessageType type, int flags, uint change, uint sequence, uint portId)
    {
        MessageBuilder message = new(type, flags, sequence, portId);
        message.Byte(Family.Any).Byte(0).UInt16(HardwareOf(link.Kind)).UInt32((uint)link.Index)
            .UInt32((uint)link.Flags).UInt32(change)
            .Attribute(LinkAttributes.Name, link.Name)
            .Attribute(LinkAttributes.QueueLength, link.Kind == LinkKind.Tun ? 500u : 1000u)
            .Attribute(LinkAttributes.OperationalState, (byte)(link.IsUp ? link.State : OperationalState.Down))
            .Attribute(LinkAttributes.LinkMode, (byte)0)
            .Attribute(LinkAttributes.Mtu, link.Mtu)
            .Attribute(LinkAttributes.Group, 0u)
            .Attribute(LinkAttributes.Promiscuity, (uint)link.Promiscuity)
            .Attribute(LinkAttributes.AllMulticast, (uint)link.AllMulticast)
            .Attribute(LinkAttributes.Carrier, link.HasCarrier ? (byte)1 : (byte)0)
            .Attribute(LinkAttributes.CarrierChanges, link.CarrierUps + link.CarrierDowns)
            .Attribute(LinkAttributes.CarrierUps, link.CarrierUps)
            .Attribute(LinkAttributes.CarrierDowns, link.CarrierDowns);
        if (link.Kind != LinkKind.Tun)
        {
            message.Attribute(LinkAttributes.Address, link.MacAddress)
                .Attribute(LinkAttributes.Broadcast, link.Kind == LinkKind.Loopback ? default : MacAddress.Broadcast);
        }

        WriteRelations(message, link);
        WriteInfo(message, link);
        message.Attribute(LinkAttributes.Statistics64, Statistics(link.Counters));
        if (type == MessageType.NewLink && link.HasV6)
        {
            WriteFamilies(message, link);
        }

        return message.ToArray();
    }

    private static ushort HardwareOf(LinkKind kind) => kind switch
    {
        LinkKind.Loopback => LoopbackHardware,
        LinkKind.Tun => NoHardware,
        LinkKind.Ethernet or LinkKind.Veth or LinkKind.Bridge or LinkKind.Dummy or LinkKind.Vlan or LinkKind.Tap => EthernetHardware,
    };

    private static void WriteRelations(MessageBuilder message, SimulatedLink link)
    {
        if (link.Kind is LinkKind.Veth or LinkKind.Vlan)
        {
            message.Attribute(LinkAttributes.Link, link.IsLeaving ? 0u : (uint)(link.Peer?.Index ?? 0));
        }

        if (link.Master is not null)
        {
            message.Attribute(LinkAttributes.Master, (uint)link.Master.Index);
        }

        if (!link.PermanentMacAddress.IsZero)
        {
            message.Attribute(LinkAttributes.PermanentAddress, link.PermanentMacAddress);
        }
    }

    private static void WriteInfo(MessageBuilder message, SimulatedLink link)
    {
        string kind = LinkDefaults.Text(link.Kind);
        if (kind.Length == 0 && link.Master is null)
        {
            return;
        }

        int info = message.Begin(LinkAttributes.Info);
        if (kind.Length > 0)
        {
            message.Attribute(LinkAttributes.InfoKind, kind);
        }

        if (link.Kind == LinkKind.Vlan)
        {
            int data = message.Begin(LinkAttributes.InfoData);
            Span<byte> id = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(id, link.VlanId);
            message.Attribute(LinkAttributes.VlanId, id).End(data);
        }

        if (link.Master is not null)
        {
            message.Attribute(LinkAttributes.InfoPortKind, LinkDefaults.Text(link.Master.Kind));
        }

        message.End(info);
    }

    private static void WriteFamilies(MessageBuilder message, SimulatedLink link)
    {
        int families = message.Begin(LinkAttributes.FamilySpecific);
        int inet6 = message.Begin(Family.V6);
        message.Attribute(LinkAttributes.Inet6GenerationMode, link.GenerationMode).End(inet6).End(families);
    }

    // struct rtnl_link_stats64: 25 counters, of which the first nine are kept here.
    private static byte[] Statistics(LinkCounters counters)
    {
        byte[] octets = new byte[25 * sizeof(ulong)];
        ReadOnlySpan<ulong> values =
        [
            counters.ReceivedPackets, counters.SentPackets, counters.ReceivedOctets, counters.SentOctets,
            counters.ReceiveErrors, counters.SendErrors, counters.ReceiveDropped, counters.SendDropped, counters.MulticastReceived,
        ];
        for (int index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(octets.AsSpan(index * sizeof(ulong)), values[index]);
        }

        return octets;
    }
}
