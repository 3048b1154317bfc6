using System;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>Errors say what libvirtd says: clients compare the words.</summary>
public sealed class RpcErrorTests
{
    public static TheoryData<RpcError, int, int, string> Sentences => new()
    {
        { RpcError.UnknownProcedure(9999), 39, 7, "unknown procedure: 9999" },
        { RpcError.UnknownProcedure(-1), 39, 7, "unknown procedure: -1" },
        { RpcError.CannotFindProgram(RpcPrograms.KeepAlive, 1), 39, 7, "Cannot find program 1801807216 version 1" },
        { RpcError.CannotFindProgram(0x2000_8086, 2), 39, 7, "Cannot find program 536903814 version 2" },
        { RpcError.CannotFindProgram(0xFFFF_FFFE, 0xFFFF_FFFF), 39, 7, "Cannot find program -2 version -1" },
        { RpcError.UnexpectedStatus((RpcStatus)(-1)), 39, 7, "Unexpected message status 4294967295" },
        { RpcError.UnexpectedStatus(RpcStatus.Continue), 39, 7, "Unexpected message status 2" },
        { RpcError.UndecodablePayload, 39, 7, "Unable to decode message payload" },
        { RpcError.AuthenticationRequired, 39, 7, "authentication required" },
        { RpcError.AuthenticationFailed, 45, 7, "authentication failed: authentication failed" },
        { RpcError.ConnectionNotOpen, 1, 7, "internal error: connection not open" },
        { RpcError.ConnectionAlreadyOpen, 1, 7, "internal error: connection already open" },
        { RpcError.ReadOnly("virInterfaceCreate"), 29, 26, "operation forbidden: read only access prevents virInterfaceCreate" },
        { RpcError.InterfaceNotFound("x%s"), 57, 26, "Interface not found: couldn't find interface named 'x%s'" },
        { RpcError.NodeDeviceNotFound("net_x"), 53, 22, "Node device not found: no node device with matching name 'net_x'" },
        { RpcError.ServerNotFound("nosuch"), 95, 7, "Server not found: No server named 'nosuch'" },
        { RpcError.ClientNotFound(99999), 96, 7, "Client not found: No client with matching ID '99999'" },
        { RpcError.XmlError("Invalid value"), 27, 5, "XML error: Invalid value" },
        {
            RpcError.OperationInvalid(RpcErrorDomain.Interface, "there is another transaction running."), 55, 26,
            "Requested operation is not valid: there is another transaction running."
        },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void The_words_and_the_numbers_are_libvirts(RpcError error, int code, int domain, string message)
    {
        ArgumentNullException.ThrowIfNull(error);
        Assert.Equal((code, domain, message), ((int)error.Code, (int)error.Domain, error.Message));
        Assert.Equal((-1, -1), (error.Number1, error.Number2));
    }

    [Fact]
    public void An_error_of_the_protocol_has_the_pattern_that_libvirt_gives_it()
    {
        RpcError error = RpcError.UnknownProcedure(5);
        Assert.Equal(("%s", "unknown procedure: 5", null), (error.Text1, error.Text2, error.Text3));
    }

    [Fact]
    public void Unknown_flags_name_the_function()
    {
        RpcError error = RpcError.UnsupportedFlags(RpcErrorDomain.Interface, "udevInterfaceGetXMLDesc", 0x12);
        Assert.Equal("unsupported flags (0x12) in function udevInterfaceGetXMLDesc", error.Message);
        Assert.Equal(("udevInterfaceGetXMLDesc", "flags", 0, 0), (error.Text1, error.Text2, error.Number1, error.Number2));
    }

    [Fact]
    public void An_error_that_names_a_domain_and_a_network_is_read()
    {
        byte[] uuid = new byte[16];
        byte[] octets = new Wire().I32(42).I32(10).Some("Domain not found").I32(2).U32(1).Text("guest").Raw(uuid).I32(-1)
            .None().Some("two").None().I32(3).I32(4).U32(1).Text("default").Raw(uuid).Octets();
        XdrReader reader = new(octets);
        Assert.True(RpcError.TryRead(ref reader, out RpcError? error));
        Assert.Equal(new RpcError((RpcErrorCode)42, (RpcErrorDomain)10, "Domain not found", null, "two", null, 3, 4), error);
        Assert.Equal(0, reader.Remaining);
        for (int length = 0; length < octets.Length; length++)
        {
            XdrReader cut = new(octets.AsSpan(0, length));
            Assert.False(RpcError.TryRead(ref cut, out _));
        }
    }

    [Fact]
    public void An_error_that_quotes_4_MiB_can_be_sent()
    {
        XdrWriter writer = new();
        RpcHeader call = RpcHeader.Call(RpcPrograms.Remote, 128, 1);
        RpcFrame.WriteError(writer, call, RpcError.InterfaceNotFound(new string('x', RpcFrame.StringMaximum)));
        Assert.False(writer.IsOverflown);
        Assert.InRange(writer.Length, 28, 4 * RpcError.TextMaximum);
        Assert.True(RpcFrame.TryReadLength(writer.Written, out int length));
        Assert.Equal(writer.Length, length);
        XdrReader reader = new(writer.Written[28..]);
        Assert.True(RpcError.TryRead(ref reader, out RpcError? error));
        Assert.StartsWith("Interface not found: couldn't find interface named 'xxx", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_cut_between_characters()
    {
        for (int shift = 0; shift < 2; shift++)
        {
            XdrWriter writer = new();
            RpcError.Protocol(new string('a', shift) + string.Concat(System.Linq.Enumerable.Repeat("😀", RpcError.TextMaximum))).Write(writer);
            XdrReader reader = new(writer.Written);
            Assert.True(RpcError.TryRead(ref reader, out RpcError? error));
            Assert.EndsWith("😀", error!.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\uFFFD', error.Message!);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(60, true)]
    [InlineData(66, true)]
    [InlineData(131, true)]
    [InlineData(132, true)]
    [InlineData(134, true)]
    [InlineData(156, true)]
    [InlineData(284, true)]
    [InlineData(360, true)]
    [InlineData(7, false)]
    [InlineData(114, false)]
    [InlineData(130, false)]
    [InlineData(133, false)]
    [InlineData(220, false)]
    [InlineData(221, false)]
    [InlineData(222, false)]
    [InlineData(376, false)] // an event
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(9999, false)]
    public void Procedures_that_never_wait_have_priority(int procedure, bool isHigh)
    {
        Assert.Equal(isHigh, RemoteProcedures.IsHighPriority(procedure));
    }
}
