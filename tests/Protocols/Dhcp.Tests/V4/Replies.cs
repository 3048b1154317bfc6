using System;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

/// <summary>Makes a server's messages.</summary>
internal static class Replies
{
    public static readonly MacAddress Mac = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    public static readonly MacAddress ServerMac = MacAddress.Read([2, 0, 0, 0, 0, 9]);
    public static readonly IpAddress Server = IpAddress.Parse("192.0.2.1");
    public static readonly IpAddress Address = IpAddress.Parse("192.0.2.50");

    /// <summary>Option 53, 54, netmask and lease time; the rest as given.</summary>
    public static DhcpOptionList Options(
        DhcpMessageType type, uint leaseSeconds = 3600, string? server = null, string? netmask = "255.255.255.0")
    {
        DhcpOptionList options = new DhcpOptionList()
            .Add(DhcpOptionCode.MessageType, (byte)type)
            .Add(DhcpOptionCode.ServerIdentifier, server is null ? Server : IpAddress.Parse(server))
            .AddUInt32(DhcpOptionCode.LeaseTime, leaseSeconds);
        return netmask is null ? options : options.Add(DhcpOptionCode.SubnetMask, IpAddress.Parse(netmask));
    }

    public static byte[] Bytes(
        uint transactionId, DhcpOptionList options, IpAddress? address = null, MacAddress? mac = null) =>
        Bytes(new DhcpMessage
        {
            IsReply = true,
            TransactionId = transactionId,
            YourAddress = address ?? Address,
            ClientHardwareAddress = mac ?? Mac,
            Options = options,
        });

    public static byte[] Bytes(DhcpMessage message)
    {
        byte[] octets = new byte[message.Size];
        message.Write(octets);
        return octets;
    }

    public static byte[]? OptionOf(DhcpMessage message, DhcpOptionCode code)
    {
        byte[] octets = Bytes(message);
        Assert.True(DhcpPacket.TryParse(octets, out DhcpPacket packet, out _));
        return packet.TryGetOption(code, new byte[octets.Length], out ReadOnlySpan<byte> value) ? value.ToArray() : null;
    }
}
