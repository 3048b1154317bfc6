using System;
using Spindle.Protocols.LibvirtRpc.Admin;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>Octets in the tests of another client, go-libvirt (digitalocean/go-libvirt, libvirttest/libvirt.go): what its authors take for a libvirtd's.</summary>
public sealed class OlderSampleTests
{
    [Fact]
    public void The_version_of_the_library_is_told()
    {
        byte[] reply = Wire.Hex("00000024 20008086 00000001 0000009d 00000001 00000000 00000000 00000000000f4dfc").Octets();
        Assert.True(RpcFrame.TryReadLength(reply, out int length));
        Assert.Equal(reply.Length, length);
        Assert.True(RpcHeader.TryParse(reply.AsSpan(RpcFrame.LengthSize), out RpcHeader header));
        Assert.Equal(RpcHeader.Call(RpcPrograms.Remote, (int)RemoteProcedure.ConnectGetLibVersion, 0).Reply(RpcStatus.Ok), header);
        XdrReader reader = new(reply.AsSpan(RpcFrame.MinimumLength));
        Assert.True(VersionValue.TryRead(ref reader, out VersionValue version));
        Assert.Equal((1_003_004ul, 0), (version.Version, reader.Remaining));
    }

    [Fact]
    public void Typed_parameters_are_read_and_written_again()
    {
        byte[] octets = Wire.Hex("00000004"
            + "0000000b 73746174652e7374617465 00 00000001 00000001" // state.state
            + "0000000c 73746174652e726561736f6e 00000001 00000002" // state.reason
            + "0000000f 77726974655f62797465735f736563 00 00000004 000000000007a120" // write_bytes_sec
            + "0000000a 67726f75705f6e616d65 0000 00000007 00000008 736f6d656e616d65").Octets(); // group_name
        XdrReader reader = new(octets);
        Assert.True(AdminParametersResult.TryRead(ref reader, out AdminParametersResult read));
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(
            [new("state.state", 1), new("state.reason", 2), new("write_bytes_sec", 500_000ul), new("group_name", "somename")],
            read.Parameters);
        XdrWriter writer = new();
        read.Write(writer);
        Assert.True(writer.Written.SequenceEqual(octets));
    }
}
