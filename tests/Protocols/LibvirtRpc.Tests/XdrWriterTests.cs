using System;

namespace Spindle.Protocols.LibvirtRpc.Tests;

public sealed class XdrWriterTests
{
    [Fact]
    public void A_writer_that_is_used_again_allocates_nothing()
    {
        XdrWriter writer = new();
        WriteReply(writer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            writer.Reset();
            WriteReply(writer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_large_buffer_is_let_go_and_a_small_one_is_kept()
    {
        XdrWriter writer = new();
        writer.WriteString(new string('a', 60_000));
        int kept = writer.Capacity;
        writer.Reset();
        Assert.Equal(kept, writer.Capacity);
        Assert.InRange(kept, 60_000, XdrWriter.KeepMaximum);
        writer.WriteString(new string('a', XdrWriter.KeepMaximum));
        Assert.True(writer.Capacity > XdrWriter.KeepMaximum);
        writer.Reset();
        Assert.Equal(0, writer.Capacity);
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Two_messages_follow_one_another()
    {
        XdrWriter writer = new();
        RpcHeader header = RpcHeader.Call(RpcPrograms.Remote, 3, 1);
        int first = RpcFrame.Begin(writer, header);
        Assert.True(RpcFrame.End(writer, first));
        int second = RpcFrame.Begin(writer, header with { Serial = 2 });
        writer.WriteUInt32(7);
        Assert.True(RpcFrame.End(writer, second));
        Assert.Equal([.. new Wire().Message(0x2000_8086, 3, 0, 1, 0), .. new Wire().U32(7).Message(0x2000_8086, 3, 0, 2, 0)],
            writer.Written.ToArray());
    }

    [Fact]
    public void A_result_that_was_begun_becomes_an_error()
    {
        XdrWriter writer = new();
        RpcHeader call = RpcHeader.Call(RpcPrograms.Remote, 130, 9);
        int start = RpcFrame.Begin(writer, call.Reply(RpcStatus.Ok));
        writer.WriteString("<interface");
        writer.Truncate(start);
        RpcFrame.WriteError(writer, call, RpcError.UndecodablePayload);
        XdrWriter other = new();
        RpcFrame.WriteError(other, call, RpcError.UndecodablePayload);
        Assert.Equal(other.Written.ToArray(), writer.Written.ToArray());
    }

    [Fact]
    public void A_string_that_is_too_long_makes_the_writer_overflow()
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, RpcHeader.Call(RpcPrograms.Remote, 1, 1));
        writer.WriteString(new string('a', RpcFrame.StringMaximum));
        Assert.False(writer.IsOverflown);
        writer.WriteString(new string('a', RpcFrame.StringMaximum + 1));
        Assert.True(writer.IsOverflown);
        Assert.False(RpcFrame.End(writer, start));
        writer.Truncate(start);
        Assert.False(writer.IsOverflown);
        writer.WriteString(new string('é', (RpcFrame.StringMaximum / 2) + 1));
        Assert.True(writer.IsOverflown);
        writer.Reset();
        writer.WriteOpaque(new byte[RpcFrame.StringMaximum + 1]);
        Assert.True(writer.IsOverflown);
    }

    [Fact]
    public void A_message_that_is_too_long_overflows_in_bounded_memory()
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, RpcHeader.Call(RpcPrograms.Remote, 1, 1));
        byte[] piece = new byte[1 << 20];
        for (int i = 0; i < 100; i++)
        {
            writer.WriteFixedOpaque(piece);
        }

        Assert.True(writer.IsOverflown);
        Assert.False(RpcFrame.End(writer, start));
        Assert.InRange(writer.Capacity, 1, RpcFrame.MaximumLength);
        writer.Truncate(0);
        RpcFrame.WriteError(writer, RpcHeader.Call(RpcPrograms.Remote, 1, 1), RpcError.UnencodablePayload);
        Assert.False(writer.IsOverflown);
    }

    [Fact]
    public void The_longest_message_that_libvirt_takes_can_be_written()
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, RpcHeader.Call(RpcPrograms.Remote, 1, 1));
        writer.Reserve(RpcFrame.MaximumLength - RpcFrame.MinimumLength).Clear();
        Assert.True(RpcFrame.End(writer, start));
        Assert.True(RpcFrame.TryReadLength(writer.Written, out int length));
        Assert.Equal(RpcFrame.MaximumLength, length);
        writer.WriteUInt32(0);
        Assert.True(writer.IsOverflown);
    }

    [Fact]
    public void Numbers_have_their_order_and_sign()
    {
        XdrWriter writer = new();
        writer.WriteInt32(int.MinValue);
        writer.WriteInt64(-2);
        writer.WriteUInt64(0x0102_0304_0506_0708);
        writer.WriteDouble(-2.0);
        writer.WriteBoolean(true);
        writer.WriteOpaque([1, 2, 3, 4, 5]);
        Assert.Equal(
            new Wire().U32(0x8000_0000).U32(0xFFFF_FFFF).U32(0xFFFF_FFFE).U32(0x0102_0304).U32(0x0506_0708)
                .U32(0xC000_0000).U32(0).U32(1).Text([1, 2, 3, 4, 5]).Octets(),
            writer.Written.ToArray());
        XdrReader reader = new(writer.Written);
        Assert.True(reader.TryReadInt32(out int i32) && i32 == int.MinValue);
        Assert.True(reader.TryReadInt64(out long i64) && i64 == -2);
        Assert.True(reader.TryReadUInt64(out ulong u64) && u64 == 0x0102_0304_0506_0708);
        Assert.True(reader.TryReadDouble(out double real) && real == -2.0);
        Assert.True(reader.TryReadBoolean(out bool truth) && truth);
        Assert.True(reader.TryReadOpaque(5, out ReadOnlySpan<byte> octets) && octets.SequenceEqual((byte[])[1, 2, 3, 4, 5]));
    }

    private static void WriteReply(XdrWriter writer)
    {
        int start = RpcFrame.Begin(writer, RpcHeader.Call(RpcPrograms.Remote, 59, 1).Reply(RpcStatus.Ok));
        new TextValue("host.example.net").Write(writer);
        writer.WriteOptionalString("é");
        RpcFrame.End(writer, start);
    }
}
