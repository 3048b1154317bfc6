using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Sorts out what is not for us, and counts everything that was not followed.</summary>
internal sealed class DhcpReplyFilter(MacAddress hardwareAddress, DhcpMessageBuilder builder)
{
    private const byte Ethernet = 1;

    private readonly long[] counts = new long[Enum.GetValues<DhcpRefusal>().Length];

    public long CountOf(DhcpRefusal refusal) => counts[(int)refusal];

    public void Count(DhcpRefusal refusal) => counts[(int)refusal]++;

    /// <summary>Says whether a message is a reply to our exchange.</summary>
    public DhcpRefusal Check(DhcpPacket packet, uint transactionId)
    {
        if (!packet.IsReply)
        {
            return DhcpRefusal.NotAReply;
        }

        if (packet.TransactionId != transactionId)
        {
            return DhcpRefusal.ForeignTransaction;
        }

        if (packet.HardwareType != Ethernet || packet.HardwareAddressLength != MacAddress.Size
            || packet.ClientHardwareAddress != hardwareAddress)
        {
            return DhcpRefusal.ForeignHardwareAddress;
        }

        if (packet.TryGetOption(DhcpOptionCode.ClientIdentifier, stackalloc byte[512], out ReadOnlySpan<byte> named)
            && !named.SequenceEqual(builder.ClientIdentifier))
        {
            return DhcpRefusal.ForeignClientIdentifier;
        }

        return packet.Type == DhcpMessageType.None ? DhcpRefusal.MessageTypeMissing : DhcpRefusal.None;
    }
}
