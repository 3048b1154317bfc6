using System;
using Spindle.Basics;
using Spindle.Protocols.Arp;

namespace Spindle.Protocols.Arp.Tests;

public sealed class ArpPacketTests
{
    private static readonly MacAddress Ours = MacAddress.Read([2, 0, 0, 0, 0, 1]);

    [Fact]
    public void A_captured_reply_is_read_and_written_again()
    {
        // An answer of Linux 6.1 to arping, with the padding of the link behind it.
        byte[] captured = Convert.FromHexString(
            "0001080006040002" + "5254000A0B0C" + "C0A87A01" + "020000000001" + "C0A87A32" + new string('0', 36));
        Assert.True(ArpPacket.TryRead(captured, out ArpPacket packet, out _));
        Assert.Equal(ArpOperation.Reply, packet.Operation);
        Assert.Equal("52:54:00:0A:0B:0C", packet.SenderHardwareAddress.ToString());
        Assert.Equal("192.168.122.1", packet.SenderAddress.ToString());
        Assert.Equal(Ours, packet.TargetHardwareAddress);
        Assert.Equal("192.168.122.50", packet.TargetAddress.ToString());
        byte[] written = new byte[ArpPacket.Size];
        packet.Write(written);
        Assert.Equal(captured[..ArpPacket.Size], written);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        PseudoRandom random = new(1);
        byte[] octets = new byte[ArpPacket.Size];
        byte[] mac = new byte[6];
        for (int i = 0; i < 1000; i++)
        {
            BitConverter.TryWriteBytes(mac, random.NextUInt32() & ~1u | 2);
            ArpPacket packet = new(
                (ArpOperation)(1 + random.NextBelow(2)),
                MacAddress.Read(mac),
                IpAddress.FromV4(random.NextUInt32()),
                MacAddress.Broadcast,
                IpAddress.FromV4(random.NextUInt32()));
            packet.Write(octets);
            Assert.True(ArpPacket.TryRead(octets, out ArpPacket read, out _));
            Assert.Equal(packet, read);
        }
    }

    [Fact]
    public void Every_truncation_fails_cleanly()
    {
        byte[] octets = new byte[ArpPacket.Size];
        ArpPacket.Probe(Ours, IpAddress.Parse("192.0.2.1")).Write(octets);
        for (int length = 0; length < octets.Length; length++)
        {
            Assert.False(ArpPacket.TryRead(octets.AsSpan(0, length), out _, out ArpParseError error));
            Assert.Equal(ArpParseError.TooShort, error);
        }
    }

    [Theory]
    [InlineData(1, 6, ArpParseError.NotIpv4OverEthernet)]
    [InlineData(2, 0x86, ArpParseError.NotIpv4OverEthernet)]
    [InlineData(4, 8, ArpParseError.NotIpv4OverEthernet)]
    [InlineData(5, 16, ArpParseError.NotIpv4OverEthernet)]
    [InlineData(7, 3, ArpParseError.OperationUnknown)]
    [InlineData(7, 0, ArpParseError.OperationUnknown)]
    [InlineData(8, 0xFF, ArpParseError.SenderInvalid)]
    public void A_lie_in_a_field_is_named(int offset, byte value, ArpParseError expected)
    {
        byte[] octets = new byte[ArpPacket.Size];
        ArpPacket.Probe(Ours, IpAddress.Parse("192.0.2.1")).Write(octets);
        octets[offset] = value;
        Assert.False(ArpPacket.TryRead(octets, out _, out ArpParseError error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_probe_claims_nothing_and_an_announcement_does()
    {
        IpAddress address = IpAddress.Parse("192.0.2.1");
        Assert.True(ArpPacket.Probe(Ours, address).IsProbe);
        ArpPacket announcement = ArpPacket.Announcement(Ours, address);
        Assert.False(announcement.IsProbe);
        Assert.Equal(ArpOperation.Request, announcement.Operation);
        Assert.Equal(announcement.SenderAddress, announcement.TargetAddress);
    }
}
