using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>A DHCP message as a value, for sending (RFC 2131, section 2). Received ones are read through
/// <see cref="DhcpPacket"/> without a copy.</summary>
public sealed record DhcpMessage
{
    /// <summary>BOOTP's smallest message (RFC 951, section 3); relays and old servers drop shorter ones, so we pad.</summary>
    public const int SizeMin = 300;

    private const ushort BroadcastFlag = 0x8000;

    /// <summary>True for a server's message (<c>op</c>).</summary>
    public bool IsReply { get; init; }

    /// <summary>What ties a reply to a request (<c>xid</c>).</summary>
    public uint TransactionId { get; init; }

    /// <summary>Seconds since the client began (<c>secs</c>).</summary>
    public ushort Seconds { get; init; }

    /// <summary>Asks for broadcast replies (the flag B of <c>flags</c>).</summary>
    public bool IsBroadcastWanted { get; init; }

    /// <summary>The client's address if it already has one (<c>ciaddr</c>).</summary>
    public IpAddress ClientAddress { get; init; }

    /// <summary>The address given to the client (<c>yiaddr</c>).</summary>
    public IpAddress YourAddress { get; init; }

    /// <summary>The next server of a boot (<c>siaddr</c>).</summary>
    public IpAddress NextServerAddress { get; init; }

    /// <summary>The relay's address (<c>giaddr</c>).</summary>
    public IpAddress RelayAddress { get; init; }

    /// <summary>The client's hardware address (<c>chaddr</c>), always Ethernet.</summary>
    public MacAddress ClientHardwareAddress { get; init; }

    /// <summary>The options, with option 53 among them.</summary>
    public required DhcpOptionList Options { get; init; }

    /// <summary>Octets that <see cref="Write"/> fills.</summary>
    public int Size => Math.Max(SizeMin, DhcpPacket.HeaderSize + Options.Size + 1);

    /// <summary>Option 53; <see cref="DhcpMessageType.None"/> if absent.</summary>
    public DhcpMessageType Type
    {
        get
        {
            DhcpOptionReader reader = Options.Read();
            while (reader.TryTake(out DhcpOption option))
            {
                if (option.Code == DhcpOptionCode.MessageType && option.Value.Length == 1)
                {
                    return (DhcpMessageType)option.Value[0];
                }
            }

            return DhcpMessageType.None;
        }
    }

    /// <summary>Reads a message of an Ethernet client; options of overloaded fields follow the others.</summary>
    /// <returns>False if it is no message, or not of an Ethernet client.</returns>
    public static bool TryRead(ReadOnlySpan<byte> octets, out DhcpMessage? message)
    {
        message = null;
        if (!DhcpPacket.TryParse(octets, out DhcpPacket packet, out _)
            || packet.HardwareType != 1 || packet.HardwareAddressLength != MacAddress.Size)
        {
            return false;
        }

        DhcpOptionList options = new();
        for (int field = 0; field < 3; field++)
        {
            DhcpOptionReader reader = packet.OptionsOf(field);
            while (reader.TryTake(out DhcpOption option))
            {
                if (option.Code != DhcpOptionCode.OptionOverload)
                {
                    options.Add(option.Code, option.Value);
                }
            }
        }

        message = new()
        {
            IsReply = packet.IsReply,
            TransactionId = packet.TransactionId,
            Seconds = packet.Seconds,
            IsBroadcastWanted = (packet.Flags & BroadcastFlag) != 0,
            ClientAddress = packet.ClientAddress,
            YourAddress = packet.YourAddress,
            NextServerAddress = packet.NextServerAddress,
            RelayAddress = packet.RelayAddress,
            ClientHardwareAddress = packet.ClientHardwareAddress,
            Options = options,
        };
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets; what is shorter than BOOTP's smallest message is padded.</summary>
    public int Write(Span<byte> destination)
    {
        int size = Size;
        OctetWriter writer = new(destination[..size]);
        writer.WriteByte(IsReply ? (byte)2 : (byte)1);
        writer.WriteByte(1);
        writer.WriteByte(MacAddress.Size);
        writer.WriteByte(0);
        writer.WriteUInt32(TransactionId);
        writer.WriteUInt16(Seconds);
        writer.WriteUInt16(IsBroadcastWanted ? BroadcastFlag : (ushort)0);
        writer.WriteUInt32(ClientAddress.ToV4());
        writer.WriteUInt32(YourAddress.ToV4());
        writer.WriteUInt32(NextServerAddress.ToV4());
        writer.WriteUInt32(RelayAddress.ToV4());
        ClientHardwareAddress.Write(writer.Reserve(MacAddress.Size));
        writer.Fill(16 - MacAddress.Size + DhcpPacket.ServerNameSize + DhcpPacket.FileSize);
        writer.WriteUInt32(DhcpPacket.Cookie);
        writer.Write(Options.Octets);
        writer.WriteByte((byte)DhcpOptionCode.End);
        writer.Fill(size - writer.Length);
        return size;
    }
}
