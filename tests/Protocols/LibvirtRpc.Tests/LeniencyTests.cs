using System;
using System.Linq;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>What libvirtd takes and what it refuses when it decodes; each row was seen on the wire.</summary>
public sealed class LeniencyTests
{
    [Theory]
    [InlineData(0u, false)]
    [InlineData(1u, false)]
    [InlineData(3u, false)]
    [InlineData(4u, false)] // no header
    [InlineData(5u, false)]
    [InlineData(27u, false)]
    [InlineData(28u, true)]
    [InlineData(65_536u, true)]
    [InlineData(33_554_436u, true)] // the most there is
    [InlineData(33_554_437u, false)]
    [InlineData(0x8000_001Cu, false)]
    [InlineData(0xFFFF_FFFFu, false)]
    public void A_length_is_one_that_a_message_can_have(uint announced, bool isAcceptable)
    {
        Assert.Equal(isAcceptable, RpcFrame.TryReadLength(new Wire().U32(announced).Octets(), out int length));
        Assert.Equal(isAcceptable ? (int)announced : 0, length);
    }

    [Fact]
    public void Octets_behind_the_arguments_are_left_alone()
    {
        XdrReader reader = new(new Wire().I32(10).Raw(1, 2, 3, 4, 5).Octets());
        Assert.True(NumberValue.TryRead(ref reader, out NumberValue value));
        Assert.Equal(10, value.Number);
        Assert.Equal(5, reader.Remaining);
    }

    [Fact]
    public void Padding_need_not_be_zero()
    {
        XdrReader reader = new(new Wire().Text("eth10"u8.ToArray(), padding: 0xFF).U32(3).Octets());
        Assert.True(TextFlagsValue.TryRead(ref reader, out TextFlagsValue value));
        Assert.Equal(new TextFlagsValue("eth10", 3), value);
    }

    [Fact]
    public void Padding_must_be_there()
    {
        byte[] whole = new Wire().Text("eth10").Octets();
        for (int missing = 1; missing <= 3; missing++)
        {
            XdrReader reader = new(whole.AsSpan(0, whole.Length - missing));
            Assert.False(reader.TryReadString(out _));
        }
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(0x8000_0000u)]
    [InlineData(uint.MaxValue)]
    public void An_optional_value_is_there_for_any_flag_but_zero(uint flag)
    {
        XdrReader reader = new(new Wire().U32(flag).Text("interface:///system").U32(0).Octets());
        Assert.True(OptionalTextFlagsValue.TryRead(ref reader, out OptionalTextFlagsValue value));
        Assert.Equal("interface:///system", value.Text);
    }

    [Fact]
    public void A_truth_is_any_number_but_zero()
    {
        XdrReader reader = new(new Wire().I32(-1).U32(3).Octets());
        Assert.True(ListAllValue.TryRead(ref reader, out ListAllValue value));
        Assert.Equal(new ListAllValue(true, 3), value);
    }

    [Theory]
    [InlineData("eth0\0junk", "eth0")]
    [InlineData("\0", "")]
    [InlineData("\0\0\0\0eth0", "")]
    public void A_string_ends_at_a_NUL(string sent, string expected)
    {
        byte[] octets = new Wire().Text(sent).U32(9).Octets();
        XdrReader reader = new(octets);
        Assert.True(reader.TryReadString(out string text));
        Assert.Equal(expected, text);
        Assert.True(reader.TryReadUInt32(out uint behind));
        Assert.Equal(9u, behind);
        XdrWriter writer = new();
        writer.WriteString(sent);
        Assert.Equal(new Wire().Text(expected).Octets(), writer.Written.ToArray());
    }

    [Fact]
    public void Octets_that_are_no_UTF_8_come_back_as_they_were()
    {
        byte[][] wrong =
        [
            [0xFF], [0x80, 0x81], [0xC3], [0xE2, 0x82], [0xED, 0xB2, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [.. "name "u8, 0xC0, 0xAF, .. " é €"u8, 0xF0, 0x9F, .. "😀"u8, 0xFE],
        ];
        foreach (byte[] octets in wrong)
        {
            XdrReader reader = new(new Wire().Text(octets).Octets());
            Assert.True(reader.TryReadString(out string text));
            XdrWriter writer = new();
            writer.WriteString(text);
            Assert.Equal(new Wire().Text(octets).Octets(), writer.Written.ToArray());
        }
    }

    [Fact]
    public void Every_single_octet_and_every_pair_survives_as_text()
    {
        for (int pair = 1; pair <= 0xFFFF; pair++)
        {
            byte[] octets = pair <= 0xFF ? [(byte)pair] : [(byte)(pair >> 8), (byte)pair];
            string text = XdrText.Decode(octets);
            byte[] written = new byte[XdrText.CountOctets(text)];
            Assert.Equal(written.Length, XdrText.Encode(text, written));
            Assert.Equal(octets, written);
        }
    }

    [Fact]
    public void A_lone_surrogate_that_stands_for_no_octet_is_written_as_the_replacement_character()
    {
        XdrWriter writer = new();
        writer.WriteString("\uD800a");
        Assert.Equal(new Wire().Text("\uFFFDa").Octets(), writer.Written.ToArray());
    }

    [Theory]
    [InlineData(4 * 1024 * 1024, true)]
    [InlineData((4 * 1024 * 1024) + 1, false)]
    public void A_string_has_at_most_4_MiB(int length, bool isAcceptable)
    {
        byte[] octets = new Wire().U32((uint)length).Octets().Concat(Enumerable.Repeat((byte)'a', length + 3)).ToArray();
        XdrReader reader = new(octets);
        Assert.Equal(isAcceptable, reader.TryReadString(out string text));
        Assert.Equal(isAcceptable ? length : 0, text.Length);
    }

    [Theory]
    [InlineData(16_384, true)]
    [InlineData(16_385, false)]
    public void A_list_of_interfaces_has_at_most_16384_items(int count, bool isAcceptable)
    {
        byte[] octets = new Wire().U32((uint)count).Octets().Concat(new byte[(count * 8) + 4]).ToArray();
        XdrReader reader = new(octets);
        Assert.Equal(isAcceptable, InterfaceListResult.TryRead(ref reader, out InterfaceListResult value));
        Assert.Equal(isAcceptable ? count : 0, value.Interfaces?.Length ?? 0);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void A_list_of_methods_has_at_most_20_items(int count, bool isAcceptable)
    {
        XdrReader reader = new([.. new Wire().U32((uint)count).Octets(), .. new byte[count * 4]]);
        Assert.Equal(isAcceptable, AuthListResult.TryRead(ref reader, out _));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void A_call_sets_at_most_32_parameters(int count, bool isAcceptable)
    {
        Wire wire = new Wire().Text("admin").U32((uint)count);
        for (int i = 0; i < count; i++)
        {
            wire.Text("p").I32(2).U32(1);
        }

        XdrReader reader = new(wire.U32(0).Octets());
        Assert.Equal(isAcceptable, AdminSetParametersArguments.TryRead(ref reader, out _));
    }

    [Fact]
    public void A_ping_may_carry_something_and_must_be_a_message_of_version_1()
    {
        RpcHeader ping = new(RpcPrograms.KeepAlive, 1, 1, RpcMessageType.Message, 0, RpcStatus.Ok);
        Assert.Equal(KeepAliveMessage.Ping, KeepAlive.Classify(ping with { Serial = 77 }));
        Assert.Equal(KeepAliveMessage.None, KeepAlive.Classify(ping with { Type = RpcMessageType.Call }));
        Assert.Equal(KeepAliveMessage.None, KeepAlive.Classify(ping with { Program = RpcPrograms.Remote }));
        Assert.Equal(KeepAliveMessage.Other, KeepAlive.Classify(ping with { Version = 2 }));
        Assert.Equal(KeepAliveMessage.Other, KeepAlive.Classify(ping with { Procedure = 3 }));
        Assert.Equal(KeepAliveMessage.Other, KeepAlive.Classify(ping with { Type = RpcMessageType.Reply }));
    }

    [Fact]
    public void Numbers_of_a_header_that_have_no_name_are_kept()
    {
        byte[] octets = new Wire().Message(0xDEAD_BEEF, int.MinValue, 99, uint.MaxValue, -1);
        Assert.True(RpcHeader.TryParse(octets.AsSpan(4), out RpcHeader header));
        Assert.Equal(new(0xDEAD_BEEF, 1, int.MinValue, (RpcMessageType)99, uint.MaxValue, (RpcStatus)(-1)), header);
        byte[] written = new byte[RpcHeader.Size];
        header.Write(written);
        Assert.Equal(octets[4..], written);
        Assert.False(RpcHeader.TryParse(octets.AsSpan(4, 23), out _));
    }
}
