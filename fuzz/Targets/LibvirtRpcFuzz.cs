using System;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Fuzz.Targets;

/// <summary>libvirt's packets: the length, the header, and every payload read as every shape there is.</summary>
public static class LibvirtRpcFuzz
{
    private delegate bool Reading(ReadOnlySpan<byte> payload, XdrWriter writer);

    private static readonly Reading[] Shapes =
    [
        Read<NumberValue>, Read<VersionValue>, Read<TextValue>, Read<OptionalTextValue>, Read<FlagsValue>, Read<TextFlagsValue>,
        Read<OptionalTextFlagsValue>, Read<ListAllValue>, Read<TextListValue>, Read<TypedParameter>, Read<AuthListResult>,
        Read<SaslStartArguments>, Read<SaslStepArguments>, Read<SaslResult>, Read<NodeInfo>, Read<InterfaceReference>,
        Read<InterfaceFlagsArguments>, Read<InterfaceListResult>, Read<NodeListDevicesArguments>, Read<NodeDeviceListCapsArguments>,
        Read<NodeDeviceListResult>, Read<NodeDeviceEventRegisterArguments>, Read<NodeDeviceLifecycleEvent>,
        Read<NodeDeviceUpdateEvent>, Read<AdminClient>, Read<AdminClientFlagsArguments>, Read<AdminListClientsArguments>,
        Read<AdminLookupClientArguments>, Read<AdminDaemonTimeoutArguments>, Read<AdminLoggingOutputsResult>,
        Read<AdminLoggingFiltersResult>, Read<InterfaceNamesResult>, Read<AdminServerParametersResult>, Read<AdminServerListResult>, Read<AdminClientListResult>, Read<AdminParametersResult>,
        Read<AdminSetParametersArguments>, ReadError,
    ];

    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new("libvirt-rpc", Corpus(), Run);

    private static byte[][] Corpus() =>
    [
        // Of libvirtd 9.0.0 and virsh: authentication methods, a feature, open, all interfaces, is active, an event, a ping.
        Hex("0000001c20008086000000010000004200000000" + "0000000000000000"),
        Hex("000000202000808600000001" + "0000003c0000000000000001" + "00000000" + "0000000a"),
        Hex("0000003c2000808600000001" + "000000010000000000000002" + "00000000" + "00000001" + "00000013"
            + "696e746572666163653a2f2f2f73797374656d00" + "00000000"),
        Hex("0000004420008086000000010000011c00000001" + "0000000600000000" + "00000001" + "0000000465746831"
            + "0000001161613a62623a63633a64643a65653a6666000000" + "00000001"),
        Hex("0000003c2000808600000001" + "0000009c0000000000000007" + "00000000" + "0000000465746831"
            + "0000001161613a62623a63633a64643a65653a6666000000"),
        Hex("0000001c6b6565700000000100000001" + "000000020000000000000000"),
        Message(59, new TextValue("host.example.net\uDCFFé")),
        Message(6, new NodeInfo("x86_64", 16_000_000, 8, 2400, 1, 1, 4, 2)),
        Message(68, new SaslStartArguments("PLAIN", [0, 1, 255])),
        Message(117, new TextListValue(["net", "pci", ""])),
        Message(376, new NodeDeviceLifecycleEvent(1, "net_veth9", NodeDeviceLifecycle.Deleted, 0)),
        Message(8, new AdminClientListResult([new("virtinterfaced", 7, 1_700_000_000, AdminTransport.Tls)], 1)),
        Message(7, new AdminSetParametersArguments("virtinterfaced",
            [new("maxWorkers", 20u), new("a", -1), new("b", 1L), new("c", 2UL), new("d", 0.5), new("e", true), new("f", "text")], 0)),
        Error(RpcError.InterfaceNotFound("nosuch")),
    ];

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    private static byte[] Message<T>(int procedure, T value)
        where T : struct, IXdrValue<T>
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, RpcHeader.Call(RpcPrograms.Remote, procedure, 1));
        value.Write(writer);
        RpcFrame.End(writer, start);
        return writer.Written.ToArray();
    }

    private static byte[] Error(RpcError error)
    {
        XdrWriter writer = new();
        RpcFrame.WriteError(writer, RpcHeader.Call(RpcPrograms.Remote, 128, 1), error);
        return writer.Written.ToArray();
    }

    private static void Run(byte[] input)
    {
        if (input.Length < RpcFrame.MinimumLength)
        {
            Law(!RpcHeader.TryParse(input.AsSpan(0, Math.Min(input.Length, RpcHeader.Size - 1)), out _), "half a header is none");
            return;
        }

        bool isLength = RpcFrame.TryReadLength(input, out int length);
        Law(isLength ? length is >= RpcFrame.MinimumLength and <= RpcFrame.MaximumLength : length == 0, "a length is in its bounds");
        Law(RpcHeader.TryParse(input.AsSpan(RpcFrame.LengthSize), out RpcHeader header), "any 24 octets are a header");
        Span<byte> written = stackalloc byte[RpcHeader.Size];
        header.Write(written);
        Law(written.SequenceEqual(input.AsSpan(RpcFrame.LengthSize, RpcHeader.Size)), "a header is written as it was");
        _ = KeepAlive.Classify(header);
        _ = RemoteProcedures.IsHighPriority(header.Procedure);
        ReadPayload(input.AsSpan(RpcFrame.MinimumLength));
    }

    private static void ReadPayload(ReadOnlySpan<byte> payload)
    {
        XdrWriter writer = new();
        foreach (Reading shape in Shapes)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            shape(payload, writer);
            long spent = GC.GetAllocatedBytesForCurrentThread() - before;
            Law(spent <= 64 * 1024 + (64L * payload.Length), "memory is bounded by the size of what is read");
        }
    }

    // Whatever reads, writes; what it writes reads as the same again, and takes no more octets than were read.
    private static bool Read<T>(ReadOnlySpan<byte> payload, XdrWriter writer)
        where T : struct, IXdrValue<T>
    {
        XdrReader reader = new(payload);
        if (!T.TryRead(ref reader, out T value))
        {
            return false;
        }

        writer.Reset();
        value.Write(writer);
        Law(!writer.IsOverflown && writer.Length <= payload.Length - reader.Remaining, "what was read fits where it was");
        byte[] once = writer.Written.ToArray();
        XdrReader again = new(once);
        Law(T.TryRead(ref again, out T same) && again.Remaining == 0, "what is written reads back");
        writer.Reset();
        same.Write(writer);
        Law(writer.Written.SequenceEqual(once), "what reads back is the same");
        return true;
    }

    private static bool ReadError(ReadOnlySpan<byte> payload, XdrWriter writer)
    {
        XdrReader reader = new(payload);
        if (!RpcError.TryRead(ref reader, out RpcError? error))
        {
            return false;
        }

        writer.Reset();
        error!.Write(writer);
        XdrReader again = new(writer.Written);
        Law(RpcError.TryRead(ref again, out RpcError? same) && same == error && again.Remaining == 0, "an error reads back");
        return true;
    }

    private static void Law(bool holds, string law)
    {
        if (!holds)
        {
            throw new InvalidOperationException(law);
        }
    }
}
