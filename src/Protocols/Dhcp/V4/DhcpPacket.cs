using System;
using System.Buffers.Binary;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>A view of a DHCP message in the receive buffer (RFC 2131, section 2). Everything is checked once, here.</summary>
public readonly ref struct DhcpPacket
{
    /// <summary>Octets of the fixed fields with the magic cookie; the options follow.</summary>
    public const int HeaderSize = 240;

    internal const int ServerNameOffset = 44;
    internal const int ServerNameSize = 64;
    internal const int FileOffset = 108;
    internal const int FileSize = 128;
    internal const uint Cookie = 0x63825363;

    private readonly ReadOnlySpan<byte> octets;
    private readonly byte overload;

    private DhcpPacket(ReadOnlySpan<byte> octets, byte overload, DhcpMessageType type)
    {
        this.octets = octets;
        this.overload = overload;
        Type = type;
    }

    /// <summary>The octets that were parsed.</summary>
    public ReadOnlySpan<byte> Octets => octets;

    /// <summary>True for a server's message (<c>op</c> is BOOTREPLY).</summary>
    public bool IsReply => octets[0] == 2;

    /// <summary>Type of the link layer (<c>htype</c>): 1 for Ethernet.</summary>
    public byte HardwareType => octets[1];

    /// <summary>Octets of the hardware address (<c>hlen</c>), 0 to 16.</summary>
    public byte HardwareAddressLength => octets[2];

    /// <summary>Relays passed (<c>hops</c>).</summary>
    public byte Hops => octets[3];

    /// <summary>What ties a reply to a request (<c>xid</c>).</summary>
    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);

    /// <summary>How long the client has been at it (<c>secs</c>).</summary>
    public ushort Seconds => BinaryPrimitives.ReadUInt16BigEndian(octets[8..]);

    /// <summary>The flags field; the first bit asks for broadcast replies.</summary>
    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(octets[10..]);

    /// <summary>The client's address if it already has one (<c>ciaddr</c>).</summary>
    public IpAddress ClientAddress => AddressAt(12);

    /// <summary>The address given to the client (<c>yiaddr</c>).</summary>
    public IpAddress YourAddress => AddressAt(16);

    /// <summary>The next server of a boot (<c>siaddr</c>); not the server identifier.</summary>
    public IpAddress NextServerAddress => AddressAt(20);

    /// <summary>The relay's address (<c>giaddr</c>).</summary>
    public IpAddress RelayAddress => AddressAt(24);

    /// <summary>The client's hardware address (<c>chaddr</c>): its first six octets.</summary>
    public MacAddress ClientHardwareAddress => MacAddress.Read(octets.Slice(28, MacAddress.Size));

    /// <summary>Option 53; <see cref="DhcpMessageType.None"/> if absent.</summary>
    public DhcpMessageType Type { get; }

    /// <summary>Checks octets and gives the view.</summary>
    /// <param name="octets">A whole UDP payload.</param>
    /// <param name="packet">The view; meaningful if true is returned.</param>
    /// <param name="error">Why not.</param>
    public static bool TryParse(ReadOnlySpan<byte> octets, out DhcpPacket packet, out DhcpParseError error)
    {
        packet = default;
        error = CheckHeader(octets);
        if (error != DhcpParseError.None)
        {
            return false;
        }

        DhcpMessageType type = DhcpMessageType.None;
        error = CheckField(octets[HeaderSize..], ref type, out byte overload);
        if (error == DhcpParseError.None && (overload & 1) != 0)
        {
            error = CheckField(octets.Slice(FileOffset, FileSize), ref type, out _);
        }

        if (error == DhcpParseError.None && (overload & 2) != 0)
        {
            error = CheckField(octets.Slice(ServerNameOffset, ServerNameSize), ref type, out _);
        }

        packet = new(octets, overload, type);
        return error == DhcpParseError.None;
    }

    /// <summary>One of the up to three fields that hold options.</summary>
    /// <param name="index">0 is the options field, 1 <c>file</c>, 2 <c>sname</c>: the order of RFC 3396, section 5.</param>
    /// <returns>A reader; an empty one for a field that is not overloaded.</returns>
    public DhcpOptionReader OptionsOf(int index) => new(index switch
    {
        0 => octets[HeaderSize..],
        1 when (overload & 1) != 0 => octets.Slice(FileOffset, FileSize),
        2 when (overload & 2) != 0 => octets.Slice(ServerNameOffset, ServerNameSize),
        _ => default,
    });

    /// <summary>Finds an option; the pieces of a split one are put together (RFC 3396).</summary>
    /// <param name="code">Which option.</param>
    /// <param name="scratch">Where a split option is put together; as large as the message is always enough.</param>
    /// <param name="value">The option's octets: in the message, or in <paramref name="scratch"/>.</param>
    /// <returns>False if it is absent, or split and larger than <paramref name="scratch"/>.</returns>
    public bool TryGetOption(DhcpOptionCode code, Span<byte> scratch, out ReadOnlySpan<byte> value)
    {
        value = default;
        bool found = false;
        int joined = 0;
        for (int field = 0; field < 3; field++)
        {
            DhcpOptionReader reader = OptionsOf(field);
            while (reader.TryTake(out DhcpOption option))
            {
                if (option.Code != code)
                {
                    continue;
                }

                if (!found)
                {
                    found = true;
                    value = option.Value;
                    continue;
                }

                if (!TryJoin(value, option.Value, scratch, ref joined))
                {
                    value = default;
                    return false;
                }

                value = scratch[..joined];
            }
        }

        return found;
    }

    private static bool TryJoin(
        ReadOnlySpan<byte> soFar, ReadOnlySpan<byte> piece, Span<byte> scratch, ref int joined)
    {
        if (soFar.Length + piece.Length > scratch.Length)
        {
            return false;
        }

        if (joined == 0)
        {
            soFar.CopyTo(scratch);
            joined = soFar.Length;
        }

        piece.CopyTo(scratch[joined..]);
        joined += piece.Length;
        return true;
    }

    private static DhcpParseError CheckHeader(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < HeaderSize)
        {
            return DhcpParseError.TooShort;
        }

        if (octets[0] is not (1 or 2))
        {
            return DhcpParseError.OperationUnknown;
        }

        if (octets[2] > 16)
        {
            return DhcpParseError.HardwareAddressTooLong;
        }

        return BinaryPrimitives.ReadUInt32BigEndian(octets[236..]) == Cookie
            ? DhcpParseError.None
            : DhcpParseError.CookieMissing;
    }

    private static DhcpParseError CheckField(ReadOnlySpan<byte> field, ref DhcpMessageType type, out byte overload)
    {
        overload = 0;
        DhcpOptionReader reader = new(field);
        while (reader.TryTake(out DhcpOption option))
        {
            if (option.Code == DhcpOptionCode.OptionOverload)
            {
                if (option.Value.Length != 1 || option.Value[0] is 0 or > 3)
                {
                    return DhcpParseError.OverloadInvalid;
                }

                overload |= option.Value[0];
            }
            else if (option.Code == DhcpOptionCode.MessageType)
            {
                if (option.Value.Length != 1)
                {
                    return DhcpParseError.MessageTypeInvalid;
                }

                type = (DhcpMessageType)option.Value[0];
            }
        }

        return reader.IsTruncated ? DhcpParseError.OptionTruncated : DhcpParseError.None;
    }

    private IpAddress AddressAt(int offset) =>
        IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[offset..]));
}
