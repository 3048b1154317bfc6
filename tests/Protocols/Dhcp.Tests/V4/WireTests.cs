using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Protocols.Dhcp.Tests.V4;

public sealed class WireTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            DhcpMessage message = Random(seed);
            byte[] octets = Replies.Bytes(message);
            Assert.True(DhcpMessage.TryRead(octets, out DhcpMessage? read), $"seed {seed}");
            Assert.Equal(message, read);
            Assert.Equal(octets, Replies.Bytes(read!));
        }
    }

    [Fact]
    public void Every_truncation_fails_cleanly()
    {
        byte[] octets = Replies.Bytes(1, Replies.Options(DhcpMessageType.Acknowledge));
        int optionsEnd = 240 + Replies.Options(DhcpMessageType.Acknowledge).Size;
        int good = 0;
        for (int length = 0; length < optionsEnd; length++)
        {
            good += DhcpPacket.TryParse(octets.AsSpan(0, length), out _, out DhcpParseError error) ? 1 : 0;
            Assert.Equal(length < 240, error == DhcpParseError.TooShort);
        }

        // The end mark may be missing: between two options a message is whole.
        Assert.Equal(4, good);
    }

    [Theory]
    [InlineData(0, 0, DhcpParseError.OperationUnknown)]
    [InlineData(0, 3, DhcpParseError.OperationUnknown)]
    [InlineData(2, 17, DhcpParseError.HardwareAddressTooLong)]
    [InlineData(236, 0, DhcpParseError.CookieMissing)]
    [InlineData(241, 2, DhcpParseError.MessageTypeInvalid)]
    [InlineData(241, 255, DhcpParseError.OptionTruncated)]
    public void A_lie_in_a_field_is_named(int offset, byte value, DhcpParseError expected)
    {
        byte[] octets = Replies.Bytes(1, Replies.Options(DhcpMessageType.Acknowledge));
        octets[offset] = value;
        Assert.False(DhcpPacket.TryParse(octets, out _, out DhcpParseError error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void An_overload_that_is_none_is_refused(byte overload)
    {
        byte[] octets = Overloaded(overload, [], []);
        Assert.False(DhcpPacket.TryParse(octets, out _, out DhcpParseError error));
        Assert.Equal(DhcpParseError.OverloadInvalid, error);
    }

    [Theory]
    [InlineData(1, "file")]
    [InlineData(2, "sname")]
    [InlineData(3, "file sname")]
    public void Overloaded_fields_hold_options(byte overload, string expected)
    {
        byte[] octets = Overloaded(overload, [15, 4, .. "file"u8, 255], [12, 5, .. "sname"u8, 255]);
        Assert.True(DhcpPacket.TryParse(octets, out DhcpPacket packet, out _));
        string found = string.Join(' ', new[] { Text(packet, 15), Text(packet, 12) }.Where(text => text is not null));
        Assert.Equal(expected, found);
        Assert.Equal(DhcpMessageType.Acknowledge, packet.Type);
    }

    [Fact]
    public void An_option_split_over_all_three_fields_is_put_together_in_order()
    {
        byte[] octets = Overloaded(3, [119, 2, (byte)'c', (byte)'d'], [119, 1, (byte)'e'], [119, 2, (byte)'a', (byte)'b']);
        Assert.True(DhcpPacket.TryParse(octets, out DhcpPacket packet, out _));
        Assert.Equal("abcde", Text(packet, 119));
        Assert.False(packet.TryGetOption(DhcpOptionCode.DomainSearch, new byte[4], out _));
    }

    [Fact]
    public void A_truncated_option_in_an_overloaded_field_is_refused()
    {
        byte[] file = new byte[128];
        file[126] = 15;
        file[127] = 1;
        Assert.False(DhcpPacket.TryParse(Overloaded(1, file, []), out _, out DhcpParseError error));
        Assert.Equal(DhcpParseError.OptionTruncated, error);
        Assert.True(DhcpPacket.TryParse(Overloaded(2, file, []), out _, out _));
    }

    [Fact]
    public void A_long_option_is_split_and_put_together()
    {
        byte[] value = [.. Enumerable.Range(0, 700).Select(i => (byte)i)];
        DhcpOptionList options = Replies.Options(DhcpMessageType.Acknowledge).Add(DhcpOptionCode.DomainSearch, value);
        byte[] octets = Replies.Bytes(1, options);
        Assert.True(DhcpPacket.TryParse(octets, out DhcpPacket packet, out _));
        Assert.True(packet.TryGetOption(DhcpOptionCode.DomainSearch, new byte[700], out ReadOnlySpan<byte> read));
        Assert.Equal(value, read.ToArray());
    }

    [Fact]
    public void Pads_are_skipped_and_nothing_counts_after_the_end()
    {
        byte[] octets = new byte[300];
        Replies.Bytes(1, new DhcpOptionList()).AsSpan(0, 240).CopyTo(octets);
        byte[] options = [0, 0, 53, 1, 2, 0, 255, 53, 1, 5, 15];
        options.CopyTo(octets, 240);
        Assert.True(DhcpPacket.TryParse(octets, out DhcpPacket packet, out _));
        Assert.Equal(DhcpMessageType.Offer, packet.Type);
    }

    [Fact]
    public void A_datagram_is_written_and_read_with_its_checksums()
    {
        byte[] octets = Datagram(301);
        Assert.True(UdpDatagram.TryParse(octets, false, out UdpDatagram datagram, out _));
        Assert.Equal(Replies.Server, datagram.Source);
        Assert.Equal(IpAddress.BroadcastV4, datagram.Destination);
        Assert.Equal((67, 68), (datagram.SourcePort, datagram.DestinationPort));
        Assert.Equal(301, datagram.Payload.Length);

        byte[] padded = [.. octets, 0, 0, 0];
        Assert.True(UdpDatagram.TryParse(padded, false, out datagram, out _));
        Assert.Equal(301, datagram.Payload.Length);
        for (int length = 0; length < octets.Length; length++)
        {
            Assert.False(UdpDatagram.TryParse(octets.AsSpan(0, length), true, out _, out _));
        }
    }

    [Fact]
    public void An_unfilled_checksum_is_accepted_only_if_the_kernel_says_so()
    {
        byte[] octets = Datagram(300);
        octets[26] ^= 0x5A; // What a virtual link leaves: the sum over the pseudo header alone.
        Assert.False(UdpDatagram.TryParse(octets, false, out _, out UdpDatagramError error));
        Assert.Equal(UdpDatagramError.ChecksumWrong, error);
        Assert.True(UdpDatagram.TryParse(octets, true, out _, out _));
        octets[26] = octets[27] = 0; // RFC 768: none was made.
        Assert.True(UdpDatagram.TryParse(octets, false, out _, out _));
    }

    [Theory]
    [InlineData(0, 0x55, UdpDatagramError.HeaderInvalid)]
    [InlineData(0, 0x44, UdpDatagramError.HeaderInvalid)]
    [InlineData(10, 1, UdpDatagramError.HeaderChecksumWrong)]
    [InlineData(3, 20, UdpDatagramError.TooShort)]
    [InlineData(24, 9, UdpDatagramError.LengthInvalid)]
    [InlineData(25, 7, UdpDatagramError.LengthInvalid)]
    [InlineData(21, 7, UdpDatagramError.ChecksumWrong)]
    public void A_lie_in_a_header_is_named(int offset, byte value, UdpDatagramError expected)
    {
        byte[] octets = Datagram(20);
        octets[offset] = value;
        Assert.False(UdpDatagram.TryParse(octets, false, out _, out UdpDatagramError error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(6, 0x20, UdpDatagramError.Fragmented)]
    [InlineData(7, 1, UdpDatagramError.Fragmented)]
    [InlineData(9, 6, UdpDatagramError.NotUdp)]
    public void Fragments_and_other_protocols_are_named(int offset, byte value, UdpDatagramError expected)
    {
        byte[] octets = Datagram(20);
        int before = octets[offset];
        octets[offset] = value;
        int checksum = (octets[10] << 8 | octets[11]) + (before << (offset % 2 == 0 ? 8 : 0))
            - (value << (offset % 2 == 0 ? 8 : 0));
        checksum = (checksum + 0xFFFF) % 0xFFFF;
        octets[10] = (byte)(checksum >> 8);
        octets[11] = (byte)checksum;
        Assert.False(UdpDatagram.TryParse(octets, false, out _, out UdpDatagramError error));
        Assert.Equal(expected, error);
    }

    private static byte[] Datagram(int payload)
    {
        byte[] octets = new byte[UdpDatagram.HeadersSize + payload];
        new PseudoRandomBytes(3).Fill(octets.AsSpan(UdpDatagram.HeadersSize));
        UdpDatagram.WriteHeaders(octets, Replies.Server, IpAddress.BroadcastV4, 67, 68);
        return octets;
    }

    private static string? Text(DhcpPacket packet, int code) =>
        packet.TryGetOption((DhcpOptionCode)code, new byte[64], out ReadOnlySpan<byte> value)
            ? System.Text.Encoding.ASCII.GetString(value)
            : null;

    private static byte[] Overloaded(byte overload, byte[] file, byte[] serverName, byte[]? more = null)
    {
        byte[] octets = new byte[300];
        Replies.Bytes(1, new DhcpOptionList()).AsSpan(0, 240).CopyTo(octets);
        serverName.CopyTo(octets, 44);
        file.CopyTo(octets, 108);
        byte[] options = [52, 1, overload, 53, 1, 5, .. more ?? [], 255];
        options.CopyTo(octets, 240);
        return octets;
    }

    private static DhcpMessage Random(ulong seed)
    {
        PseudoRandom random = new(seed);
        PseudoRandomBytes bytes = new(seed);
        DhcpOptionList options = new DhcpOptionList().Add(DhcpOptionCode.MessageType, (byte)random.NextBelow(10));
        for (uint i = random.NextBelow(8); i > 0; i--)
        {
            byte[] value = new byte[random.NextBelow(i == 7 ? 600u : 40u)];
            bytes.Fill(value);
            options.Add((DhcpOptionCode)(54 + random.NextBelow(200)), value);
        }

        return new()
        {
            IsReply = random.NextBelow(2) == 0,
            TransactionId = random.NextUInt32(),
            Seconds = (ushort)random.NextUInt32(),
            IsBroadcastWanted = random.NextBelow(2) == 0,
            ClientAddress = IpAddress.FromV4(random.NextUInt32()),
            YourAddress = IpAddress.FromV4(random.NextUInt32()),
            NextServerAddress = IpAddress.FromV4(random.NextUInt32()),
            RelayAddress = IpAddress.FromV4(random.NextUInt32()),
            ClientHardwareAddress = Replies.Mac,
            Options = options,
        };
    }

    private sealed class PseudoRandomBytes(ulong seed)
    {
        private PseudoRandom random = new(seed);

        public void Fill(Span<byte> octets)
        {
            foreach (ref byte octet in octets)
            {
                octet = (byte)random.NextUInt32();
            }
        }
    }
}
