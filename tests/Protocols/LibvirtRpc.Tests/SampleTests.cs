using System;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>Messages of libvirtd and virsh are read, and written again octet by octet.</summary>
public sealed class SampleTests
{
    private static readonly InterfaceReference Ethernet = new("eth1", "aa:bb:cc:dd:ee:ff");

    [Fact]
    public void Authentication_methods_are_asked_for_and_told()
    {
        Holds(Samples.AuthListCall, Call(RemoteProcedure.AuthList, 0), default(EmptyValue));
        AuthListResult read = Read<AuthListResult>(Samples.AuthListReply, Reply(RemoteProcedure.AuthList, 0));
        Assert.Equal([AuthenticationMethod.None], read.Methods);
        Assert.Equal(Samples.AuthListReply, Write(Reply(RemoteProcedure.AuthList, 0), read));
        XdrWriter writer = new();
        AuthListResult.Write(writer, AuthenticationMethod.None);
        Assert.Equal(Samples.AuthListReply[28..], writer.Written.ToArray());
    }

    [Fact]
    public void A_feature_is_asked_for_and_told()
    {
        Holds(Samples.SupportsFeatureCall, Call(RemoteProcedure.ConnectSupportsFeature, 1), new NumberValue((int)RemoteFeature.KeepAlive));
        Holds(Samples.SupportsFeatureReply, Reply(RemoteProcedure.ConnectSupportsFeature, 1), new NumberValue(1));
    }

    [Fact]
    public void A_connection_is_opened()
    {
        Holds(Samples.OpenCall, Call(RemoteProcedure.ConnectOpen, 2), new OptionalTextFlagsValue("interface:///system", 0));
    }

    [Fact]
    public void All_interfaces_are_listed()
    {
        Holds(Samples.ListAllCall, Call(RemoteProcedure.ConnectListAllInterfaces, 6), new ListAllValue(true, 3));
        RpcHeader header = Reply(RemoteProcedure.ConnectListAllInterfaces, 6);
        InterfaceListResult read = Read<InterfaceListResult>(Samples.ListAllReply, header);
        Assert.Equal([Ethernet], read.Interfaces);
        Assert.Equal(1u, read.Count);
        Assert.Equal(Samples.ListAllReply, Write(header, read));
    }

    [Fact]
    public void An_interface_is_asked_whether_it_is_active()
    {
        Holds(Samples.IsActiveCall, Call(RemoteProcedure.InterfaceIsActive, 7), Ethernet);
        Holds(Samples.IsActiveReply, Reply(RemoteProcedure.InterfaceIsActive, 7), new NumberValue(1));
        XdrReader reader = new(Samples.IsActiveCall.AsSpan(28));
        Assert.True(InterfaceReference.TryReadOctets(ref reader, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> address));
        Assert.True(name.SequenceEqual("eth1"u8));
        Assert.True(address.SequenceEqual("aa:bb:cc:dd:ee:ff"u8));
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void An_interface_is_started()
    {
        Holds(Samples.CreateCall, Call(RemoteProcedure.InterfaceCreate, 16), new InterfaceFlagsArguments(Ethernet, 0));
        Holds(Samples.CreateReply, Reply(RemoteProcedure.InterfaceCreate, 16), default(EmptyValue));
    }

    [Fact]
    public void Errors_read_and_write_as_libvirtd_writes_them()
    {
        HoldsError(Samples.LookupError, Call(RemoteProcedure.InterfaceLookupByName, 6), RpcError.InterfaceNotFound("nosuch"));
        HoldsError(Samples.CreateError, Call(RemoteProcedure.InterfaceCreate, 16), RpcError.OperationInvalid(RpcErrorDomain.Test));
    }

    [Fact]
    public void A_ping_is_a_ping()
    {
        Assert.Equal(Samples.Ping, KeepAlive.Ping.ToArray());
        Assert.True(RpcHeader.TryParse(KeepAlive.Ping[4..], out RpcHeader ping));
        Assert.Equal(KeepAliveMessage.Ping, KeepAlive.Classify(ping));
        Assert.True(RpcHeader.TryParse(KeepAlive.Pong[4..], out RpcHeader pong));
        Assert.Equal(KeepAliveMessage.Pong, KeepAlive.Classify(pong));
        Assert.Equal(ping with { Procedure = 2 }, pong);
        Assert.True(RpcFrame.TryReadLength(KeepAlive.Pong, out int length));
        Assert.Equal(KeepAlive.Size, length);
    }

    [Fact]
    public void An_event_has_the_header_that_libvirtd_gives_it()
    {
        Assert.True(RpcHeader.TryParse(Samples.NetworkEvent.AsSpan(4), out RpcHeader header));
        Assert.Equal(RpcHeader.Event(RpcPrograms.Remote, 315), header);
        XdrReader reader = new(Samples.NetworkEvent.AsSpan(28));
        Assert.True(reader.TryReadInt32(out int callback) && reader.TryReadString(out string name)
            && reader.TryReadFixedOpaque(16, out ReadOnlySpan<byte> uuid)
            && reader.TryReadInt32(out int what) && reader.TryReadInt32(out int detail) && reader.Remaining == 0
            && (callback, name, what, detail) == (0, "default", 3, 0) && uuid[1] == 0x11);
    }

    private static RpcHeader Call(RemoteProcedure procedure, uint serial) => RpcHeader.Call(RpcPrograms.Remote, (int)procedure, serial);

    private static RpcHeader Reply(RemoteProcedure procedure, uint serial) => Call(procedure, serial).Reply(RpcStatus.Ok);

    private static void Holds<T>(byte[] sample, RpcHeader header, T value)
        where T : struct, IXdrValue<T>
    {
        Assert.Equal(value, Read<T>(sample, header));
        Assert.Equal(sample, Write(header, value));
    }

    private static T Read<T>(byte[] sample, RpcHeader header)
        where T : struct, IXdrValue<T>
    {
        XdrReader reader = Payload(sample, header);
        Assert.True(T.TryRead(ref reader, out T value));
        Assert.Equal(0, reader.Remaining);
        return value;
    }

    private static XdrReader Payload(byte[] sample, RpcHeader header)
    {
        Assert.True(RpcFrame.TryReadLength(sample, out int length));
        Assert.Equal(sample.Length, length);
        Assert.True(RpcHeader.TryParse(sample.AsSpan(RpcFrame.LengthSize), out RpcHeader read));
        Assert.Equal(header, read);
        return new XdrReader(sample.AsSpan(RpcFrame.MinimumLength));
    }

    private static byte[] Write<T>(RpcHeader header, T value)
        where T : struct, IXdrValue<T>
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, header);
        value.Write(writer);
        Assert.True(RpcFrame.End(writer, start));
        return writer.Written.ToArray();
    }

    private static void HoldsError(byte[] sample, RpcHeader call, RpcError error)
    {
        XdrReader reader = Payload(sample, call.Reply(RpcStatus.Error));
        Assert.True(RpcError.TryRead(ref reader, out RpcError? read));
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(error, read);
        XdrWriter writer = new();
        RpcFrame.WriteError(writer, call, error);
        Assert.Equal(sample, writer.Written.ToArray());
    }
}
