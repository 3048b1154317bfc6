using System;
using System.Buffers.Binary;
using System.Linq;
using Spindle.Kernels;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>What libvirtd does with bad input, row by row.</summary>
public sealed class BadInputTests : DoorTest
{
    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(5u)]
    [InlineData(27u)]
    [InlineData(33_554_437u)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xFFFF_FFFFu)]
    public void A_length_that_no_message_has_ends_the_connection(uint length)
    {
        Listen(Serve());
        TestPeer peer = Connect();
        byte[] octets = new byte[28];
        BinaryPrimitives.WriteUInt32BigEndian(octets, length);
        peer.Send(octets);
        peer.AssertEnds();
    }

    [Fact]
    public void The_longest_message_is_taken()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        byte[] octets = new byte[RpcFrame.MaximumLength];
        TestPeer.Call(TestProgram.Void, 7).CopyTo(octets, 0);
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)octets.Length);
        peer.Send(octets);
        RpcAnswer answer = peer.Receive();
        Assert.True(answer.IsOk);
        Assert.Equal(7u, answer.Header.Serial);
        Assert.Equal(0, Door.LargeOctets);
        Assert.Equal("small again", peer.Call(TestProgram.Work, static writer => writer.WriteString("small again")).Text);
    }

    [Fact]
    public void Memory_follows_what_has_come_and_not_what_is_promised()
    {
        RpcServer server = Serve();
        Listen(server);
        TestPeer peer = Join(server);
        RpcClient client = server.Clients.Single();
        byte[] octets = new byte[200_000];
        TestPeer.Call(TestProgram.Void, 7).CopyTo(octets, 0);
        BinaryPrimitives.WriteUInt32BigEndian(octets, RpcFrame.MaximumLength);
        peer.Send(octets.AsSpan(0, 100));
        Until(() => client.UnreadOctets == 100);
        Assert.Equal(0, Door.LargeOctets);
        peer.Send(octets.AsSpan(100));
        Until(() => client.UnreadOctets == 200_000);
        Assert.InRange(Door.LargeOctets, 200_000, 400_000);
        Leave(peer);
        Until(() => server.ClientCount == 0);
        Assert.Equal(0, Door.LargeOctets);
    }

    [Theory]
    [InlineData(0x2000_8087u, 1u, "Cannot find program 536903815 version 1")]
    [InlineData(0x2000_8086u, 2u, "Cannot find program 536903814 version 2")]
    [InlineData(0x6B65_6570u, 1u, "Cannot find program 1801807216 version 1")]
    [InlineData(0xFFFF_FFFFu, 0xFFFF_FFFEu, "Cannot find program -1 version -2")]
    public void A_call_of_a_program_that_is_not_there_is_told_so(uint program, uint version, string message)
    {
        Listen(Serve());
        TestPeer peer = Connect();
        peer.Send(TestPeer.Message(new RpcHeader(program, version, 1, RpcMessageType.Call, 5, RpcStatus.Ok)));
        RpcAnswer answer = peer.Receive();
        answer.AssertError(39, 7, message);
        Assert.Equal(new RpcHeader(program, version, 1, RpcMessageType.Reply, 5, RpcStatus.Error), answer.Header);
        Assert.True(peer.Call(TestProgram.Void).IsOk);
    }

    [Theory]
    [InlineData(0x2000_8087u, 1)]
    [InlineData(0x2000_8087u, 2)]
    [InlineData(0x2000_8086u, 1)]
    [InlineData(0x2000_8086u, 2)]
    [InlineData(0x2000_8086u, 3)]
    [InlineData(0x2000_8086u, 5)]
    [InlineData(0x2000_8086u, 6)]
    [InlineData(0x2000_8086u, 99)]
    [InlineData(0x6B65_6570u, 1)]
    public void What_is_no_call_is_dropped(uint program, int type)
    {
        Listen(Serve());
        TestPeer peer = Connect();
        peer.Send(TestPeer.Message(new RpcHeader(program, 1, 9, (RpcMessageType)type, 5, RpcStatus.Ok)));
        Assert.True(peer.Call(TestProgram.Void).IsOk);
    }

    [Theory]
    [InlineData(1, "Unexpected message status 1")]
    [InlineData(2, "Unexpected message status 2")]
    [InlineData(-1, "Unexpected message status 4294967295")]
    public void A_call_has_the_status_OK(int status, string message)
    {
        Listen(Serve());
        TestPeer peer = Connect();
        peer.Send(TestPeer.Message(RpcHeader.Call(RpcPrograms.Remote, TestProgram.Void, 1) with { Status = (RpcStatus)status }));
        peer.Receive().AssertError(39, 7, message);
        Assert.True(peer.Call(TestProgram.Void).IsOk);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(9999)]
    [InlineData(315)]
    public void A_procedure_that_is_not_there_is_told_before_anybody_is_asked_who_he_is(int procedure)
    {
        PeerUser = 1000;
        Listen(Serve(), authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Connect();
        peer.Call(procedure).AssertError(39, 7, $"unknown procedure: {procedure}");
        peer.Call(TestProgram.Void).AssertError(39, 7, "authentication required");
        peer.Call(TestProgram.Echo).AssertError(39, 7, "authentication required");
    }

    [Fact]
    public void Descriptors_that_are_announced_are_skipped()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        foreach (uint count in new uint[] { 0, 1, 32 })
        {
            peer.Send([.. WithDescriptors(TestProgram.Echo, count), .. new byte[count]]);
            Assert.Equal($"with {count}", peer.Receive().Text);
        }

        Assert.True(peer.Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void Too_many_descriptors_end_the_connection()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        peer.Send(WithDescriptors(TestProgram.Echo, 33));
        peer.AssertEnds();
        TestPeer other = Connect();
        other.Send(TestPeer.Message(RpcHeader.Call(RpcPrograms.Remote, TestProgram.Void, 1) with { Type = RpcMessageType.CallWithDescriptors }));
        other.AssertEnds();
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 4, 65, 65 })]
    [InlineData(new byte[] { 0, 0, 0, 1, 65 })]
    [InlineData(new byte[] { 0, 64, 0, 1, 65, 65, 65, 65 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 65, 65, 65, 65 })]
    public void Arguments_that_are_none_fail_their_call(byte[] payload)
    {
        Listen(Serve());
        TestPeer peer = Connect();
        foreach (int procedure in new[] { TestProgram.Echo, TestProgram.Work })
        {
            byte[] message = [.. TestPeer.Call(procedure, 1), .. payload];
            BinaryPrimitives.WriteUInt32BigEndian(message, (uint)message.Length);
            peer.Send(message);
            peer.Receive().AssertError(39, 7, "Unable to decode message payload");
        }

        Assert.True(peer.Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void Octets_behind_the_arguments_and_padding_that_is_not_zero_do_not_matter()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        byte[] message = [.. TestPeer.Call(TestProgram.Echo, 1), 0, 0, 0, 1, 65, 1, 2, 3, 9, 9, 9];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)message.Length);
        peer.Send(message);
        Assert.Equal("A", peer.Receive().Text);
    }

    [Fact]
    public void Octets_that_are_no_text_pass_through()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        byte[] message = [.. TestPeer.Call(TestProgram.Echo, 1), 0, 0, 0, 4, 0xFF, 0xC0, 65, 0x80];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)message.Length);
        peer.Send(message);
        Assert.Equal([0, 0, 0, 4, 0xFF, 0xC0, 65, 0x80], peer.Receive().Payload);
    }

    [Fact]
    public void An_error_that_quotes_four_megabytes_is_sent_all_the_same()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        RpcAnswer answer = peer.Call(TestProgram.FailOnce, static writer => writer.WriteString(new string('x', RpcFrame.StringMaximum)));
        Assert.Equal(RpcErrorCode.InternalError, answer.Error!.Code);
        Assert.InRange(answer.Payload.Length, 10_000, 200_000);
    }

    [Fact]
    public void Serials_are_the_callers_affair_and_octets_may_come_one_by_one()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        foreach (uint serial in new uint[] { 0, 5, 5, uint.MaxValue })
        {
            foreach (byte octet in TestPeer.Call(TestProgram.Echo, serial, static writer => writer.WriteString("drop by drop")))
            {
                peer.Send([octet]);
                Settle();
            }

            RpcAnswer answer = peer.Receive();
            Assert.Equal((serial, "drop by drop"), (answer.Header.Serial, answer.Text));
        }
    }

    [Fact]
    public void Every_way_to_cut_a_row_of_messages_gives_the_same_answers()
    {
        Listen(Serve());
        byte[] row =
        [
            .. TestPeer.Call(TestProgram.Echo, 1, static writer => writer.WriteString("one")),
            .. KeepAlive.Ping,
            .. TestPeer.Call(TestProgram.Void, 2),
            .. TestPeer.Call(9999, 3),
            .. TestPeer.Call(TestProgram.Echo, 4, static writer => writer.WriteString("four")),
        ];
        for (int cut = 0; cut <= row.Length; cut++)
        {
            TestPeer peer = Connect();
            peer.Send(row.AsSpan(0, cut));
            Settle();
            peer.Send(row.AsSpan(cut));
            Assert.Equal("one", peer.Receive().Text);
            Assert.Equal(RpcPrograms.KeepAlive, peer.Receive().Header.Program);
            Assert.Equal([2u, 3u, 4u], Enumerable.Range(0, 3).Select(_ => peer.Receive().Header.Serial));
            Leave(peer);
        }
    }

    [Fact]
    public void A_ping_is_answered_and_other_keepalive_is_not()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        peer.Send(KeepAlive.Pong);
        peer.Send(TestPeer.Message(new RpcHeader(RpcPrograms.KeepAlive, 1, 9, RpcMessageType.Message, 0, RpcStatus.Ok)));
        peer.Send(TestPeer.Message(new RpcHeader(RpcPrograms.KeepAlive, 2, 1, RpcMessageType.Message, 0, RpcStatus.Ok)));
        peer.Send(TestPeer.Message(
            new RpcHeader(RpcPrograms.KeepAlive, 1, 1, RpcMessageType.Message, 0, RpcStatus.Ok), static writer => writer.WriteInt64(1)));
        RpcAnswer pong = peer.Receive();
        Assert.Equal((RpcPrograms.KeepAlive, 2), (pong.Header.Program, pong.Header.Procedure));
        Assert.True(peer.Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void A_stranger_has_a_small_maximum()
    {
        PeerUser = 1000;
        Listen(Serve(), authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Connect();
        byte[] octets = new byte[RpcLimits.AnonymousMessageMaximum];
        TestPeer.Call(9999, 1).CopyTo(octets, 0);
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)octets.Length);
        peer.Send(octets);
        peer.Receive().AssertError(39, 7, "unknown procedure: 9999");
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)octets.Length + 4);
        peer.Send(octets.AsSpan(0, 4));
        peer.AssertEnds();
    }

    private static byte[] WithDescriptors(int procedure, uint count) => TestPeer.Message(
        RpcHeader.Call(RpcPrograms.Remote, procedure, 1) with { Type = RpcMessageType.CallWithDescriptors },
        writer =>
        {
            writer.WriteUInt32(count);
            writer.WriteString($"with {count}");
        });
}
