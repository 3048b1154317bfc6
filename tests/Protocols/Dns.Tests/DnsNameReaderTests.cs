using System;
using Spindle.Protocols.Dns;

namespace Spindle.Protocols.Dns.Tests;

public sealed class DnsNameReaderTests
{
    private static DnsError Read(byte[] message, ref int offset, out byte[] name)
    {
        byte[] buffer = new byte[DnsName.WireSizeMax];
        DnsError error = DnsNameReader.Read(message, ref offset, buffer, out int length);
        name = buffer[..length];
        return error;
    }

    [Fact]
    public void A_pointer_continues_a_name_and_the_offset_goes_behind_it()
    {
        byte[] message = [3, (byte)'o', (byte)'R', (byte)'g', 0, 1, (byte)'A', 0xC0, 0, 99];
        int offset = 5;
        Assert.Equal(DnsError.None, Read(message, ref offset, out byte[] name));
        Assert.Equal(9, offset);
        Assert.Equal(DnsResponse.Wire("a.org"), name);
    }

    [Fact]
    public void Pointers_may_be_followed_one_after_the_other()
    {
        byte[] message = [1, (byte)'c', 0, 1, (byte)'b', 0xC0, 0, 1, (byte)'a', 0xC0, 3];
        int offset = 7;
        Assert.Equal(DnsError.None, Read(message, ref offset, out byte[] name));
        Assert.Equal(11, offset);
        Assert.Equal(DnsResponse.Wire("a.b.c"), name);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0 })] // to itself
    [InlineData(new byte[] { 0xC0, 2, 0xC0, 0 })] // forward
    [InlineData(new byte[] { 1, 97, 0xC0, 0 })] // to the name's own front: a.a.a.a…
    [InlineData(new byte[] { 0x40, 0 })] // label types that never came to be
    [InlineData(new byte[] { 0x80, 0 })]
    public void Loops_forward_pointers_and_unknown_labels_are_bad(byte[] message)
    {
        int offset = 0;
        Assert.Equal(DnsError.BadName, Read(message, ref offset, out _));
    }

    [Fact]
    public void Two_pointers_at_each_other_do_not_loop()
    {
        byte[] message = [1, 97, 0xC0, 4, 0xC0, 0];
        int offset = 4;
        Assert.Equal(DnsError.BadName, Read(message, ref offset, out _));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 97 })]
    [InlineData(new byte[] { 3, 97, 98 })]
    [InlineData(new byte[] { 0xC0 })]
    public void A_name_that_ends_too_early_is_truncated(byte[] message)
    {
        int offset = 0;
        Assert.Equal(DnsError.Truncated, Read(message, ref offset, out _));
    }

    [Fact]
    public void A_name_of_255_octets_is_read_and_one_of_256_is_bad()
    {
        Assert.Equal(DnsError.None, ReadLong(61, out int length));
        Assert.Equal(255, length);
        Assert.Equal(DnsError.BadName, ReadLong(62, out _));
    }

    [Fact]
    public void A_long_chain_of_pointers_is_cut()
    {
        byte[] message = new byte[1 + (2 * 40)];
        for (int i = 0; i < 40; i++)
        {
            message[1 + (2 * i)] = 0xC0;
            message[2 + (2 * i)] = (byte)(i == 0 ? 0 : 1 + (2 * (i - 1)));
        }

        int few = 1 + (2 * (DnsNameReader.PointersMax - 1));
        Assert.Equal(DnsError.None, Read(message, ref few, out _));
        int many = 1 + (2 * DnsNameReader.PointersMax);
        Assert.Equal(DnsError.BadName, Read(message, ref many, out _));
    }

    private static DnsError ReadLong(int lastLabel, out int length)
    {
        byte[] message = new byte[(3 * 64) + lastLabel + 2];
        for (int i = 0; i < 4; i++)
        {
            message[i * 64] = (byte)(i < 3 ? 63 : lastLabel);
        }

        int offset = 0;
        DnsError error = Read(message, ref offset, out byte[] name);
        length = name.Length;
        return error;
    }
}
