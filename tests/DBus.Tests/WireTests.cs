using System;
namespace Spindle.DBus.Tests;

public sealed class WireTests
{
    private static BusHeader Header(string signature) => new()
    {
        Kind = BusMessageKind.Signal,
        Serial = 9,
        Path = "/net/connman",
        Interface = "net.connman.Test",
        Member = "Told",
        Signature = signature,
    };

    private static byte[] Write(string signature, Action<BusWriter> body)
    {
        BusWriter writer = new();
        writer.Begin(Header(signature));
        body(writer);
        return writer.Finish().ToArray();
    }

    public static byte[] Sample() => Write("ybnqiuxtdsoga{sv}(sv)aayaua(ox)", static writer =>
    {
        writer.WriteByte(1);
        writer.WriteBoolean(true);
        writer.WriteInt16(-2);
        writer.WriteUInt16(3);
        writer.WriteInt32(-4);
        writer.WriteUInt32(5);
        writer.WriteInt64(-6);
        writer.WriteUInt64(ulong.MaxValue);
        writer.WriteDouble(1.5);
        writer.WriteString("text");
        writer.WriteObjectPath("/a/b");
        writer.WriteSignature("a{sv}"u8);
        writer.OpenArray();
        writer.Entry("String", "s");
        writer.Entry("Yes", true);
        writer.Entry("List", ["a", "b"]);
        writer.OpenDictionary("Inner");
        writer.Entry("Number", (ushort)7);
        writer.CloseDictionary();
        writer.CloseArray();
        writer.OpenStruct();
        writer.WriteString("in struct");
        writer.WriteVariant("in variant");
        writer.CloseStruct();
        writer.OpenArray();
        writer.OpenArray();
        writer.WriteByte(8);
        writer.WriteByte(9);
        writer.CloseArray();
        writer.OpenArray();
        writer.CloseArray();
        writer.CloseArray();
        writer.OpenArray();
        writer.CloseArray();
        writer.OpenArray();
        writer.OpenStruct();
        writer.WriteObjectPath("/");
        writer.WriteInt64(10);
        writer.CloseStruct();
        writer.CloseArray();
    });

    [Fact]
    public void What_is_written_reads_back()
    {
        Received read = Received.Of(Sample());
        Assert.Equal(BusMessageKind.Signal, read.Kind);
        Assert.Equal("/net/connman", read.Path);
        Assert.Equal("net.connman.Test", read.Interface);
        Assert.Equal("Told", read.Member);
        Assert.Equal(
            "1 true -2 3 -4 5 -6 18446744073709551615 1.5 'text' '/a/b' 'a{sv}' "
            + "{'String': <'s'>, 'Yes': <true>, 'List': <['a', 'b']>, 'Inner': <{'Number': <7>}>} "
            + "('in struct', <'in variant'>) [0x0809, 0x] [] [('/', 10)]",
            string.Join(' ', (object[])read.Values));
        Assert.True(read.Values[12].TryGetEntry("Inner", out BusValue? inner) && inner.TryGetEntry("Number", out BusValue? number)
            && number.TryGetUInt16(out ushort seven) && seven == 7);
        Assert.True(read.Values[12].TryGetEntry("List", out BusValue? list) && list.TryGetStringArray(out string[]? texts)
            && texts is ["a", "b"]);
        Assert.False(read.Values[12].TryGetEntry("Missing", out _));
        Assert.False(read.Values[0].TryGetString(out _));
        Assert.False(read.Values[9].TryGetBoolean(out _));
    }

    [Fact]
    public void Values_written_again_give_the_same_octets()
    {
        Received read = Received.Of(Sample());
        byte[] again = Write(read.Signature, writer => Array.ForEach(read.Values, writer.WriteValue));
        Assert.Equal(Sample(), again);
    }

    // A method return as dbus-daemon 1.14 sent it: Hello's answer.
    [Fact]
    public void Real_octets_are_read()
    {
        byte[] octets = Convert.FromHexString(
            "6c02010109000000010000003d00000006017300040000003a312e3100000000050175000100000008016700017300000701730014000000"
            + "6f72672e667265656465736b746f702e4442757300000000040000003a312e3100");
        Received read = Received.Of(octets);
        Assert.Equal(BusMessageKind.MethodReturn, read.Kind);
        Assert.Equal(1u, read.ReplySerial);
        Assert.Equal(":1.1", read.Text);
    }

    [Fact]
    public void Big_endian_is_read()
    {
        byte[] octets = Convert.FromHexString(
            "420300010000000d000000070000001f" + "0401730000000005612e622e43000000" + "0501750000000003"
            + "0801670001730000" + "00000008" + "62616420776f726400");
        Received read = Received.Of(octets);
        Assert.Equal("a.b.C", read.ErrorName);
        Assert.Equal(3u, read.ReplySerial);
        Assert.Equal("bad word", read.Text);
    }

    [Fact]
    public void Every_truncation_fails_cleanly()
    {
        byte[] message = Sample();
        for (int length = 0; length < message.Length; length++)
        {
            Assert.False(BusMessageView.TryParse(message.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Every_flipped_bit_is_survived()
    {
        byte[] message = Sample();
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            if (BusMessageView.TryParse(message, out BusMessageView view))
            {
                view.TryReadBody(1000, out _);
            }

            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Bodies_beyond_the_bound_are_refused()
    {
        Assert.True(BusMessageView.TryParse(Sample(), out BusMessageView view));
        Assert.False(view.TryReadBody(20, out _));
    }

    [Fact]
    public void Variants_inside_each_other_end_at_64()
    {
        byte[] At(int depth) => Write("v", writer =>
        {
            for (int i = 0; i < depth - 1; i++)
            {
                writer.OpenVariant("v"u8);
            }

            writer.WriteVariant(true);
            for (int i = 0; i < depth - 1; i++)
            {
                writer.CloseVariant();
            }
        });
        Assert.Single(Received.Of(At(64)).Values);
        Assert.Throws<InvalidOperationException>(() => At(65));
    }

    [Theory]
    [InlineData("s")]
    [InlineData("ss")]
    [InlineData("as")]
    [InlineData("v")]
    public void What_does_not_fit_the_signature_is_our_mistake(string signature) =>
        Assert.Throws<InvalidOperationException>(() => Write(signature, static writer => writer.WriteUInt32(1)));

    [Fact]
    public void Too_little_and_too_much_are_our_mistakes()
    {
        Assert.Throws<InvalidOperationException>(() => Write("ss", static writer => writer.WriteString("")));
        Assert.Throws<InvalidOperationException>(() => Write("", static writer => writer.WriteString("")));
        Assert.Throws<InvalidOperationException>(() => Write("a{sv}", static writer => writer.OpenArray()));
        Assert.Throws<InvalidOperationException>(() => Write("(ss)", static writer =>
        {
            writer.OpenStruct();
            writer.WriteString("");
            writer.CloseStruct();
        }));
    }

    [Fact]
    public void Bad_paths_and_names_are_our_mistakes()
    {
        Assert.Throws<ArgumentException>(() => Write("o", static writer => writer.WriteObjectPath("bad")));
        Assert.Throws<ArgumentException>(() => Write("v", static writer => writer.OpenVariant("ss"u8)));
        BusWriter writer = new();
        Assert.Throws<ArgumentException>(() => writer.Begin(Header("a{")));
        Assert.Throws<ArgumentException>(() => writer.Begin(Header("") with { Path = "x" }));
        Assert.Throws<ArgumentException>(() => writer.Begin(Header("") with { Interface = "x" }));
        Assert.Throws<ArgumentException>(() => writer.Begin(Header("") with { Destination = "x" }));
        Assert.Throws<ArgumentException>(() => writer.Begin(Header("") with { Serial = 0 }));
    }

    [Fact]
    public void Text_that_cannot_go_on_the_bus_is_replaced() => Assert.Equal(
        "a\ufffdb\ufffd",
        Received.Of(Write("s", static writer => writer.WriteString("a\0b\udc00"))).Text);

    [Fact]
    public void A_message_has_an_end() => Assert.Throws<BusMessageTooLongException>(() => Write("as", static writer =>
    {
        writer.OpenArray();
        string text = new('x', 1_000_000);
        while (true)
        {
            writer.WriteString(text);
        }
    }));
}
